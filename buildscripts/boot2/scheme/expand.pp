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
        call_eax allocate, NIL
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
        pushes  eax, FALSE, FALSE
        node    make_constant
        ret

# new_variable: eax = variable for the identifier eax
new_variable:
        call_ecx allocate, 32
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
        call_eax cons, [env]
        mov     [env], eax
        ret     4

# bind_variable: eax = new variable for the identifier eax, bound
bind_variable:
        call    check_identifier
        push    eax
        call    new_variable
        pop     edx
        pushes  eax, edx
        call    bind
        pop     eax
        ret

# is_identifier: zero flag if eax is one. check_identifier: or the error.
is_identifier:
        bnz     al, 7, .done
        beq     byte [eax], T_SYMBOL, .done
        cmp     byte [eax], T_ALIAS
.done:  ret
check_identifier:
        call    is_identifier
        jne     not_identifier
        ret

# lookup: eax = meaning of the identifier eax in [env]; changes ecx, edx
lookup:
        mov     ecx, [env]
.entry: beq     ecx, NIL, .global
        mov     edx, [ecx-4]
        beq     [edx-4], eax, .found
        mov     ecx, [ecx]
        jmp     .entry
.global: bne     byte [eax], T_ALIAS, .done
        mov     ecx, [eax+ALIAS_ENV]
        jmp_eax .entry, [eax+ALIAS_ID]
.found: mov     eax, [edx]
.done:  ret

# means: zero flag if eax is an identifier that means the symbol edx. Keeps eax.
means:
        call    is_identifier
        jne     .done
        pushes  eax, edx
        call    lookup
        pop     edx
        cmp     eax, edx
        pop     eax
.done:  ret

# keyword: edx = number of the special form that the identifier eax means, as a fixnum, or
# 0; or a macro
keyword:
        call    is_identifier
        jne     .none
        call    lookup
        bne     byte [eax], T_SYMBOL, .local
        mov     edx, [eax+SYMBOL_SYNTAX]
        beq     edx, FALSE, .none
        ret
.local: mov     edx, eax
        beq     byte [eax], T_MACRO, .done
.none:  xor     edx, edx
.done:  ret

# strip: eax = the datum eax with the symbols that aliases stand for
strip:
        bltu    esp, [stack_limit], too_deep
        bnz     al, 3, .done
        bnz     al, 4, .pair
        beq     byte [eax], T_ALIAS, .alias
        beq     byte [eax], T_VECTOR, .vector
.done:  ret
.alias: jmp_eax strip, [eax+ALIAS_ID]
.pair:  push    eax
        call_eax strip, [eax-4]
        push    eax
        follow  eax, [esp+4], 0
        call    strip
        pops    ecx, edx
        bne     ecx, [edx-4], .copy
        bne     eax, [edx], .copy
        mov     eax, edx
        ret
.copy:  push    ecx
        call    cons
        ret
.vector: push    eax                    # in place: literals are not shared with the macro
        mov     ecx, [eax]
        shr     ecx, 8
.element: dec     ecx
        js      .end
        push    ecx
        mov     edx, [esp+4]
        call_eax strip, [edx+ecx*4+4]
        pop     ecx
        mov     edx, [esp]
        mov     [edx+ecx*4+4], eax
        jmp     .element
.end:   pop     eax
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
        bltu    esp, [stack_limit], too_deep
        bnz     al, 3, .immediate
        bnz     al, 4, expand_pair
        beq     byte [eax], T_SYMBOL, expand_identifier
        beq     byte [eax], T_ALIAS, expand_identifier
        call    strip
        jmp     constant
.immediate: bne     eax, NIL, constant
        jmp     bad_syntax

expand_identifier:
        push    eax
        call    lookup
        pop     ecx
        beq     byte [eax], T_VARIABLE, .variable
        bne     byte [eax], T_SYMBOL, .keyword
        bne     dword [eax+SYMBOL_SYNTAX], FALSE, .keyword
        mov     edx, make_global
        jmp     .node
.variable: bz      dword [eax+VAR_FLAGS], LATER, .known
        or      dword [eax+VAR_FLAGS], BOXED
.known: or      dword [eax+VAR_FLAGS], ESCAPES
        mov     edx, make_local
.node:  pushes  eax, FALSE, FALSE
        call    new_node
        ret
.keyword: jmp_eax not_variable, ecx

expand_pair:
        pushes  dword [line], eax
        call    find_line
        follow  eax, [esp], -4
        call    is_identifier
        jne     .call
        call    keyword
        bz      edx, edx, .call
        bz      dl, 1, .macro
        pop     eax
        mov     [form], eax
        shr     edx, 1
        call    [specials+edx*4-4]
        pop     dword [line]
        ret
.macro: pop     eax
        call    expand_macro
        call    expand
        pop     dword [line]
        ret
.call:  pop     eax
        call    expand_call
        pop     dword [line]
        ret

# find_line: [line] of the pair eax, if the reader has noted it. The search goes on where the last
# has ended: forms come mostly in the order in which they were read.
find_line:
        mov     edx, [lines]
        beq     edx, FALSE, .done
        mov     ebp, [lines_count]
        mov     ecx, [lines_next]
        bgeu    ecx, ebp, .start
.up:    beq     [edx+ecx*4+4], eax, .found
        add     ecx, 2
        bltu    ecx, ebp, .up
.start: mov     ebp, [lines_next]
        bleu    ebp, [lines_count], .low
        mov     ebp, [lines_count]
.low:   xor     ecx, ecx
.again: bgeu    ecx, ebp, .done
        beq     [edx+ecx*4+4], eax, .found
        add     ecx, 2
        jmp     .again
.found: mov     edx, [edx+ecx*4+8]
        shr     edx, 1
        mov     [line], edx
        mov     [lines_next], ecx
.done:  ret

# expand_macro: eax = what the macro edx makes of the form eax
expand_macro:
        pushes  dword [loops], dword [env], dword [line], .back
        pushes  eax, dword [env]
        mov     eax, [edx+MACRO_EXPANDER]
        mov     ecx, 2
        jmp     call_scheme
.back:  pops    dword [line], dword [env], dword [loops]
        ret

# expand_list: eax = list of the nodes of the list of forms eax, in no tail position
expand_list:
        push    NIL
.form:  PAIR    eax, .end
        push    dword [eax]
        call_eax expand_value, [eax-4]
        push    eax
        call_eax cons, [esp+8]
        mov     [esp+4], eax
        pop     eax
        jmp     .form
.end:   bne     eax, NIL, bad_syntax_form
        pop     eax
# falls into turn

# turn: the list eax, reversed in place
turn:
        mov     ecx, NIL
.pair:  beq     eax, NIL, .done
        mov     edx, [eax]
        mov     [eax], ecx
        mov     ecx, eax
        jmp_eax .pair, edx
.done:  mov     eax, ecx
        ret

# expand_call: of an application, or of a primitive that no program has replaced
expand_call:
        push    eax                     # [esp] = form
        call_eax is_identifier, [eax-4]
        jne     .general
        call    lookup
        beq     byte [eax], T_VARIABLE, .variable
        bne     byte [eax], T_SYMBOL, .general
        mov     ecx, [eax+SYMBOL_VALUE]
        bnz     cl, 7, .general
        bne     byte [ecx], T_PRIM, .general
        bne     [ecx+PRIM_NAME], eax, .general
        beq     dword [ecx+PRIM_ENTRY], prim_continue, .general
        push    ecx
        follow  eax, [esp+4], 0
        call    expand_list
        pops    ecx, edx
        jmp     primitive
.variable: beq     dword [eax+VAR_LOOP], FALSE, .general # a named let in its own tail position?
        mov     ecx, [loops]
.loop:  beq     ecx, NIL, .general
        beq     [ecx-4], eax, .found
        mov     ecx, [ecx]
        jmp     .loop
.found: push    eax
        follow  ecx, [esp+4], 0         # as many arguments as it has variables?
        xor     edx, edx
.count: lea     ebp, [ecx-4]
        bnz     ebp, 7, .counted
        inc     edx
        mov     ecx, [ecx]
        jmp     .count
.counted: mov     ecx, [eax+VAR_LOOP]
        pop     eax
        bne     edx, [ecx+LAMBDA_COUNT], .general
        pushes  eax, FALSE, FALSE
        node    make_local
        jmp     .operator
.general: follow  eax, [esp], -4
        call    expand_value
.operator: pop     ecx
        push    eax
        call_eax expand_list, [ecx]
        pushes  eax, FALSE
        node    make_call
        ret

# primitive: eax = node of the primitive ecx with the list of nodes eax
primitive:
        xor     edx, edx
        mov     ebp, eax
.count: beq     ebp, NIL, .counted
        mov     ebp, [ebp]
        inc     edx
        jmp     .count
.counted: mov     ebp, folds            # edx = arguments
.fold:  mov     esi, [ebp]
        beq     esi, [ecx+PRIM_ENTRY], .found
        add     ebp, 12
        bne     dword [ebp], 0, .fold
        bltu    edx, [ecx+PRIM_MIN], .call
        bleu    edx, [ecx+PRIM_MAX], .node
        bne     dword [ecx+PRIM_MAX], 255, .call
.node:  pushes  eax, ecx, FALSE
        node    make_primitive
        ret
.call:  push    eax                     # the wrong number: an error when it is reached
        call_eax constant, ecx
        pop     ecx
        pushes  eax, ecx, FALSE
        node    make_call
        ret
.found: mov     esi, ebp                # ebp -> n-ary, binary, unit
        beq     edx, 2, .binary
        ja      .many
        beq     dword [esi+8], 0, .node # comparisons
        bz      edx, edx, .node
        push    eax                     # (+ x) is (+ x 0), (- x) is (- 0 x)
        call_eax constant, [esi+8]
        pop     ecx
        mov     edx, [ecx-4]
        bne     dword [esi], prim_subtract, .unary
        xchg    eax, edx
.unary: pushes  edx, eax
        call_eax cons, NIL
        call    cons
        mov     ecx, [esi+4]
        jmp     .binary_node
.binary: mov     ecx, [esi+4]
.binary_node: pushes  eax, ecx, FALSE   # instruction ecx of the nodes eax
        node    make_binary
        ret
.many:  beq     dword [esi+8], 0, .node
        mov     ecx, [eax]              # the first two, then with each of the others
        pushes  dword [ecx], dword [eax-4], dword [ecx-4]
        call_eax cons, NIL
        call    cons
        call_ecx .binary_node, [esi+4]
        pop     ecx
.next:  beq     ecx, NIL, .done
        pushes  dword [ecx], eax, dword [ecx-4]
        call_eax cons, NIL
        call    cons
        call_ecx .binary_node, [esi+4]
        pop     ecx
        jmp     .next
.done:  ret

# next_form: eax = first form of the list eax, ecx = the rest
next_form:
        PAIR    eax, bad_syntax_form
        mov     ecx, [eax]
        mov     eax, [eax-4]
        ret

# The special forms: eax = form, node in eax

special_quote:
        call_eax next_form, [eax]
        bne     ecx, NIL, bad_syntax_form
        call    strip
        jmp     constant

special_if:
        call_eax next_form, [eax]
        push    ecx
        call    expand_value
        xchg    eax, [esp]
        call    next_form
        push    ecx
        call    expand
        xchg    eax, [esp]
        beq     eax, NIL, .no_else
        call    next_form
        bne     ecx, NIL, bad_syntax_form
        call    expand
        jmp     .node
.no_else: call_eax constant, UNSPECIFIED
.node:  push    eax
        node    make_if
        ret

special_set:
        call_eax next_form, [eax]
        push    ecx
        call    check_identifier
        call    lookup
        xchg    eax, [esp]
        call    next_form
        bne     ecx, NIL, bad_syntax_form
        call    expand_value
        pop     ecx
        beq     byte [ecx], T_MACRO, bad_syntax_form
        pushes  ecx, eax, FALSE
        mov     edx, make_set_global
        bne     byte [ecx], T_VARIABLE, .node
        or      dword [ecx+VAR_FLAGS], BOXED | ESCAPES
        mov     edx, make_set_local
.node:  call    new_node
        ret

# sequence: eax = node of the list of forms eax
special_begin:
        mov     eax, [eax]
sequence:
        beq     eax, NIL, .empty
        call    next_form
        beq     ecx, NIL, expand
        pushes  NIL, ecx
        call    expand_value
.next:  push    eax                     # [esp] = forms, [esp+4] = nodes
        call_eax cons, [esp+8]
        mov     [esp+4], eax
        pop     eax
        call    next_form
        beq     ecx, NIL, .last
        push    ecx
        call    expand_value
        jmp     .next
.last:  call    expand
        push    eax
        call_eax cons, [esp+4]
        add     esp, 4
        call    turn
        pushes  eax, FALSE, FALSE
        node    make_sequence
        ret
.empty: jmp_eax constant, UNSPECIFIED

special_lambda:
        call_eax next_form, [eax]
# falls into new_lambda

# new_lambda: eax = node of a procedure with the formals eax and the body ecx
new_lambda:
        pushes  dword [env], dword [loops], dword [name]
        mov     dword [name], FALSE
        mov     dword [loops], NIL
        push    ecx
        call    lambda_variables
        pops    ecx, edx
        push    eax
        mov     [eax+LAMBDA_NAME], edx
        call_eax expand_body, ecx
        pop     ecx
        mov     [ecx+LAMBDA_BODY], eax
        pops    dword [loops], dword [env]
        pushes  ecx, FALSE, FALSE
        node    make_lambda
        ret

# lambda_variables: eax = lambda object of the formals eax, whose variables are bound
lambda_variables:
        push    NIL
        xor     esi, esi
.formal: PAIR    eax, .rest
        push    dword [eax]
        call_eax bind_variable, [eax-4]
        push    eax
        call_eax cons, [esp+8]
        mov     [esp+4], eax
        pop     eax
        inc     esi
        jmp     .formal
.rest:  mov     edx, esi
        beq     eax, NIL, .end
        call    bind_variable
        push    eax
        call_eax cons, [esp+4]
        mov     [esp], eax
        mov     edx, esi
        not     edx
        inc     esi
.end:   pop     eax
        push    edx
        call    turn
        call_ecx allocate, 32
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
        bne     dword [env], NIL, bad_syntax_form
        call_eax definition, [eax]
        pushes  eax, ecx                # identifier
        call    strip
        mov     [name], eax
        mov     [esp+4], eax
        pop     eax
        call    expand_value
        mov     dword [name], FALSE
        pushes  eax, FALSE
        node    make_define
        ret

# definition: eax = identifier and ecx = form of (name value) or ((name . formals) body ...)
definition:
        call    next_form
.name:  PAIR    eax, .variable
        pushes  dword [eax-4], dword [alias_lambda], dword [eax] # (lambda formals body ...)
        call_eax cons, ecx
        call    cons
        push    eax
        call_eax cons, NIL
        mov     ecx, eax
        pop     eax
        jmp     .name
.variable: call    check_identifier
        beq     ecx, NIL, .none
        PAIR    ecx, bad_syntax_form
        bne     dword [ecx], NIL, bad_syntax_form
        mov     ecx, [ecx-4]
        ret
.none:  mov     ecx, UNSPECIFIED
        ret

# binding_values: eax = list of the nodes of the values in the bindings eax
binding_values:
        push    NIL
.binding: PAIR    eax, .end
        push    dword [eax]
        call_eax next_form, [eax-4]
        mov     eax, ecx
        beq     eax, NIL, .none
        call    next_form
        bne     ecx, NIL, bad_syntax_form
        call    expand_value
        jmp     .value
.none:  call_eax constant, UNSPECIFIED
.value: push    eax
        call_eax cons, [esp+8]
        mov     [esp+4], eax
        pop     eax
        jmp     .binding
.end:   bne     eax, NIL, bad_syntax_form
        pop     eax
        jmp     turn

# binding_names: eax = list of the identifiers in the bindings eax
binding_names:
        push    NIL
.binding: PAIR    eax, .end
        push    dword [eax]
        mov     eax, [eax-4]
        PAIR    eax, bad_syntax_form
        push    dword [eax-4]
        call_eax cons, [esp+8]
        mov     [esp+4], eax
        pop     eax
        jmp     .binding
.end:   pop     eax
        jmp     turn

# special_let: (let bindings body ...), (let name bindings body ...)
special_let:
        call_eax next_form, [eax]
        call    is_identifier
        je      named_let
        pushes  dword [env], ecx, eax
        call    binding_values
        xchg    eax, [esp]
        call    binding_names
        push    eax
        call    lambda_variables        # binds them
        mov     eax, [eax+LAMBDA_VARS]
        mov     [esp], eax              # variables, values, body, [env]
        call_eax expand_body, [esp+8]
        pops    edx, ecx
        add     esp, 4
        pop     dword [env]
        beq     edx, NIL, .done
        pushes  edx, ecx, eax
        node    make_let
.done:  ret

named_let:                              # eax = name, ecx = (bindings body ...)
        push    eax
        call_eax next_form, ecx
        xchg    eax, [esp]              # eax = name
        pushes  ecx, eax                # name, body, bindings
        call_eax binding_values, [esp+8]
        xchg    eax, [esp+8]
        call    binding_names
        pop     ecx
        push    eax                     # identifiers, body, values
        mov     eax, ecx
# falls into loop_node

# loop_node: eax = node of the named let eax; the stack has, from the top, identifiers, body,
# list of the nodes of the values. It returns to who called the special form.
loop_node:
        pushes  dword [env], dword [loops]
        call    bind_variable
        push    eax                     # variable, loops, env, identifiers, body, values
        call_eax lambda_variables, [esp+12]
        mov     ecx, [esp]
        mov     [ecx+VAR_LOOP], eax
        mov     edx, [ecx+VAR_NAME]
        mov     [eax+LAMBDA_NAME], edx
        push    ecx
        call_eax cons, [loops]
        mov     [loops], eax
        call_eax expand_body, [esp+16]
        follow  ecx, [esp], VAR_LOOP
        mov     [ecx+LAMBDA_BODY], eax
        pops    eax, dword [loops], dword [env]
        add     esp, 8
        pop     ecx
        pushes  eax, ecx, FALSE
        node    make_loop
        ret

# special_and, special_or: two at a time
special_and:
        mov     eax, [eax]
        bne     eax, NIL, and_forms
        jmp_eax constant, TRUE
and_forms:
        mov     edx, make_and
        push    and_forms
        jmp     two_forms
special_or:
        mov     eax, [eax]
        bne     eax, NIL, or_forms
        jmp_eax constant, FALSE
or_forms:
        mov     edx, make_or
        push    or_forms
two_forms:                              # the stack has what expands the rest
        push    edx
        call    next_form
        beq     ecx, NIL, .last
        push    ecx
        call    expand_value
        pops    ecx, edx
        xchg    eax, [esp]
        push    edx
        xchg    eax, ecx
        call    ecx
        pop     edx
        pushes  eax, FALSE
        call    new_node
        ret
.last:  add     esp, 8
        jmp     expand

# special_define_syntax: at the top; the meaning of its name is a macro from then on
special_define_syntax:
        bne     dword [env], NIL, bad_syntax_form
        call_eax next_form, [eax]
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
        jmp_eax constant, UNSPECIFIED

# new_macro: eax = macro whose expander is not yet known
new_macro:
        mov     ecx, 16
        call_eax allocate, NIL
        mov     dword [edx], T_MACRO + 2*256
        mov     dword [edx+MACRO_EXPANDER], FALSE
        mov     dword [edx+MACRO_ENV], FALSE
        mov     eax, edx
        ret

# macro_expander: eax = the procedure of the expression in the list eax: of a form and its
# environment, which gives another form
macro_expander:
        call    next_form
        bne     ecx, NIL, bad_syntax_form
        push    dword [name]
        call    expand_value
        pop     dword [name]
        mov     ecx, [eax+NODE_MAKE]
        beq     ecx, make_lambda, compile_procedure
        bne     ecx, make_constant, bad_syntax_form
        mov     eax, [eax+NODE_A]
        ret

# special_let_syntax: the macros of ((name expression) ...) in the body
special_let_syntax:
        call_eax next_form, [eax]
        pushes  dword [env], ecx, eax
        call    open_scope
        pop     eax
.macro: PAIR    eax, .end
        push    dword [eax]
        call_eax next_form, [eax-4]
        call    local_macro
        pop     eax
        jmp     .macro
.end:   pop     eax
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
        pushes  eax, ecx
        call    bind_in_scope
        call_eax macro_expander, [esp+4]
        pop     ecx
        mov     [ecx+MACRO_EXPANDER], eax
        pop     eax
        ret

# open_scope: a new scope in [env], whose first entry binds nothing. bind_in_scope: as bind,
# but behind that entry, so that who has seen the scope before sees it too.
open_scope:
        push    FALSE
        call_eax cons, FALSE
        push    eax
        call_eax cons, [env]
        mov     [env], eax
        ret
bind_in_scope:
        push    dword [esp+4]
        call    cons
        push    eax
        follow  eax, [env], 0
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
        pushes  dword [env], eax
        call    open_scope
        pop     eax
        push    NIL                     # items, reversed
        push    eax                     # forms
.form:  pop     eax
        beq     eax, NIL, .scanned
        call    next_form
        push    ecx
.again: PAIR    eax, .expression        # eax = form; forms and items on the stack
        push    eax
        call_eax keyword, [eax-4]
        pop     eax
        bz      edx, edx, .expression
        bz      dl, 1, .macro
        beq     edx, SPECIAL_DEFINE*2+1, .define
        beq     edx, SPECIAL_BEGIN*2+1, .begin
        beq     edx, SPECIAL_DEFINE_SYNTAX*2+1, .syntax
.expression: push    FALSE
        call    cons
        jmp     .item
.macro: pushes  dword [line], edx
        call    find_line
        pop     edx
        call    expand_macro
        pop     dword [line]
        jmp     .again
.define: mov     [form], eax
        call_eax definition, [eax]
        push    ecx
        call    check_identifier
        push    eax
        call    new_variable
        or      dword [eax+VAR_FLAGS], LATER
        pop     ecx
        pushes  eax, ecx
        call    bind_in_scope
        pop     eax
        xchg    eax, [esp]
        call    cons
.item:  push    eax                     # eax = item
        call_eax cons, [esp+8]
        mov     [esp+4], eax
        jmp     .form
.begin: mov     ecx, [eax]              # its forms go in front of the others
        pop     eax
        call    join_lists
        push    eax
        jmp     .form
.syntax: mov     [form], eax
        call_eax next_form, [eax]
        call    local_macro
        jmp     .form
.scanned: pop     eax
        beq     eax, NIL, bad_syntax_form
        call    turn
        push    NIL                     # results, reversed
        push    eax                     # items
        xor     edx, edx                # any variable?
.look:  mov     ecx, [eax-4]
        beq     dword [ecx-4], FALSE, .none
        inc     edx
.none:  mov     eax, [eax]
        bne     eax, NIL, .look
        bz      edx, edx, .plain
.item_value: mov     eax, [esp]         # [esp] = items, [esp+4] = results
        mov     ecx, [eax-4]
        mov     edx, [ecx-4]            # variable
        beq     edx, FALSE, .expression_item
        call_eax is_procedure, [ecx]
        jne     .value
        call    .group
.value: follow  eax, [esp], -4
        follow  edx, [eax-4], VAR_NAME
        mov     [name], edx
        call_eax expand_value, [eax]
        mov     dword [name], FALSE
        follow  edx, [esp], -4, -4
        and     dword [edx+VAR_FLAGS], -1-LATER
        push    edx
        call    cons
        jmp     .result
.expression_item: beq     dword [eax], NIL, .last
        call_eax expand_value, [ecx]
        push    FALSE
        call    cons
.result: push    eax
        call_eax cons, [esp+8]
        mov     [esp+4], eax
        follow  eax, [esp], 0
        mov     [esp], eax
        bne     eax, NIL, .item_value
        call_eax constant, UNSPECIFIED  # the last form is a definition
        jmp     .node
.last:  call_eax expand, [ecx]
.node:  mov     [esp], eax
        call_eax turn, [esp+4]
        pop     ecx
        mov     [esp], eax
        pushes  FALSE, ecx
        node    make_body
        pop     dword [env]
        ret
.plain: mov     eax, [esp]              # no definitions: a sequence
.strip: follow  ecx, [eax-4], 0
        mov     [eax-4], ecx
        mov     eax, [eax]
        bne     eax, NIL, .strip
        pop     eax
        add     esp, 4
        call    sequence
        pop     dword [env]
        ret
.group: mov     eax, [esp+4]            # the procedures that follow may be mentioned
.next:  mov     ecx, [eax-4]
        mov     edx, [ecx-4]
        beq     edx, FALSE, .grouped
        push    eax
        mov     eax, [ecx]
        push    edx
        call    is_procedure
        pops    edx, eax
        jne     .grouped
        and     dword [edx+VAR_FLAGS], -1-LATER
        mov     eax, [eax]
        bne     eax, NIL, .next
.grouped: ret

# is_procedure: zero flag if the form eax is a lambda expression
is_procedure:
        PAIR    eax, .done
        call_eax keyword, [eax-4]
        cmp     edx, SPECIAL_LAMBDA*2+1
.done:  ret

# join_lists: eax = the list ecx, copied, before the list eax
join_lists:
        PAIR    ecx, .done
        push    dword [ecx-4]
        call_ecx join_lists, [ecx]
        call    cons
.done:  ret
