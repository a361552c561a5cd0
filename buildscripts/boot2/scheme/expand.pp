# ----------------------------------------------------------------------
# The compiler, first part: from data to a tree of nodes
#
# [env] is a list of (identifier . meaning), the innermost first; a meaning is a variable or a
# macro. An identifier is a symbol, or an alias: what a macro has inserted, another
# one in each use, with the identifier it stands for and the environment of the
# macro. An alias that is not bound itself means what that identifier means there. The
# global meaning of a symbol is the symbol; its syntax says if it is a keyword.
#
# [loops] are the named lets in whose tail position the form at hand is.
#
# This is machine code without Scheme: ebx = 0, values on the stack.
# ----------------------------------------------------------------------

# new_node: eax = node made by edx, with the three words under the return address, which
# are taken off
new_node:
        push    edx
        mov     ecx, 24
        mov     eax, NIL
        call    allocate
        pop     dword [edx+NODE_MAKE]
        mov     dword [edx], T_NODE + 5*256
        mov     ecx, [line]
        mov     [edx+NODE_LINE], ecx
        mov     ecx, [esp+12]
        mov     [edx+NODE_A], ecx
        mov     ecx, [esp+8]
        mov     [edx+NODE_B], ecx
        mov     ecx, [esp+4]
        mov     [edx+NODE_C], ecx
        mov     eax, edx
        ret     12

# constant: eax = node of the constant eax
constant:
        push    eax
        push    FALSE
        push    FALSE
        mov     edx, make_constant
        call    new_node
        ret

# new_variable: eax = variable for the identifier eax
new_variable:
        mov     ecx, 32
        call    allocate
        mov     dword [edx], T_VARIABLE + 7*256
        mov     [edx+VAR_NAME], eax
        mov     dword [edx+VAR_OWNER], FALSE
        mov     dword [edx+VAR_SLOT], -1
        mov     dword [edx+VAR_FLAGS], 0
        mov     dword [edx+VAR_LOOP], FALSE
        mov     dword [edx+VAR_LABEL], 0
        mov     dword [edx+VAR_DEPTH], 0
        mov     eax, edx
        ret

# bind: [env] with the meaning eax for the identifier under the return address, which is
# taken off
bind:
        push    dword [esp+4]
        call    cons
        push    eax
        mov     eax, [env]
        call    cons
        mov     [env], eax
        ret     4

# bind_variable: eax = new variable for the identifier eax, bound
bind_variable:
        call    check_identifier
        push    eax
        call    new_variable
        pop     edx
        push    eax
        push    edx
        call    bind
        pop     eax
        ret

# is_identifier: zero flag if eax is one. check_identifier: or the error.
is_identifier:
        test    al, 7
        jne     .done
        cmp     byte [eax], T_SYMBOL
        je      .done
        cmp     byte [eax], T_ALIAS
.done:
        ret
check_identifier:
        call    is_identifier
        jne     not_identifier
        ret

# lookup: eax = meaning of the identifier eax in [env]; changes ecx, edx
lookup:
        mov     ecx, [env]
.entry:
        cmp     ecx, NIL
        je      .global
        mov     edx, [ecx-4]
        cmp     [edx-4], eax
        je      .found
        mov     ecx, [ecx]
        jmp     .entry
.global:
        cmp     byte [eax], T_ALIAS
        jne     .done
        mov     ecx, [eax+ALIAS_ENV]
        mov     eax, [eax+ALIAS_ID]
        jmp     .entry
.found:
        mov     eax, [edx]
.done:
        ret

# means: zero flag if eax is an identifier that means the symbol edx. Keeps eax.
means:
        call    is_identifier
        jne     .done
        push    eax
        push    edx
        call    lookup
        pop     edx
        cmp     eax, edx
        pop     eax
.done:
        ret

# keyword: edx = number of the special form that the identifier eax means, as a fixnum, or
# 0; or a macro
keyword:
        call    is_identifier
        jne     .none
        call    lookup
        cmp     byte [eax], T_SYMBOL
        jne     .local
        mov     edx, [eax+SYMBOL_SYNTAX]
        cmp     edx, FALSE
        je      .none
        ret
.local:
        mov     edx, eax
        cmp     byte [eax], T_MACRO
        je      .done
.none:
        xor     edx, edx
.done:
        ret

# strip: eax = the datum eax with the symbols that aliases stand for
strip:
        cmp     esp, [stack_limit]
        jb      too_deep
        test    al, 3
        jne     .done
        test    al, 4
        jne     .pair
        cmp     byte [eax], T_ALIAS
        je      .alias
        cmp     byte [eax], T_VECTOR
        je      .vector
.done:
        ret
.alias:
        mov     eax, [eax+ALIAS_ID]
        jmp     strip
.pair:
        push    eax
        mov     eax, [eax-4]
        call    strip
        push    eax
        mov     eax, [esp+4]
        mov     eax, [eax]
        call    strip
        pop     ecx
        pop     edx
        cmp     ecx, [edx-4]
        jne     .copy
        cmp     eax, [edx]
        jne     .copy
        mov     eax, edx
        ret
.copy:
        push    ecx
        call    cons
        ret
.vector:                                # in place: literals are not shared with the macro
        push    eax
        mov     ecx, [eax]
        shr     ecx, 8
.element:
        dec     ecx
        js      .end
        push    ecx
        mov     edx, [esp+4]
        mov     eax, [edx+ecx*4+4]
        call    strip
        pop     ecx
        mov     edx, [esp]
        mov     [edx+ecx*4+4], eax
        jmp     .element
.end:
        pop     eax
        ret

# expand_value: eax = node of the form eax, which is in no tail position
expand_value:
        push    dword [loops]
        mov     dword [loops], NIL
        call    expand
        pop     dword [loops]
        ret

# expand: eax = node of the form eax
expand:
        cmp     esp, [stack_limit]
        jb      too_deep
        test    al, 3
        jne     .immediate
        test    al, 4
        jne     expand_pair
        cmp     byte [eax], T_SYMBOL
        je      expand_identifier
        cmp     byte [eax], T_ALIAS
        je      expand_identifier
        call    strip
        jmp     constant
.immediate:
        cmp     eax, NIL
        jne     constant
        jmp     bad_syntax

expand_identifier:
        push    eax
        call    lookup
        pop     ecx
        cmp     byte [eax], T_VARIABLE
        je      .variable
        cmp     byte [eax], T_SYMBOL
        jne     .keyword
        cmp     dword [eax+SYMBOL_SYNTAX], FALSE
        jne     .keyword
        mov     edx, make_global
        jmp     .node
.variable:
        test    dword [eax+VAR_FLAGS], LATER
        je      .known
        or      dword [eax+VAR_FLAGS], BOXED
.known:
        or      dword [eax+VAR_FLAGS], ESCAPES
        mov     edx, make_local
.node:
        push    eax
        push    FALSE
        push    FALSE
        call    new_node
        ret
.keyword:
        mov     eax, ecx
        jmp     not_variable

expand_pair:
        push    dword [line]
        push    eax
        call    find_line
        mov     eax, [esp]
        mov     eax, [eax-4]
        call    is_identifier
        jne     .call
        call    keyword
        test    edx, edx
        je      .call
        test    dl, 1
        je      .macro
        pop     eax
        mov     [form], eax
        shr     edx, 1
        call    [specials+edx*4-4]
        pop     dword [line]
        ret
.macro:
        pop     eax
        call    expand_macro
        call    expand
        pop     dword [line]
        ret
.call:
        pop     eax
        call    expand_call
        pop     dword [line]
        ret

# find_line: [line] of the pair eax, if the reader has noted it. The search goes on where the last
# has ended: forms come mostly in the order in which they were read.
find_line:
        mov     edx, [lines]
        cmp     edx, FALSE
        je      .done
        mov     ebp, [lines_count]
        mov     ecx, [lines_next]
        cmp     ecx, ebp
        jae     .start
.up:
        cmp     [edx+ecx*4+4], eax
        je      .found
        add     ecx, 2
        cmp     ecx, ebp
        jb      .up
.start:
        mov     ebp, [lines_next]
        cmp     ebp, [lines_count]
        jbe     .low
        mov     ebp, [lines_count]
.low:
        xor     ecx, ecx
.again:
        cmp     ecx, ebp
        jae     .done
        cmp     [edx+ecx*4+4], eax
        je      .found
        add     ecx, 2
        jmp     .again
.found:
        mov     edx, [edx+ecx*4+8]
        shr     edx, 1
        mov     [line], edx
        mov     [lines_next], ecx
.done:
        ret

# expand_macro: eax = what the macro edx makes of the form eax
expand_macro:
        push    dword [loops]
        push    dword [env]
        push    dword [line]
        push    .back
        push    eax
        push    dword [env]
        mov     eax, [edx+MACRO_EXPANDER]
        mov     ecx, 2
        jmp     call_scheme
.back:
        pop     dword [line]
        pop     dword [env]
        pop     dword [loops]
        ret

# expand_list: eax = list of the nodes of the list of forms eax, in no tail position
expand_list:
        push    NIL
.form:
        PAIR    eax, .end
        push    dword [eax]
        mov     eax, [eax-4]
        call    expand_value
        push    eax
        mov     eax, [esp+8]
        call    cons
        mov     [esp+4], eax
        pop     eax
        jmp     .form
.end:
        cmp     eax, NIL
        jne     bad_syntax_form
        pop     eax
# falls into turn

# turn: the list eax, reversed in place
turn:
        mov     ecx, NIL
.pair:
        cmp     eax, NIL
        je      .done
        mov     edx, [eax]
        mov     [eax], ecx
        mov     ecx, eax
        mov     eax, edx
        jmp     .pair
.done:
        mov     eax, ecx
        ret

# expand_call: of an application, or of a primitive that no program has replaced
expand_call:
        push    eax                     # [esp] = form
        mov     eax, [eax-4]
        call    is_identifier
        jne     .general
        call    lookup
        cmp     byte [eax], T_VARIABLE
        je      .variable
        cmp     byte [eax], T_SYMBOL
        jne     .general
        mov     ecx, [eax+SYMBOL_VALUE]
        test    cl, 7
        jne     .general
        cmp     byte [ecx], T_PRIM
        jne     .general
        cmp     [ecx+PRIM_NAME], eax
        jne     .general
        cmp     dword [ecx+PRIM_ENTRY], prim_continue
        je      .general
        push    ecx
        mov     eax, [esp+4]
        mov     eax, [eax]
        call    expand_list
        pop     ecx
        pop     edx
        jmp     primitive
.variable:                              # a named let in its own tail position?
        cmp     dword [eax+VAR_LOOP], FALSE
        je      .general
        mov     ecx, [loops]
.loop:
        cmp     ecx, NIL
        je      .general
        cmp     [ecx-4], eax
        je      .found
        mov     ecx, [ecx]
        jmp     .loop
.found:
        push    eax
        mov     ecx, [esp+4]
        mov     ecx, [ecx]              # as many arguments as it has variables?
        xor     edx, edx
.count:
        lea     ebp, [ecx-4]
        test    ebp, 7
        jne     .counted
        inc     edx
        mov     ecx, [ecx]
        jmp     .count
.counted:
        mov     ecx, [eax+VAR_LOOP]
        pop     eax
        cmp     edx, [ecx+LAMBDA_COUNT]
        jne     .general
        push    eax
        push    FALSE
        push    FALSE
        mov     edx, make_local
        call    new_node
        jmp     .operator
.general:
        mov     eax, [esp]
        mov     eax, [eax-4]
        call    expand_value
.operator:
        pop     ecx
        push    eax
        mov     eax, [ecx]
        call    expand_list
        push    eax
        push    FALSE
        mov     edx, make_call
        call    new_node
        ret

# primitive: eax = node of the primitive ecx with the list of nodes eax
primitive:
        xor     edx, edx
        mov     ebp, eax
.count:
        cmp     ebp, NIL
        je      .counted
        mov     ebp, [ebp]
        inc     edx
        jmp     .count
.counted:                               # edx = arguments
        mov     ebp, folds
.fold:
        mov     esi, [ebp]
        cmp     esi, [ecx+PRIM_ENTRY]
        je      .found
        add     ebp, 12
        cmp     dword [ebp], 0
        jne     .fold
        cmp     edx, [ecx+PRIM_MIN]
        jb      .call
        cmp     edx, [ecx+PRIM_MAX]
        jbe     .node
        cmp     dword [ecx+PRIM_MAX], 255
        jne     .call
.node:
        push    eax
        push    ecx
        push    FALSE
        mov     edx, make_primitive
        call    new_node
        ret
.call:                                  # the wrong number: an error when it is reached
        push    eax
        mov     eax, ecx
        call    constant
        pop     ecx
        push    eax
        push    ecx
        push    FALSE
        mov     edx, make_call
        call    new_node
        ret
.found:                                 # ebp -> n-ary, binary, unit
        mov     esi, ebp
        cmp     edx, 2
        je      .binary
        ja      .many
        cmp     dword [esi+8], 0
        je      .node                   # comparisons
        test    edx, edx
        je      .node
        push    eax                     # (+ x) is (+ x 0), (- x) is (- 0 x)
        mov     eax, [esi+8]
        call    constant
        pop     ecx
        mov     edx, [ecx-4]
        cmp     dword [esi], prim_subtract
        jne     .unary
        xchg    eax, edx
.unary:
        push    edx
        push    eax
        mov     eax, NIL
        call    cons
        call    cons
        mov     ecx, [esi+4]
        jmp     .binary_node
.binary:
        mov     ecx, [esi+4]
.binary_node:                           # instruction ecx of the nodes eax
        push    eax
        push    ecx
        push    FALSE
        mov     edx, make_binary
        call    new_node
        ret
.many:
        cmp     dword [esi+8], 0
        je      .node
        mov     ecx, [eax]              # the first two, then with each of the others
        push    dword [ecx]
        push    dword [eax-4]
        push    dword [ecx-4]
        mov     eax, NIL
        call    cons
        call    cons
        mov     ecx, [esi+4]
        call    .binary_node
        pop     ecx
.next:
        cmp     ecx, NIL
        je      .done
        push    dword [ecx]
        push    eax
        push    dword [ecx-4]
        mov     eax, NIL
        call    cons
        call    cons
        mov     ecx, [esi+4]
        call    .binary_node
        pop     ecx
        jmp     .next
.done:
        ret

# next_form: eax = first form of the list eax, ecx = the rest
next_form:
        PAIR    eax, bad_syntax_form
        mov     ecx, [eax]
        mov     eax, [eax-4]
        ret

# The special forms: eax = form, node in eax

special_quote:
        mov     eax, [eax]
        call    next_form
        cmp     ecx, NIL
        jne     bad_syntax_form
        call    strip
        jmp     constant

special_if:
        mov     eax, [eax]
        call    next_form
        push    ecx
        call    expand_value
        xchg    eax, [esp]
        call    next_form
        push    ecx
        call    expand
        xchg    eax, [esp]
        cmp     eax, NIL
        je      .no_else
        call    next_form
        cmp     ecx, NIL
        jne     bad_syntax_form
        call    expand
        jmp     .node
.no_else:
        mov     eax, UNSPECIFIED
        call    constant
.node:
        push    eax
        mov     edx, make_if
        call    new_node
        ret

special_set:
        mov     eax, [eax]
        call    next_form
        push    ecx
        call    check_identifier
        call    lookup
        xchg    eax, [esp]
        call    next_form
        cmp     ecx, NIL
        jne     bad_syntax_form
        call    expand_value
        pop     ecx
        cmp     byte [ecx], T_MACRO
        je      bad_syntax_form
        push    ecx
        push    eax
        push    FALSE
        mov     edx, make_set_global
        cmp     byte [ecx], T_VARIABLE
        jne     .node
        or      dword [ecx+VAR_FLAGS], BOXED | ESCAPES
        mov     edx, make_set_local
.node:
        call    new_node
        ret

# sequence: eax = node of the list of forms eax
special_begin:
        mov     eax, [eax]
sequence:
        cmp     eax, NIL
        je      .empty
        call    next_form
        cmp     ecx, NIL
        je      expand
        push    NIL
        push    ecx
        call    expand_value
.next:                                  # [esp] = forms, [esp+4] = nodes
        push    eax
        mov     eax, [esp+8]
        call    cons
        mov     [esp+4], eax
        pop     eax
        call    next_form
        cmp     ecx, NIL
        je      .last
        push    ecx
        call    expand_value
        jmp     .next
.last:
        call    expand
        push    eax
        mov     eax, [esp+4]
        call    cons
        add     esp, 4
        call    turn
        push    eax
        push    FALSE
        push    FALSE
        mov     edx, make_sequence
        call    new_node
        ret
.empty:
        mov     eax, UNSPECIFIED
        jmp     constant

special_lambda:
        mov     eax, [eax]
        call    next_form
# falls into new_lambda

# new_lambda: eax = node of a procedure with the formals eax and the body ecx
new_lambda:
        push    dword [env]
        push    dword [loops]
        push    dword [name]
        mov     dword [name], FALSE
        mov     dword [loops], NIL
        push    ecx
        call    lambda_variables
        pop     ecx
        pop     edx
        push    eax
        mov     [eax+LAMBDA_NAME], edx
        mov     eax, ecx
        call    expand_body
        pop     ecx
        mov     [ecx+LAMBDA_BODY], eax
        pop     dword [loops]
        pop     dword [env]
        push    ecx
        push    FALSE
        push    FALSE
        mov     edx, make_lambda
        call    new_node
        ret

# lambda_variables: eax = lambda object of the formals eax, whose variables are bound
lambda_variables:
        push    NIL
        xor     esi, esi
.formal:
        PAIR    eax, .rest
        push    dword [eax]
        mov     eax, [eax-4]
        call    bind_variable
        push    eax
        mov     eax, [esp+8]
        call    cons
        mov     [esp+4], eax
        pop     eax
        inc     esi
        jmp     .formal
.rest:
        mov     edx, esi
        cmp     eax, NIL
        je      .end
        call    bind_variable
        push    eax
        mov     eax, [esp+4]
        call    cons
        mov     [esp], eax
        mov     edx, esi
        not     edx
        inc     esi
.end:
        pop     eax
        push    edx
        call    turn
        mov     ecx, 32
        call    allocate
        mov     dword [edx], T_LAMBDA + 7*256
        mov     [edx+LAMBDA_VARS], eax
        pop     dword [edx+LAMBDA_ARGS]
        mov     dword [edx+LAMBDA_FREE], NIL
        mov     dword [edx+LAMBDA_PARENT], FALSE
        mov     dword [edx+LAMBDA_NAME], FALSE
        mov     dword [edx+LAMBDA_BODY], FALSE
        mov     [edx+LAMBDA_COUNT], esi
        mov     eax, edx
        ret

# special_define: at the top; in bodies expand_body has taken them
special_define:
        cmp     dword [env], NIL
        jne     bad_syntax_form
        mov     eax, [eax]
        call    definition
        push    eax                     # identifier
        push    ecx
        call    strip
        mov     [name], eax
        mov     [esp+4], eax
        pop     eax
        call    expand_value
        mov     dword [name], FALSE
        push    eax
        push    FALSE
        mov     edx, make_define
        call    new_node
        ret

# definition: eax = identifier and ecx = form of (name value) or ((name . formals) body ...)
definition:
        call    next_form
.name:
        PAIR    eax, .variable
        push    dword [eax-4]           # (lambda formals body ...)
        push    dword [alias_lambda]
        push    dword [eax]
        mov     eax, ecx
        call    cons
        call    cons
        push    eax
        mov     eax, NIL
        call    cons
        mov     ecx, eax
        pop     eax
        jmp     .name
.variable:
        call    check_identifier
        cmp     ecx, NIL
        je      .none
        PAIR    ecx, bad_syntax_form
        cmp     dword [ecx], NIL
        jne     bad_syntax_form
        mov     ecx, [ecx-4]
        ret
.none:
        mov     ecx, UNSPECIFIED
        ret

# binding_values: eax = list of the nodes of the values in the bindings eax
binding_values:
        push    NIL
.binding:
        PAIR    eax, .end
        push    dword [eax]
        mov     eax, [eax-4]
        call    next_form
        mov     eax, ecx
        cmp     eax, NIL
        je      .none
        call    next_form
        cmp     ecx, NIL
        jne     bad_syntax_form
        call    expand_value
        jmp     .value
.none:
        mov     eax, UNSPECIFIED
        call    constant
.value:
        push    eax
        mov     eax, [esp+8]
        call    cons
        mov     [esp+4], eax
        pop     eax
        jmp     .binding
.end:
        cmp     eax, NIL
        jne     bad_syntax_form
        pop     eax
        jmp     turn

# binding_names: eax = list of the identifiers in the bindings eax
binding_names:
        push    NIL
.binding:
        PAIR    eax, .end
        push    dword [eax]
        mov     eax, [eax-4]
        PAIR    eax, bad_syntax_form
        push    dword [eax-4]
        mov     eax, [esp+8]
        call    cons
        mov     [esp+4], eax
        pop     eax
        jmp     .binding
.end:
        pop     eax
        jmp     turn

# special_let: (let bindings body ...), (let name bindings body ...)
special_let:
        mov     eax, [eax]
        call    next_form
        call    is_identifier
        je      named_let
        push    dword [env]
        push    ecx
        push    eax
        call    binding_values
        xchg    eax, [esp]
        call    binding_names
        push    eax
        call    lambda_variables        # binds them
        mov     eax, [eax+LAMBDA_VARS]
        mov     [esp], eax              # variables, values, body, [env]
        mov     eax, [esp+8]
        call    expand_body
        pop     edx
        pop     ecx
        add     esp, 4
        pop     dword [env]
        cmp     edx, NIL
        je      .done
        push    edx
        push    ecx
        push    eax
        mov     edx, make_let
        call    new_node
.done:
        ret

named_let:                              # eax = name, ecx = (bindings body ...)
        push    eax
        mov     eax, ecx
        call    next_form
        xchg    eax, [esp]              # eax = name
        push    ecx
        push    eax                     # name, body, bindings
        mov     eax, [esp+8]
        call    binding_values
        xchg    eax, [esp+8]
        call    binding_names
        pop     ecx
        push    eax                     # identifiers, body, values
        mov     eax, ecx
# falls into loop_node

# loop_node: eax = node of the named let eax; the stack has, from the top, identifiers, body,
# list of the nodes of the values. It returns to who called the special form.
loop_node:
        push    dword [env]
        push    dword [loops]
        call    bind_variable
        push    eax                     # variable, loops, env, identifiers, body, values
        mov     eax, [esp+12]
        call    lambda_variables
        mov     ecx, [esp]
        mov     [ecx+VAR_LOOP], eax
        mov     edx, [ecx+VAR_NAME]
        mov     [eax+LAMBDA_NAME], edx
        push    ecx
        mov     eax, [loops]
        call    cons
        mov     [loops], eax
        mov     eax, [esp+16]
        call    expand_body
        mov     ecx, [esp]
        mov     ecx, [ecx+VAR_LOOP]
        mov     [ecx+LAMBDA_BODY], eax
        pop     eax
        pop     dword [loops]
        pop     dword [env]
        add     esp, 8
        pop     ecx
        push    eax
        push    ecx
        push    FALSE
        mov     edx, make_loop
        call    new_node
        ret

# special_and, special_or: two at a time
special_and:
        mov     eax, [eax]
        cmp     eax, NIL
        jne     and_forms
        mov     eax, TRUE
        jmp     constant
and_forms:
        mov     edx, make_and
        push    and_forms
        jmp     two_forms
special_or:
        mov     eax, [eax]
        cmp     eax, NIL
        jne     or_forms
        mov     eax, FALSE
        jmp     constant
or_forms:
        mov     edx, make_or
        push    or_forms
two_forms:                              # the stack has what expands the rest
        push    edx
        call    next_form
        cmp     ecx, NIL
        je      .last
        push    ecx
        call    expand_value
        pop     ecx
        pop     edx
        xchg    eax, [esp]
        push    edx
        xchg    eax, ecx
        call    ecx
        pop     edx
        push    eax
        push    FALSE
        call    new_node
        ret
.last:
        add     esp, 8
        jmp     expand

# special_define_syntax: at the top; the meaning of its name is a macro from then on
special_define_syntax:
        cmp     dword [env], NIL
        jne     bad_syntax_form
        mov     eax, [eax]
        call    next_form
        push    ecx
        call    check_identifier
        call    strip
        xchg    eax, [esp]
        call    macro_expander
        push    eax
        call    new_macro
        pop     ecx
        mov     [eax+MACRO_EXPANDER], ecx
        pop     ecx
        mov     [ecx+SYMBOL_SYNTAX], eax
        mov     eax, UNSPECIFIED
        jmp     constant

# new_macro: eax = macro whose expander is not yet known
new_macro:
        mov     ecx, 16
        mov     eax, NIL
        call    allocate
        mov     dword [edx], T_MACRO + 2*256
        mov     dword [edx+MACRO_EXPANDER], FALSE
        mov     dword [edx+MACRO_ENV], FALSE
        mov     eax, edx
        ret

# macro_expander: eax = the procedure of the expression in the list eax: of a form and its
# environment, which gives another form
macro_expander:
        call    next_form
        cmp     ecx, NIL
        jne     bad_syntax_form
        push    dword [name]
        call    expand_value
        pop     dword [name]
        mov     ecx, [eax+NODE_MAKE]
        cmp     ecx, make_lambda
        je      compile_procedure
        cmp     ecx, make_constant
        jne     bad_syntax_form
        mov     eax, [eax+NODE_A]
        ret

# special_let_syntax: the macros of ((name expression) ...) in the body
special_let_syntax:
        mov     eax, [eax]
        call    next_form
        push    dword [env]
        push    ecx
        push    eax
        call    open_scope
        pop     eax
.macro:
        PAIR    eax, .end
        push    dword [eax]
        mov     eax, [eax-4]
        call    next_form
        call    local_macro
        pop     eax
        jmp     .macro
.end:
        pop     eax
        call    expand_body
        pop     dword [env]
        ret

# local_macro: binds the identifier eax to the macro of the expression in the list ecx, which
# may mention it
local_macro:
        push    ecx
        call    check_identifier
        push    eax
        call    new_macro
        pop     ecx
        push    eax
        push    ecx
        call    bind_in_scope
        mov     eax, [esp+4]
        call    macro_expander
        pop     ecx
        mov     [ecx+MACRO_EXPANDER], eax
        pop     eax
        ret

# open_scope: a new scope in [env], whose first entry binds nothing. bind_in_scope: as bind,
# but behind that entry, so that who has seen the scope before sees it too.
open_scope:
        push    FALSE
        mov     eax, FALSE
        call    cons
        push    eax
        mov     eax, [env]
        call    cons
        mov     [env], eax
        ret
bind_in_scope:
        push    dword [esp+4]
        call    cons
        push    eax
        mov     eax, [env]
        mov     eax, [eax]
        call    cons
        mov     ecx, [env]
        mov     [ecx], eax
        ret     4

# expand_body: eax = node of the list of forms eax, which may define variables and macros.
#
# First all definitions are found, and macros at the head of forms expanded: an item for each form
# is (variable . form), or (#f . form). Then the forms are expanded in their order. A variable
# that is mentioned before its turn is kept in a box from the start; but procedures that
# follow each other directly may mention each other, as their closures are made together.
expand_body:
        push    dword [env]
        push    eax
        call    open_scope
        pop     eax
        push    NIL                     # items, reversed
        push    eax                     # forms
.form:
        pop     eax
        cmp     eax, NIL
        je      .scanned
        call    next_form
        push    ecx
.again:                                 # eax = form; forms and items on the stack
        PAIR    eax, .expression
        push    eax
        mov     eax, [eax-4]
        call    keyword
        pop     eax
        test    edx, edx
        je      .expression
        test    dl, 1
        je      .macro
        cmp     edx, SPECIAL_DEFINE*2+1
        je      .define
        cmp     edx, SPECIAL_BEGIN*2+1
        je      .begin
        cmp     edx, SPECIAL_DEFINE_SYNTAX*2+1
        je      .syntax
.expression:
        push    FALSE
        call    cons
        jmp     .item
.macro:
        push    dword [line]
        push    edx
        call    find_line
        pop     edx
        call    expand_macro
        pop     dword [line]
        jmp     .again
.define:
        mov     [form], eax
        mov     eax, [eax]
        call    definition
        push    ecx
        call    check_identifier
        push    eax
        call    new_variable
        or      dword [eax+VAR_FLAGS], LATER
        pop     ecx
        push    eax
        push    ecx
        call    bind_in_scope
        pop     eax
        xchg    eax, [esp]
        call    cons
.item:                                  # eax = item
        push    eax
        mov     eax, [esp+8]
        call    cons
        mov     [esp+4], eax
        jmp     .form
.begin:                                 # its forms go in front of the others
        mov     ecx, [eax]
        pop     eax
        call    join_lists
        push    eax
        jmp     .form
.syntax:
        mov     [form], eax
        mov     eax, [eax]
        call    next_form
        call    local_macro
        jmp     .form
.scanned:
        pop     eax
        cmp     eax, NIL
        je      bad_syntax_form
        call    turn
        push    NIL                     # results, reversed
        push    eax                     # items
        xor     edx, edx                # any variable?
.look:
        mov     ecx, [eax-4]
        cmp     dword [ecx-4], FALSE
        je      .none
        inc     edx
.none:
        mov     eax, [eax]
        cmp     eax, NIL
        jne     .look
        test    edx, edx
        je      .plain
.item_value:                            # [esp] = items, [esp+4] = results
        mov     eax, [esp]
        mov     ecx, [eax-4]
        mov     edx, [ecx-4]            # variable
        cmp     edx, FALSE
        je      .expression_item
        mov     eax, [ecx]
        call    is_procedure
        jne     .value
        call    .group
.value:
        mov     eax, [esp]
        mov     eax, [eax-4]
        mov     edx, [eax-4]
        mov     edx, [edx+VAR_NAME]
        mov     [name], edx
        mov     eax, [eax]
        call    expand_value
        mov     dword [name], FALSE
        mov     edx, [esp]
        mov     edx, [edx-4]
        mov     edx, [edx-4]
        and     dword [edx+VAR_FLAGS], -1-LATER
        push    edx
        call    cons
        jmp     .result
.expression_item:
        cmp     dword [eax], NIL
        je      .last
        mov     eax, [ecx]
        call    expand_value
        push    FALSE
        call    cons
.result:
        push    eax
        mov     eax, [esp+8]
        call    cons
        mov     [esp+4], eax
        mov     eax, [esp]
        mov     eax, [eax]
        mov     [esp], eax
        cmp     eax, NIL
        jne     .item_value
        mov     eax, UNSPECIFIED        # the last form is a definition
        call    constant
        jmp     .node
.last:
        mov     eax, [ecx]
        call    expand
.node:
        mov     [esp], eax
        mov     eax, [esp+4]
        call    turn
        pop     ecx
        mov     [esp], eax
        push    FALSE
        push    ecx
        mov     edx, make_body
        call    new_node
        pop     dword [env]
        ret
.plain:                                 # no definitions: a sequence
        mov     eax, [esp]
.strip:
        mov     ecx, [eax-4]
        mov     ecx, [ecx]
        mov     [eax-4], ecx
        mov     eax, [eax]
        cmp     eax, NIL
        jne     .strip
        pop     eax
        add     esp, 4
        call    sequence
        pop     dword [env]
        ret
.group:                                 # the procedures that follow may be mentioned
        mov     eax, [esp+4]
.next:
        mov     ecx, [eax-4]
        mov     edx, [ecx-4]
        cmp     edx, FALSE
        je      .grouped
        push    eax
        mov     eax, [ecx]
        push    edx
        call    is_procedure
        pop     edx
        pop     eax
        jne     .grouped
        and     dword [edx+VAR_FLAGS], -1-LATER
        mov     eax, [eax]
        cmp     eax, NIL
        jne     .next
.grouped:
        ret

# is_procedure: zero flag if the form eax is a lambda expression
is_procedure:
        PAIR    eax, .done
        mov     eax, [eax-4]
        call    keyword
        cmp     edx, SPECIAL_LAMBDA*2+1
.done:
        ret

# join_lists: eax = the list ecx, copied, before the list eax
join_lists:
        PAIR    ecx, .done
        push    dword [ecx-4]
        mov     ecx, [ecx]
        call    join_lists
        call    cons
.done:
        ret
