# ----------------------------------------------------------------------
# Errors: eax = what is wrong. They call the Scheme procedure [hook_error] with where it is,
# (file . line) or #f if that is the procedure at hand, a list, and the text.
# ----------------------------------------------------------------------
%macro ERROR name, text, *where
{name}:
        with    ebp, {name}.text, jmp raise{where}
section rodata
{name}.text:
        db      {text}, 0
section text
%end

        ERROR   not_pair, "not a pair"
        ERROR   not_list, "not a list"
        ERROR   not_number, "not a number"
        ERROR   not_index, "not an index"
        ERROR   out_of_range, "out of range"
        ERROR   not_char, "not a character"
        ERROR   not_char_code, "no character has this code"
        ERROR   not_byte, "not a byte"
        ERROR   not_string, "not a string"
        ERROR   not_bytes, "not a bytevector"
        ERROR   not_symbol, "not a symbol"
        ERROR   not_vector, "not a vector"
        ERROR   not_table, "not a hash table"
        ERROR   not_port, "not a port of this kind"
        ERROR   port_closed, "the port is closed"
        ERROR   cannot_read, "cannot be read"
        ERROR   cannot_write, "cannot be written"
        ERROR   not_procedure, "not a procedure"
        ERROR   wrong_arguments, "wrong number of arguments"
        ERROR   too_large, "too large"
        ERROR   number_too_large, "the number is too large"
        ERROR   divided_by_zero, "division by zero"
        ERROR   too_deep, "nested too deeply"
        ERROR   too_many_arguments, "too many arguments"
        ERROR   unbound, "unbound variable"
        ERROR   not_a_variable_yet, "a variable is used before it is defined"
        ERROR   bad_syntax, "bad syntax"
        ERROR   not_identifier, "not an identifier"
        ERROR   not_variable, "a keyword is no variable"
        ERROR   bad_dot, "a dot where none can be", _reading
        ERROR   unexpected_end, "the file ends within a datum", _reading
        ERROR   unexpected_closing, "a ) where a datum is needed", _reading
        ERROR   wrong_type, "wrong type of record", _list # (accessor value); where is on the stack

not_index_edx:
        with    eax, edx, jmp not_index
not_index_ecx:
        with    eax, ecx, jmp not_index
not_table_ecx:
        with    eax, ecx, jmp not_table
out_of_range_ecx:
        with    eax, ecx, jmp out_of_range
out_of_range_edx:
        with    eax, edx, jmp out_of_range
out_of_range_raw:
        lea     eax, [ecx+ecx+1]
        jmp     out_of_range
unbound_loaded:
        sub     esi, 4
unbound_operand:
        with    eax, [esi], jmp unbound
not_initialised:
        with    eax, UNSPECIFIED, jmp not_a_variable_yet
closure_arguments:                      # for who called
        mov     eax, ebx
        pop     esi
        sub     esi, 2
        pop     ebx
        jmp     wrong_arguments
bad_syntax_form:
        with    eax, [form], call strip
        jmp     bad_syntax
wrong_record:                           # ebp = accessor
        pushes  FALSE, dword [ebp+PRIM_NAME]
        cons_of eax, NIL
        call    cons
        jmp     wrong_type

# text_object: eax = string of the bytes at ebp up to a zero
text_object:
        xor     ecx, ecx
.length: on      e, byte [ebp+ecx], 0, text_string
        inc     ecx
        jmp     .length

raise_reading:
        load    ecx, [source],  edx, [ecx+PORT_LINE]
        neg     edx                     # tells a reader's error
        with    ecx, [ecx+PORT_NAME], jmp raise_at
raise:
        push    FALSE
        bits    nz, ebx, ebx, raise_with
        load    ecx, [file],  edx, [line]
raise_at:                               # file ecx, line edx
        lea     edx, [edx+edx+1]
        pushes  eax, ecx
        with    eax, edx, call cons
        load    ebx, [native_closure],  esi, [ebx+4]
        add     esi, CODE_START
        xchg    eax, [esp]
raise_with:                             # eax = what, ebp = text; where is on the stack
        cons_of eax, NIL
raise_list:
        push    eax
        call    text_object
        push    eax                     # where, list, text
        mov     eax, [hook_error]
        on      e, eax, FALSE, .early
        with    ecx, 3, jmp do_call
.early: pop     eax                   # in the library itself
        bytes_of edx, eax
        lea     ecx, [eax+DATA]
        with    ebx, 2, system SYS_WRITE
        with    ebx, [line], system SYS_EXIT
