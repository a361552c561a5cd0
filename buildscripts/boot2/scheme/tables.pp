# ----------------------------------------------------------------------
# Tables
# ----------------------------------------------------------------------
section rodata
align 4
# What expands the special forms, in the order of SPECIAL_*
specials:
        dd      special_quote, special_if, special_set, special_begin, special_lambda
        dd      special_define, special_let, special_and, special_or
        dd      special_define_syntax, special_let_syntax, special_let_syntax

# n-ary primitive, the instruction of two arguments, the unit as a fixnum or 0 for comparisons
folds:
        dd      prim_add, op_add, 1
        dd      prim_multiply, op_multiply, 3
        dd      prim_subtract, op_subtract, 1
        dd      prim_less, op_less, 0
        dd      prim_greater, op_greater, 0
        dd      prim_not_less, op_not_less, 0
        dd      prim_not_greater, op_not_greater, 0
        dd      prim_equal, op_equal, 0
        dd      0

# Instruction, the branch if it fails, the branch if it holds, both with a constant
branches:
        dd      op_less, br_less, br_not_less, bri_less, bri_not_less
        dd      op_greater, br_greater, br_not_greater, bri_greater, bri_not_greater
        dd      op_not_less, br_not_less, br_less, bri_not_less, bri_less
        dd      op_not_greater, br_not_greater, br_greater, bri_not_greater, bri_greater
        dd      op_equal, br_equal, br_not_equal, bri_equal, bri_not_equal
        dd      op_is_eq, br_eq, br_not_eq, bri_eq, bri_not_eq
        dd      op_is_pair, br_pair, br_not_pair, 0, 0
        dd      op_is_null, br_null, br_not_null, 0, 0
        dd      op_is_zero, br_zero, br_not_zero, 0, 0
        dd      0

# Instruction, the same with a constant
constant_forms:
        dd      op_add, op_add_const
        dd      op_subtract, op_subtract_const
        dd      op_vector_ref, op_vector_ref_const
        dd      0

immediate_names:
        dd      text_false, 2, text_true, 2, text_nil, 2
        dd      text_unspecified, 14, text_eof, 6, text_unbound, 10

# What a byte means where a datum can begin; those below READ_DELIMITERS also end a token
read_actions:
        dd      read_datum, read_list, read_close, read_comment, read_string
        dd      read_quote, read_quasiquote, read_unquote, read_hash, read_bar, read_other
read_table:
        fill    32, 0
        db      0, 10, 4, 8, 10, 10, 10, 5, 1, 2, 10, 10, 7, 10, 10, 10         # !"#$%&'()*+,-./
        db      10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 3, 10, 10, 10, 10   # 0 to 9, :;<=>?
        fill    27, 10                                                          # @, A to Z
        db      1, 10, 2, 10, 10, 6                                             # [\]^_`
        fill    27, 10                                                          # a to z, {
        db      9, 10, 10, 10                                                   # |}~

escapes:
        db      "a", 7, "b", 8, "t", 9, "n", 10, "r", 13, 0
character_names:
        db      ' ', 5, "space", 10, 7, "newline", 9, 3, "tab", 13, 6, "return", 0, 4, "null"
        db      0, 3, "nul", 27, 6, "escape", 27, 7, "altmode", 8, 9, "backspace", 7, 5, "alarm"
        db      127, 6, "delete", 127, 6, "rubout", 10, 8, "linefeed", 0, 0

special_names:
        db      "quote", 0, "if", 0, "set!", 0, "begin", 0, "lambda", 0, "define", 0, "let", 0
        db      "and", 0, "or", 0, "define-syntax", 0, "let-syntax", 0, "letrec-syntax", 0, 0
text_quote:     db      "quote", 0
text_quasiquote: db     "quasiquote", 0
text_unquote:   db      "unquote", 0
text_unquote_splicing: db "unquote-splicing", 0
text_lambda:    db      "lambda", 0
text_main:      db      "%main", 0
text_false:     db      "#f"
text_true:      db      "#t"
text_nil:       db      "()"
text_unspecified: db    "#<unspecified>"
text_eof:       db      "#<eof>"
text_unbound:   db      "#<unbound>"
text_no_memory: db      "scheme: out of memory\n"
text_no_memory_end:

%macro TABLED text, label, n, kind
        dd {label}
%if "{kind}" == "FIXED"
        db {n}, {n}, {text}, 0
%else
        db {n}, 255, {text}, 0
%end
%end
%macro TABLED4 text, label, n, m
        dd {label}
        db {n}, {m}, {text}, 0
%end
section data
        TABLED  "cons", op_cons, 2, FIXED
        TABLED  "car", op_car, 1, FIXED
        TABLED  "cdr", op_cdr, 1, FIXED
        TABLED  "caar", op_caar, 1, FIXED
        TABLED  "cadr", op_cadr, 1, FIXED
        TABLED  "cdar", op_cdar, 1, FIXED
        TABLED  "cddr", op_cddr, 1, FIXED
        TABLED  "caddr", op_caddr, 1, FIXED
        TABLED  "set-car!", op_set_car, 2, FIXED
        TABLED  "set-cdr!", op_set_cdr, 2, FIXED
        TABLED  "pair?", op_is_pair, 1, FIXED
        TABLED  "null?", op_is_null, 1, FIXED
        TABLED  "list?", op_is_list, 1, FIXED
        TABLED  "not", op_not, 1, FIXED
        TABLED  "eq?", op_is_eq, 2, FIXED
        TABLED  "eqv?", op_is_eqv, 2, FIXED
        TABLED  "equal?", op_is_equal, 2, FIXED
        TABLED  "char?", op_is_char, 1, FIXED
        TABLED  "string?", op_is_string, 1, FIXED
        TABLED  "symbol?", op_is_symbol, 1, FIXED
        TABLED  "vector?", op_is_vector, 1, FIXED
        TABLED  "bytevector?", op_is_bytes, 1, FIXED
        TABLED  "procedure?", op_is_procedure, 1, FIXED
        TABLED  "port?", op_is_port, 1, FIXED
        TABLED  "hash-table?", op_is_table, 1, FIXED
        TABLED  "%record?", op_is_record, 1, FIXED
        TABLED  "%values?", op_is_values, 1, FIXED
        TABLED  "%alias?", op_is_alias, 1, FIXED
        TABLED  "exact-integer?", op_is_integer, 1, FIXED
        TABLED  "%fixnum?", op_is_fixnum, 1, FIXED
        TABLED  "zero?", op_is_zero, 1, FIXED
        TABLED  "length", op_length, 1, FIXED
        TABLED  "reverse", op_reverse, 1, FIXED
        TABLED  "list-tail", op_list_tail, 2, FIXED
        TABLED  "%append", op_append, 2, FIXED
        TABLED  "memq", op_memq, 2, FIXED
        TABLED  "memv", op_memv, 2, FIXED
        TABLED  "%member", op_mem_equal, 2, FIXED
        TABLED  "assq", op_assq, 2, FIXED
        TABLED  "assv", op_assv, 2, FIXED
        TABLED  "%assoc", op_ass_equal, 2, FIXED
        TABLED  "list", prim_list, 0, VARIADIC
        TABLED  "vector", prim_vector, 0, VARIADIC
        TABLED  "%record", prim_record, 1, VARIADIC
        TABLED  "values", prim_values, 0, VARIADIC
        TABLED  "apply", prim_apply, 2, VARIADIC
        TABLED  "%apply-values", prim_apply_values, 2, FIXED
        TABLED  "%call/cc", prim_callcc, 1, FIXED
        TABLED  "%backtrace", prim_backtrace, 0, FIXED
        TABLED  "+", prim_add, 0, VARIADIC
        TABLED  "*", prim_multiply, 0, VARIADIC
        TABLED  "-", prim_subtract, 1, VARIADIC
        TABLED  "<", prim_less, 1, VARIADIC
        TABLED  ">", prim_greater, 1, VARIADIC
        TABLED  "<=", prim_not_greater, 1, VARIADIC
        TABLED  ">=", prim_not_less, 1, VARIADIC
        TABLED  "=", prim_equal, 1, VARIADIC
        TABLED  "quotient", op_quotient, 2, FIXED
        TABLED  "remainder", op_remainder, 2, FIXED
        TABLED  "modulo", op_modulo, 2, FIXED
        TABLED  "truncate-quotient", op_quotient, 2, FIXED
        TABLED  "truncate-remainder", op_remainder, 2, FIXED
        TABLED  "floor-quotient", op_floor_quotient, 2, FIXED
        TABLED  "floor-remainder", op_modulo, 2, FIXED
        TABLED  "%bit-and", op_bit_and, 2, FIXED
        TABLED  "%bit-or", op_bit_or, 2, FIXED
        TABLED  "%bit-xor", op_bit_xor, 2, FIXED
        TABLED  "arithmetic-shift", op_shift, 2, FIXED
        TABLED  "%set-hook!", op_set_hook, 2, FIXED
        TABLED  "char->integer", op_char_to_integer, 1, FIXED
        TABLED  "integer->char", op_integer_to_char, 1, FIXED
        TABLED  "string-length", op_string_length, 1, FIXED
        TABLED  "string-ref", op_string_ref, 2, FIXED
        TABLED  "string-set!", op_string_set, 3, FIXED
        TABLED  "bytevector-length", op_bytes_length, 1, FIXED
        TABLED  "bytevector-u8-ref", op_bytes_ref, 2, FIXED
        TABLED  "bytevector-u8-set!", op_bytes_set, 3, FIXED
        TABLED  "%make-string", op_make_string, 2, FIXED
        TABLED  "%make-bytes", op_make_bytes, 2, FIXED
        TABLED  "%copy!", op_copy_bytes, 5, FIXED
        TABLED  "%sub", op_sub, 3, FIXED
        TABLED  "string-append", prim_string_append, 0, VARIADIC
        TABLED  "bytevector-append", prim_bytes_append, 0, VARIADIC
        TABLED  "%compare", op_compare_strings, 2, FIXED
        TABLED  "%search-byte", op_search_byte, 3, FIXED
        TABLED  "string->symbol", op_string_to_symbol, 1, FIXED
        TABLED  "symbol->string", op_symbol_to_string, 1, FIXED
        TABLED  "%fixnum->string", op_fixnum_to_string, 2, FIXED
        TABLED  "%string->number", op_string_to_number, 2, FIXED
        TABLED  "%make-object", op_make_vector, 3, FIXED
        TABLED  "vector-length", op_vector_length, 1, FIXED
        TABLED  "vector-ref", op_vector_ref, 2, FIXED
        TABLED  "vector-set!", op_vector_set, 3, FIXED
        TABLED  "%vector-copy!", op_copy_vector, 5, FIXED
        TABLED  "list->vector", op_list_to_vector, 1, FIXED
        TABLED  "%ref", op_ref, 2, FIXED
        TABLED  "%set!", op_set, 3, FIXED
        TABLED  "%accessor", op_accessor, 3, FIXED
        TABLED  "%modifier", op_modifier, 3, FIXED
        TABLED  "%predicate", op_predicate, 3, FIXED
        TABLED  "%table-find", op_table_find, 2, FIXED
        TABLED  "%table-cell", op_table_cell, 2, FIXED
        TABLED  "hash-table-delete!", op_table_delete, 2, FIXED
        TABLED4 "read-char", prim_read_char, 0, 1
        TABLED4 "peek-char", prim_peek_char, 0, 1
        TABLED4 "read-u8", prim_read_u8, 0, 1
        TABLED4 "peek-u8", prim_peek_u8, 0, 1
        TABLED  "%read-part", op_read_part, 3, FIXED
        TABLED4 "write-char", prim_write_char, 1, 2
        TABLED4 "write-u8", prim_write_u8, 1, 2
        TABLED4 "newline", prim_newline, 0, 1
        TABLED4 "flush-output-port", prim_flush, 0, 1
        TABLED  "%write-part", op_write_part, 4, FIXED
        TABLED  "%make-port", op_make_port, 4, FIXED
        TABLED  "%port-content", op_port_content, 1, FIXED
        TABLED  "%port-ref", op_port_ref, 2, FIXED
        TABLED  "%port-set!", op_port_set, 3, FIXED
        TABLED  "%port", op_port, 1, FIXED
        TABLED  "%set-port!", op_set_port, 2, FIXED
        TABLED  "%print", op_print, 3, FIXED
        TABLED  "%system", op_system, 4, FIXED
        TABLED  "%spawn", op_spawn, 1, FIXED
        TABLED  "%exit", op_exit, 1, FIXED
        TABLED  "%arguments", op_arguments, 0, FIXED
        TABLED  "%read", op_read, 1, FIXED
primitives_end:

# ----------------------------------------------------------------------
# Variables
# ----------------------------------------------------------------------
section bss
align 4
roots:                                  # values
root_eax:       space   4
root_ebx:       space   4
kept_value:     space   4
kept_table:     space   4
frames:         space   4
symbols:        space   4
native_closure: space   4
underflow_closure: space 4
hooks:
hook_error:     space   4
hook_and:       space   4
hook_or:        space   4
hook_xor:       space   4
hook_shift:     space   4
input:          space   4
output:         space   4
source:         space   4
text:           space   4
lines:          space   4
symbol_quote:   space   4
symbol_quasiquote: space 4
symbol_unquote: space   4
symbol_unquote_splicing: space 4
alias_lambda:   space   4
env:            space   4
loops:          space   4
form:           space   4
name:           space   4
file:           space   4
lambda:         space   4
code_buffer:    space   4
code_lines:     space   4
lines_next:     space   4
roots_end:

start_stack:    space   4
stack_low:      space   4
stack_limit:    space   4
stack_floor:    space   4               # where arguments of apply may come at most
stack_base:     space   4
heap_base:      space   4
break_end:      space   4
space_low:      space   4               # of the space at hand
space_bytes:    space   4
heap_end:       space   4
heap_limit:     space   4               # heap_end; 0 if every allocation is to collect
from_low:       space   4               # what is being copied
from_bytes:     space   4
collections:    space   4
kept_ecx:       space   4
kept_ebp:       space   4
kept_esi:       space   4
kept_edi:       space   4
kept_type:      space   4               # of primitives, while they run
kept_count:     space   4
kept_args:      space   4
kept_entry:     space   4
kept_return:    space   4
hash_parts:     space   4
a_sign:         space   4               # numbers: what describe fills in
a_count:        space   4
a_digits:       space   4
a_digit:        space   4
b_sign:         space   4
b_count:        space   4
b_digits:       space   4
b_digit:        space   4
r_object:       space   4
r_count:        space   4
r_digits:       space   4
u_digits:       space   4
u_count:        space   4
v_digits:       space   4
bits_shifted:   space   4
step:           space   4
line:           space   4               # of the form that is compiled


read_byte:      space   4
radix:          space   4
parse_index:    space   4
parse_sign:     space   4
again:          space   4
code_next:      space   4
code_start:     space   4
code_line:      space   4
depth:          space   4
no_environment: space   4
digits:         space   40
digits_end:
