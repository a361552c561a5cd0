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

%macro FIXED text, entry, count
        dd      {entry}
        db      {count}, {count}, {text}, 0
%end
%macro VARIADIC text, entry, least
        dd      {entry}
        db      {least}, 255, {text}, 0
%end
%macro BETWEEN text, entry, least, most
        dd      {entry}
        db      {least}, {most}, {text}, 0
%end
primitives:
        FIXED   "cons", op_cons, 2
        FIXED   "car", op_car, 1
        FIXED   "cdr", op_cdr, 1
        FIXED   "caar", op_caar, 1
        FIXED   "cadr", op_cadr, 1
        FIXED   "cdar", op_cdar, 1
        FIXED   "cddr", op_cddr, 1
        FIXED   "caddr", op_caddr, 1
        FIXED   "set-car!", op_set_car, 2
        FIXED   "set-cdr!", op_set_cdr, 2
        FIXED   "pair?", op_is_pair, 1
        FIXED   "null?", op_is_null, 1
        FIXED   "list?", op_is_list, 1
        FIXED   "not", op_not, 1
        FIXED   "eq?", op_is_eq, 2
        FIXED   "eqv?", op_is_eqv, 2
        FIXED   "equal?", op_is_equal, 2
        FIXED   "char?", op_is_char, 1
        FIXED   "string?", op_is_string, 1
        FIXED   "symbol?", op_is_symbol, 1
        FIXED   "vector?", op_is_vector, 1
        FIXED   "bytevector?", op_is_bytes, 1
        FIXED   "procedure?", op_is_procedure, 1
        FIXED   "port?", op_is_port, 1
        FIXED   "hash-table?", op_is_table, 1
        FIXED   "%record?", op_is_record, 1
        FIXED   "%values?", op_is_values, 1
        FIXED   "%alias?", op_is_alias, 1
        FIXED   "exact-integer?", op_is_integer, 1
        FIXED   "%fixnum?", op_is_fixnum, 1
        FIXED   "zero?", op_is_zero, 1
        FIXED   "length", op_length, 1
        FIXED   "reverse", op_reverse, 1
        FIXED   "list-tail", op_list_tail, 2
        FIXED   "%append", op_append, 2
        FIXED   "memq", op_memq, 2
        FIXED   "memv", op_memv, 2
        FIXED   "%member", op_mem_equal, 2
        FIXED   "assq", op_assq, 2
        FIXED   "assv", op_assv, 2
        FIXED   "%assoc", op_ass_equal, 2
        VARIADIC "list", prim_list, 0
        VARIADIC "vector", prim_vector, 0
        VARIADIC "%record", prim_record, 1
        VARIADIC "values", prim_values, 0
        VARIADIC "apply", prim_apply, 2
        FIXED   "%apply-values", prim_apply_values, 2
        FIXED   "%call/cc", prim_callcc, 1
        FIXED   "%backtrace", prim_backtrace, 0
        VARIADIC "+", prim_add, 0
        VARIADIC "*", prim_multiply, 0
        VARIADIC "-", prim_subtract, 1
        VARIADIC "<", prim_less, 1
        VARIADIC ">", prim_greater, 1
        VARIADIC "<=", prim_not_greater, 1
        VARIADIC ">=", prim_not_less, 1
        VARIADIC "=", prim_equal, 1
        FIXED   "quotient", op_quotient, 2
        FIXED   "remainder", op_remainder, 2
        FIXED   "modulo", op_modulo, 2
        FIXED   "truncate-quotient", op_quotient, 2
        FIXED   "truncate-remainder", op_remainder, 2
        FIXED   "floor-quotient", op_floor_quotient, 2
        FIXED   "floor-remainder", op_modulo, 2
        FIXED   "%bit-and", op_bit_and, 2
        FIXED   "%bit-or", op_bit_or, 2
        FIXED   "%bit-xor", op_bit_xor, 2
        FIXED   "arithmetic-shift", op_shift, 2
        FIXED   "%set-hook!", op_set_hook, 2
        FIXED   "char->integer", op_char_to_integer, 1
        FIXED   "integer->char", op_integer_to_char, 1
        FIXED   "string-length", op_string_length, 1
        FIXED   "string-ref", op_string_ref, 2
        FIXED   "string-set!", op_string_set, 3
        FIXED   "bytevector-length", op_bytes_length, 1
        FIXED   "bytevector-u8-ref", op_bytes_ref, 2
        FIXED   "bytevector-u8-set!", op_bytes_set, 3
        FIXED   "%make-string", op_make_string, 2
        FIXED   "%make-bytes", op_make_bytes, 2
        FIXED   "%copy!", op_copy_bytes, 5
        FIXED   "%sub", op_sub, 3
        VARIADIC "string-append", prim_string_append, 0
        VARIADIC "bytevector-append", prim_bytes_append, 0
        FIXED   "%compare", op_compare_strings, 2
        FIXED   "%search-byte", op_search_byte, 3
        FIXED   "string->symbol", op_string_to_symbol, 1
        FIXED   "symbol->string", op_symbol_to_string, 1
        FIXED   "%fixnum->string", op_fixnum_to_string, 2
        FIXED   "%string->number", op_string_to_number, 2
        FIXED   "%make-object", op_make_vector, 3
        FIXED   "vector-length", op_vector_length, 1
        FIXED   "vector-ref", op_vector_ref, 2
        FIXED   "vector-set!", op_vector_set, 3
        FIXED   "%vector-copy!", op_copy_vector, 5
        FIXED   "list->vector", op_list_to_vector, 1
        FIXED   "%ref", op_ref, 2
        FIXED   "%set!", op_set, 3
        FIXED   "%accessor", op_accessor, 3
        FIXED   "%modifier", op_modifier, 3
        FIXED   "%predicate", op_predicate, 3
        FIXED   "%table-find", op_table_find, 2
        FIXED   "%table-cell", op_table_cell, 2
        FIXED   "hash-table-delete!", op_table_delete, 2
        BETWEEN "read-char", prim_read_char, 0, 1
        BETWEEN "peek-char", prim_peek_char, 0, 1
        BETWEEN "read-u8", prim_read_u8, 0, 1
        BETWEEN "peek-u8", prim_peek_u8, 0, 1
        FIXED   "%read-part", op_read_part, 3
        BETWEEN "write-char", prim_write_char, 1, 2
        BETWEEN "write-u8", prim_write_u8, 1, 2
        BETWEEN "newline", prim_newline, 0, 1
        BETWEEN "flush-output-port", prim_flush, 0, 1
        FIXED   "%write-part", op_write_part, 4
        FIXED   "%make-port", op_make_port, 4
        FIXED   "%port-content", op_port_content, 1
        FIXED   "%port-ref", op_port_ref, 2
        FIXED   "%port-set!", op_port_set, 3
        FIXED   "%port", op_port, 1
        FIXED   "%set-port!", op_set_port, 2
        FIXED   "%print", op_print, 3
        FIXED   "%system", op_system, 4
        FIXED   "%spawn", op_spawn, 1
        FIXED   "%exit", op_exit, 1
        FIXED   "%arguments", op_arguments, 0
        FIXED   "%read", op_read, 1
        FIXED   "%compile", op_compile, 1
        FIXED   "%alias", op_alias, 2
        FIXED   "%keyword", op_keyword, 1
        FIXED   "%expand-macro", op_expand_macro, 1
        FIXED   "%means?", op_means, 4
        FIXED   "%strip", op_strip, 1
        FIXED   "%lines!", op_lines, 2
        FIXED   "%type", op_type, 1
        FIXED   "%place", op_place, 0
        FIXED   "%collections", op_collections, 0
primitives_end:
align 4

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
patches:        space   4
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
lines_count:    space   4
lines_next:     space   4
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
