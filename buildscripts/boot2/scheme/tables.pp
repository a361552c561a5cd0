# ----------------------------------------------------------------------
# Tables
# ----------------------------------------------------------------------
section rodata
align 4
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

# Instruction, the branch if it fails, the branch if it holds
branches:
        dd      op_less, br_less, br_not_less
        dd      op_greater, br_greater, br_not_greater
        dd      op_not_less, br_not_less, br_less
        dd      op_not_greater, br_not_greater, br_greater
        dd      op_equal, br_equal, br_not_equal
        dd      op_is_eq, br_eq, br_not_eq
        dd      op_is_pair, br_pair, br_not_pair
        dd      op_is_null, br_null, br_not_null
        dd      op_is_zero, br_zero, br_not_zero
        dd      0

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
        db      "a", 7, "b", 8, "t", 9, "n", 10, "r", 13, "\\\\", '"', '"', "||", 0

text_no_memory: db      "scheme: out of memory\n"
text_no_memory_end:

section data
primitives_end:

# ----------------------------------------------------------------------
# Variables: words. Those up to roots_end hold values.
# ----------------------------------------------------------------------
%macro variables name, *rest
{name}: space   4
%if "{rest}" != ""
        variables {rest}
%end
%end
section bss
align 4
roots:
        variables root_eax, root_ebx, kept_value, kept_table, frames, symbols, native_closure, underflow_closure
hooks:                                  # %set-hook! counts from 0
        variables hook_error, hook_and, hook_or, hook_xor, hook_shift, hook_add, hook_multiply, hook_subtract
        variables hook_less, hook_greater, hook_not_greater, hook_not_less, hook_equal, hook_token, hook_escape
        variables hook_lambda, hook_define, symbol_quote, symbol_quasiquote, symbol_unquote, symbol_unquote_splicing
hook_main: space 4
input:  space   4                       # %port 0; output is %port 1
        variables output, source, text, lines, lines_next
        variables env, form, name, file                  # of the compiler
        variables lambda, code_buffer, code_lines
roots_end:
        variables start_stack, stack_low, stack_limit, stack_base, heap_base, break_end
stack_floor: space 4                    # where arguments of apply may come at most
        variables space_low, space_bytes, heap_end              # of the space at hand
heap_limit: space 4                     # heap_end; 0 if every allocation is to collect
        variables from_low, from_bytes, collections             # what is being copied
        variables kept_ecx, kept_ebp, kept_esi, kept_edi        # of primitives and the collector, while they run
        variables kept_type, kept_count, kept_args, kept_entry, kept_return, hash_parts
        variables a_sign, a_count, a_digits, a_digit            # numbers: what describe fills in
        variables b_sign, b_count, b_digits, b_digit
        variables r_object, r_count, r_digits, u_digits, u_count
        variables line, read_byte                                 # line: of the form that is compiled
        variables assigned, last, code_next, code_start, code_line, depth, no_environment
digits: space   40
digits_end:
