# ----------------------------------------------------------------------
# The compiler, first part: from data to a tree of nodes
#
# [env] is a list of (identifier . meaning), the innermost first; a meaning is a variable or a
# macro. An identifier is a symbol, or an alias: what a macro has inserted, another
# one in each use, with the identifier it stands for and the environment of the
# macro. An alias that is not bound itself means what that identifier means there. The
# global meaning of a symbol is the symbol; its syntax says if it is a keyword.
#
# [lambda] is the procedure that the form at hand is in: variables belong to it, and those of procedures
# around it are captured when they are mentioned.
#
# This is machine code without Scheme: ebx = 0, values on the stack.
# ----------------------------------------------------------------------

# node1, node2, node3: eax = node made by edx, with the parts eax; eax, ecx; eax, ecx, ebp
node1:
        mov     ecx, FALSE
node2:
        mov     ebp, FALSE
node3:
        pushes  edx, ecx, ebp
        with    ecx, 24, call allocate
        mov     dword [edx], T_NODE + 5*256
        mov     [edx+NODE_A], eax
        pops    dword [edx+NODE_C], dword [edx+NODE_B], dword [edx+NODE_MAKE]
        copy    [edx+NODE_LINE], [line]
        return  edx

# constant: eax = node of the constant eax
unspecified:
        mov     eax, UNSPECIFIED
constant:
        with    edx, make_constant, jmp node1

# bind: [env] with the meaning eax for the identifier under the return address, which is
# taken off
bind:
        push    dword [esp+4]
        call    cons
        cons_of eax, [env]
        mov     [env], eax
        ret     4

# new_variable: eax = variable for the identifier eax
new_variable:
        call    check_identifier
        push    dword [lambda]
        new     T_VARIABLE, 4, eax, pop, 0, 0
        return  edx

# bind_variable: eax = new variable for the identifier eax, bound
bind_variable:
        push    eax
        call    new_variable
        pop     edx
        pushes  eax, edx
        call    bind
        pop     eax
        ret

# is_identifier: zero flag if eax is one. check_identifier: or the error.
is_identifier:
        bits    nz, al, 7, .done
        on      e, byte [eax], T_SYMBOL, .done
        cmp     byte [eax], T_ALIAS
.done:  ret
check_identifier:
        call    is_identifier
        jne     not_identifier
        ret

# lookup: eax = meaning of the identifier eax in [env]; changes ecx, edx
lookup:
        mov     ecx, [env]
.entry: on      e, ecx, NIL, .global
        mov     edx, [ecx-4]
        on      e, [edx-4], eax, .found
        with    ecx, [ecx], jmp .entry
.global: on      ne, byte [eax], T_ALIAS, .done
        goto    .entry, [eax+ALIAS_ID], [eax+ALIAS_ENV]
.found: mov     eax, [edx]
.done:  ret

# keyword: edx = what expands the special form that the identifier eax means, as a fixnum; or a macro, or 0
keyword:
        call    is_identifier
        jne     .none
        call    lookup
        on      ne, byte [eax], T_SYMBOL, .local
        mov     edx, [eax+SYMBOL_SYNTAX]
        on      e, edx, FALSE, .none
        ret
.local: mov     edx, eax
        on      e, byte [eax], T_MACRO, .done
.none:  xor     edx, edx
.done:  ret

# strip: eax = the datum eax with the symbols that aliases stand for
strip:
        on      b, esp, [stack_limit], too_deep
        bits    nz, al, 3, .done
        bits    nz, al, 4, .pair
        switch  byte [eax], T_ALIAS, .alias, T_VECTOR, .vector
.done:  ret
.alias: with    eax, [eax+ALIAS_ID], jmp strip
.pair:  push    eax
        with    eax, [eax-4], call strip
        push    eax
        follow  eax, [esp+4], 0
        call    strip
        pops    ecx, edx
        on      ne, ecx, [edx-4], .copy
        on      ne, eax, [edx], .copy
        return  edx
.copy:  push    ecx
        call    cons
        ret
.vector: push   eax                     # in place: literals are not shared with the macro
        mov     ecx, [eax]
        shr     ecx, 8
.element: count s, ecx, .end
        push    ecx
        invoke  strip, [edx+ecx*4+4], -, [esp+4]
        pop     ecx
        mov     edx, [esp]
        mov     [edx+ecx*4+4], eax
        jmp     .element
.end:   pop     eax
        ret

# expand: eax = node of the form eax
expand:
        on      b, esp, [stack_limit], too_deep
        bits    nz, al, 3, .immediate
        bits    nz, al, 4, expand_pair
        switch  byte [eax], T_SYMBOL, expand_identifier, T_ALIAS, expand_identifier
        call    strip
        jmp     constant
.immediate: on      ne, eax, NIL, constant
        jmp     bad_syntax

expand_identifier:
        push    eax
        call    lookup
        pop     ecx
        on      e, byte [eax], T_VARIABLE, .variable
        on      ne, byte [eax], T_SYMBOL, .keyword
        on      ne, dword [eax+SYMBOL_SYNTAX], FALSE, .keyword
        with    edx, make_global, jmp node1
.variable: bits    z, dword [eax+VAR_FLAGS], LATER, .known
        or      dword [eax+VAR_FLAGS], BOXED
.known: call    capture_variable
        with    edx, make_local, jmp node1
.keyword: with    eax, ecx, jmp not_variable

# capture_variable: [lambda] captures the variable eax if it is not its own, and so do the procedures around it up to
# the one that has it. Keeps eax.
capture_variable:
        push    eax
        mov     edx, [lambda]
.lambda: on      e, edx, FALSE, bad_syntax_form # a macro's procedure mentions it
        mov     eax, [esp]
        on      e, edx, [eax+VAR_OWNER], .done
        mov     ecx, [edx+LAMBDA_FREE]
.free:  on      e, ecx, NIL, .add
        on      e, [ecx-4], eax, .done
        with    ecx, [ecx], jmp .free
.add:   pushes  edx, eax
        with    eax, [edx+LAMBDA_FREE], call cons
        pop     edx
        mov     [edx+LAMBDA_FREE], eax
        with    edx, [edx+LAMBDA_PARENT], jmp .lambda
.done:  pop     eax
        ret

# expand_pair: a special form is expanded by its procedure, which has its operands in eax
expand_pair:
        pushes  dword [form], dword [line], eax
        call    find_line
        with    eax, [eax-4], call keyword
        pop     eax
        call    .form
        pops    dword [line], dword [form]
        ret
.form:  bits    z, edx, edx, expand_call
        bits    z, dl, 1, .macro
        mov     [form], eax
        mov     eax, [eax]
        shr     edx, 1
        jmp     edx
.macro: call    expand_macro
        jmp     expand

# find_line: [line] of the pair eax, if the reader has noted it: in [lines], pairs of a pair and its line
# in the order of their beginnings. The search goes on from where the last has ended. Keeps eax.
find_line:
        mov     ebp, [lines]            # where it goes on at the end
        mov     ecx, [lines_next]
        on      e, ebp, FALSE, .done
.next:  on      e, ecx, NIL, .end
        load    edx, [ecx-4],  ecx, [ecx]
        on      ne, [edx-4], eax, .next
        mov     [lines_next], ecx
        mov     edx, [edx]
        shr     edx, 1
        mov     [line], edx
.done:  ret
.end:   load    ecx, ebp,  ebp, NIL
        on      ne, ecx, NIL, .next
        ret

# expand_macro: eax = what the macro edx makes of the form eax
expand_macro:
        pushes  dword [lambda], dword [env], dword [line], .back
        pushes  eax, dword [env]
        load    eax, [edx+MACRO_EXPANDER],  ecx, 2
        jmp     call_scheme
.back:  pops    dword [line], dword [env], dword [lambda]
        ret

# expand_list: eax = list of the nodes of the list of forms eax, in no tail position
expand_list:
        mov     edx, expand
# falls into map_list: eax = list of what edx makes in eax of each element eax of the list eax, [esp+4] the rest
map_list:
        pushes  NIL, edx
.next:  PAIR    eax, .end
        push    dword [eax]             # rest, edx, results
        with    eax, [eax-4], call [esp+4]
        cons_of eax, [esp+12]
        mov     [esp+8], eax
        pop     eax
        jmp     .next
.end:   on      ne, eax, NIL, bad_syntax_form
        pops    edx, eax
# falls into turn: the list eax, reversed in place
turn:
        mov     ecx, NIL
.pair:  on      e, eax, NIL, .done
        mov     edx, [eax]
        mov     [eax], ecx
        goto    .pair, edx, eax
.done:  return  ecx

# expand_call: of an application, or of a primitive that no program has replaced
expand_call:
        push    eax                     # form
        with    eax, [eax-4], call is_identifier
        jne     .general
        call    lookup
        on      ne, byte [eax], T_SYMBOL, .general
        mov     ecx, [eax+SYMBOL_VALUE]
        bits    nz, cl, 7, .general
        on      ne, byte [ecx], T_PRIM, .general
        on      ne, [ecx+PRIM_NAME], eax, .general
        on      e, dword [ecx+PRIM_ENTRY], prim_continue, .general
        push    ecx
        follow  eax, [esp+4], 0
        call    expand_list
        pops    ecx, edx
        jmp     primitive
.general: pop   eax
        call    expand_list
        load    ecx, [eax],  eax, [eax-4]
        with    edx, make_call, jmp node2

# primitive: eax = node of the primitive ecx with the list of nodes eax
primitive:
        keep    ecx, with    ecx, eax, call list_length
        push    edx                     # number of arguments
        load    ebp, folds,  edx, 12,  esi, ecx
        with    ecx, [ecx+PRIM_ENTRY], call find_row
        mov     ecx, esi
        pop     edx
        jne     .found
        on      b, edx, [ecx+PRIM_MIN], .call
        on      be, edx, [ecx+PRIM_MAX], .node
        on      ne, dword [ecx+PRIM_MAX], 255, .call
.node:  with    edx, make_primitive, jmp node2
.call:  push    eax                     # the wrong number: an error when it is reached
        with    eax, ecx, call constant
        pop     ecx
        with    edx, make_call, jmp node2
.found: mov     esi, ebp                # esi -> n-ary, binary, unit
        on      e, edx, 2, .binary
        on      e, dword [esi+8], 0, .node # comparisons
        on      a, edx, 2, .many
        bits    z, edx, edx, .node
        push    eax                     # (+ x) is (+ x 0), (- x) is (- 0 x)
        with    eax, [esi+8], call constant
        pop     ecx
        mov     edx, [ecx-4]
        on      ne, dword [esi], prim_subtract, .unary
        xchg    eax, edx
.unary: pushes  edx, eax
        with    eax, NIL, call cons
        call    cons
.binary: goto    node2, -, [esi+4], make_binary # the instruction with the nodes eax
.many:  mov     ecx, [eax]              # the first with the second, then with each of the others
        mov     eax, [eax-4]
.next:  on      e, ecx, NIL, .done
        pushes  dword [ecx], eax, dword [ecx-4]
        with    eax, NIL, call cons
        call    cons
        call    .binary
        pop     ecx
        jmp     .next
.done:  ret

# next_form: eax = first form of the list eax, ecx = the rest. last_form: eax = the only one
next_form:
        PAIR    eax, bad_syntax_form
        mov     ecx, [eax]
        return  [eax-4]
last_form:
        call    next_form
        on      ne, ecx, NIL, bad_syntax_form
        ret

# The special forms: eax = operands, node in eax

        SPECIAL "quote", special_quote
        call    last_form
        call    strip
        jmp     constant

        SPECIAL "if", special_if
        call    expand_list
        call    next_form
        push    eax
        with    eax, ecx, call next_form
        pushes  eax, .node
        mov     eax, ecx
        on      e, eax, NIL, unspecified
        jmp     last_form
.node:  mov     ebp, eax
        pops    ecx, eax
        with    edx, make_if, jmp node3

        SPECIAL "set!", special_set
        call    next_form
        push    ecx
        call    check_identifier
        call    lookup
        xchg    eax, [esp]
        call    last_form
        call    expand
        unstack ecx
        on      e, byte [eax], T_MACRO, bad_syntax_form
        mov     edx, make_set_global
        on      ne, byte [eax], T_VARIABLE, node2
        or      dword [eax+VAR_FLAGS], BOXED
        keep    ecx, call capture_variable
        on      ne, dword [eax+VAR_SLOT], SELF, .local
        mov     dword [assigned], 1
.local: with    edx, make_set_local, jmp node2

        SPECIAL "begin", special_begin
        on      e, eax, NIL, unspecified
        call    expand_list
        on      e, dword [eax], NIL, .only
        with    edx, make_sequence, jmp node1
.only:  return  [eax-4]

        SPECIAL "lambda", special_lambda
        call    next_form
        mov     edx, FALSE
# falls into new_lambda: eax = node of the procedure with the formals eax, the body ecx, and in it the name edx, or
# FALSE
new_lambda:
        pushes  dword [env], dword [lambda], ecx, eax, edx
        call    open_lambda
        pop     eax
        on      e, eax, FALSE, .formals
        call    bind_variable
        mov     dword [eax+VAR_SLOT], SELF
.formals: pop   eax
        call    bind_variables
        mov     ecx, [lambda]
        words   ecx, LAMBDA_VARS, eax, edx
        mov     [ecx+LAMBDA_COUNT], esi
        pop     eax
        call    expand_body
close_lambda:                           # the stack has [lambda], [env]
        mov     ecx, [lambda]
        mov     [ecx+LAMBDA_BODY], eax
        pops    dword [lambda], dword [env]
        goto    node1, ecx, -, make_lambda

# open_lambda: [lambda] = a new one without variables, with the name [name]
open_lambda:
        mov     eax, [name]
        push    dword [lambda]
        new     T_LAMBDA, 7, NIL, 0, NIL, pop, eax, FALSE, 0
        mov     [lambda], edx
        mov     dword [name], FALSE
        ret

# bind_variables: eax = list of new variables for the formals eax, esi their number, edx LAMBDA_ARGS
bind_variables:
        push    NIL
        xor     esi, esi
.formal: PAIR   eax, .rest
        push    dword [eax]
        with    eax, [eax-4], call .variable
        pop     eax
        jmp     .formal
.variable: call bind_variable
        cons_of eax, [esp+12]
        mov     [esp+8], eax
        inc     esi
        ret
.rest:  push    esi
        on      e, eax, NIL, .end
        not     dword [esp]
        call    .variable
.end:   pops    ebp, eax
        call    turn
        mov     edx, ebp
        ret

# special_define: at the top; in bodies expand_body has taken them
        SPECIAL "define", special_define
        on      ne, dword [env], NIL, bad_syntax_form
        call    definition
        push    ecx
        call    strip
        mov     [name], eax
        xchg    eax, [esp]
        call    expand
        mov     dword [name], FALSE
        unstack ecx
        with    edx, make_define, jmp node2

# definition: eax = identifier and ecx = form of (name value) or ((name . formals) body ...)
definition:
        call    next_form
.name:  PAIR    eax, .variable
        pushes  dword [eax-4], dword [hook_lambda], dword [eax] # (lambda formals body ...)
        with    eax, ecx, call cons
        call    cons
        cons_of eax, NIL
        unstack ecx
        jmp     .name
.variable: call check_identifier
        on      e, ecx, NIL, .none
        xchg    eax, ecx
        push    ecx
        call    last_form
        unstack ecx
        ret
.none:  mov     ecx, UNSPECIFIED
        ret

# Of a binding (name value) or (name): the node of its value; its name
binding_value:
        call    next_form
        mov     eax, ecx
        on      e, eax, NIL, unspecified
        call    last_form
        jmp     expand
binding_name:
        call    next_form
        ret

# special_let: (let bindings body ...), (let name bindings body ...)
        SPECIAL "let", special_let
        call    next_form
        call    is_identifier
        je      named_let
        pushes  dword [env], ecx, eax
        with    edx, binding_value, call map_list
        xchg    eax, [esp]
        with    edx, binding_name, call map_list
        call    bind_variables
        push    eax                     # variables, values, body, [env]
        with    eax, [esp+8], call expand_body
        mov     ebp, eax
        pops    eax, ecx, edx, dword [env]
        with    edx, make_let, jmp node3

named_let:                              # eax = name, ecx = (bindings body ...)
        push    eax
        with    eax, ecx, call next_form
        pushes  ecx, eax                # bindings, body, name
        with    edx, binding_value, call map_list
        xchg    eax, [esp]
        with    edx, binding_name, call map_list
        pushes  eax, dword [assigned]   # assigned, names, values, body, name
        mov     dword [assigned], 0
        mov     edx, [esp+16]
        mov     [name], edx
        with    ecx, [esp+12], call new_lambda
        mov     ecx, [assigned]
        pop     dword [assigned]
        bits    z, ecx, ecx, .call
        cons_of dword [esp+12], [esp+4] # assigned: ((lambda () (define (name . names) body ...) name))
        cons_of eax, [esp+12]
        push    dword [hook_define]
        call    cons
        pushes  eax, dword [esp+16]
        with    eax, NIL, call cons
        call    cons
        mov     ecx, eax
        invoke  new_lambda, NIL, -, FALSE
        invoke  node2, -, NIL, make_call
.call:  pops    ecx, ecx, edx, edx      # names, values, body, name
        with    edx, make_call, jmp node2

# special_and, special_or: the last two forms make a node, the form before them and that node the next
        SPECIAL "and", special_and
        pushes  make_and, TRUE
        jmp     two_by_two
        SPECIAL "or", special_or
        pushes  make_or, FALSE
two_by_two:                             # the stack has the value of no form, what makes a node
        on      e, eax, NIL, .none
        call    expand_list
        call    turn
        load    ecx, [eax],  eax, [eax-4]
.next:  on      e, ecx, NIL, .done
        push    dword [ecx]
        mov     ecx, [ecx-4]
        xchg    ecx, eax
        with    edx, [esp+8], call node2
        pop     ecx
        jmp     .next
.done:  pops    ecx, edx
        ret
.none:  pops    eax, edx
        jmp     constant

# special_define_syntax: at the top; the meaning of its name is a macro from then on
        SPECIAL "define-syntax", special_define_syntax
        on      ne, dword [env], NIL, bad_syntax_form
        call    next_form
        push    ecx
        call    check_identifier
        call    strip
        xchg    eax, [esp]
        call    macro_expander
        push    eax
        call    new_macro
        pops    dword [eax+MACRO_EXPANDER], ecx
        mov     [ecx+SYMBOL_SYNTAX], eax
        jmp     unspecified

# new_macro: eax = macro whose expander is not yet known
new_macro:
        new     T_MACRO, 2, FALSE, FALSE
        return  edx

# macro_expander: eax = the procedure of the expression in the list eax: of a form and its
# environment, which gives another form
macro_expander:
        call    last_form
        pushes  dword [name], dword [lambda]
        mov     dword [lambda], FALSE
        call    expand
        pops    dword [lambda], dword [name]
        mov     ecx, [eax+NODE_MAKE]
        on      e, ecx, make_lambda, compile_procedure
        on      ne, ecx, make_constant, bad_syntax_form
        return  [eax+NODE_A]

# special_let_syntax: the macros of ((name expression) ...) in the body
        SPECIAL "let-syntax", special_let_syntax
        entry   "letrec-syntax", special_let_syntax, 255, 0
        call    next_form
        pushes  dword [env], ecx, eax
        call    open_scope
        pop     eax
        with    edx, .macro, call map_list
        pop     eax
        call    expand_body
        pop     dword [env]
        ret
.macro: call    next_form
# falls into local_macro: binds the identifier eax to the macro of the expression in the list ecx, which
# may mention it
local_macro:
        push    ecx
        call    check_identifier
        push    eax
        call    new_macro
        pop     ecx
        pushes  eax, ecx
        call    bind_in_scope
        with    eax, [esp+4], call macro_expander
        pop     ecx
        mov     [ecx+MACRO_EXPANDER], eax
        pop     eax
        ret

# open_scope: a new scope in [env], whose first entry binds nothing. bind_in_scope: as bind,
# but behind that entry, so that who has seen the scope before sees it too.
open_scope:
        push    FALSE
        with    eax, FALSE, call bind
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
# that is mentioned before its turn is kept in a box from the start.
expand_body:
        pushes  dword [env], NIL, eax   # forms, items
        call    open_scope
.form:  pop     eax
        on      e, eax, NIL, .scanned
        call    next_form
        push    ecx
.again: PAIR    eax, .expression        # eax = form; forms and items on the stack
        keep    eax, with    eax, [eax-4], call keyword
        bits    z, edx, edx, .expression
        bits    z, dl, 1, .macro
        shr     edx, 1
        switch  edx, special_begin, .begin, special_define, .define, special_define_syntax, .syntax
.expression: push FALSE
.item:  call    cons
        cons_of eax, [esp+8]
        mov     [esp+4], eax
        jmp     .form
.macro: pushes  dword [line], edx
        call    find_line
        pop     edx
        call    expand_macro
        pop     dword [line]
        jmp     .again
.begin: mov     ecx, [eax]              # its forms go in front of the others
        pop     eax
        call    join_lists
        push    eax
        jmp     .form
.syntax: mov    [form], eax
        with    eax, [eax], call next_form
        call    local_macro
        jmp     .form
.define: mov    [form], eax
        with    eax, [eax], call definition
        pushes  ecx, eax
        call    new_variable
        or      dword [eax+VAR_FLAGS], LATER
        pop     ecx
        pushes  eax, ecx
        call    bind_in_scope
        pop     eax
        xchg    eax, [esp]
        jmp     .item
.scanned: pop   eax
        on      e, eax, NIL, bad_syntax_form
        mov     ecx, [eax-4]
        mov     edx, UNSPECIFIED        # the last form, if that is a definition
        on      ne, dword [ecx-4], FALSE, .items
        load    edx, [ecx],  eax, [eax]
.items: push    edx
        call    turn
        with    edx, body_item, call map_list
        xchg    eax, [esp]
        call    expand
        load    ebp, eax,  ecx, FALSE
        pops    eax, dword [env]
        with    edx, make_body, jmp node3

# body_item: eax = (variable . node) of the item eax
body_item:
        push    dword [eax-4]
        load    ecx, [eax-4],  eax, [eax]
        on      e, ecx, FALSE, .effect
        copy    [name], [ecx+VAR_NAME]
        call    expand
        mov     dword [name], FALSE
        mov     ecx, [esp]
        and     dword [ecx+VAR_FLAGS], -1-LATER
        jmp     .done
.effect: call   expand
.done:  call    cons
        ret
