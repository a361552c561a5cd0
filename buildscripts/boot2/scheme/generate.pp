# ----------------------------------------------------------------------
# The compiler, second part: which variables a procedure captures
#
# A named let that is only called in its own tail position, and within one procedure, becomes a
# loop: its variables belong to that procedure. Another one becomes a closure. As this
# is found on the way, the walk is repeated until nothing changes.
# ----------------------------------------------------------------------

# compile_procedure: eax = closure of the lambda node eax, which has no free variables
compile_procedure:
        push    eax
.again: mov     dword [again], 0
        mov     dword [lambda], FALSE
        call_eax analyse, [esp]
        bne     dword [again], 0, .again
        pop     eax
        mov     eax, [eax+NODE_A]
        mov     dword [code_next], 0
        call    generate_code
        jmp     new_closure

# new_closure: eax = closure of the code eax, without captured values
new_closure:
        call_ecx allocate, 8
        mov     dword [edx], T_CLOSURE + 256
        mov     [edx+4], eax
        mov     eax, edx
        ret

# analyse: the node eax in the procedure [lambda]
analyse:
        bltu    esp, [stack_limit], too_deep
        mov     ecx, [eax+NODE_MAKE]
        beq     ecx, make_local, .local
        beq     ecx, make_set_local, .set
        beq     ecx, make_lambda, .lambda
        beq     ecx, make_loop, .loop
        beq     ecx, make_call, .call
        beq     ecx, make_body, .body
        beq     ecx, make_primitive, .operands
        beq     ecx, make_binary, .operands
        beq     ecx, make_constant, .done
.parts: push    eax
        call_eax analyse_part, [eax+NODE_A]
        follow  eax, [esp], NODE_B
        call    analyse_part
        pop     eax
        jmp_eax analyse_part, [eax+NODE_C]
.body:  mov     ecx, [eax+NODE_A]       # the variables first: the values may mention any
        push    eax
.variable: beq     ecx, NIL, .variables
        follow  eax, [ecx-4], -4
        push    dword [ecx]
        call    analyse_part
        pop     ecx
        jmp     .variable
.variables: pop     eax
        jmp     .parts
.operands: jmp_eax analyse_part, [eax+NODE_A]
.done:  ret
.set:   push    eax
        call_eax analyse, [eax+NODE_B]
        pop     eax
.local: jmp_eax note_variable, [eax+NODE_A]
.lambda: jmp_eax analyse_lambda, [eax+NODE_A]
.call:  mov     ecx, [eax+NODE_A]       # of a loop?
        bne     dword [ecx+NODE_MAKE], make_local, .parts
        mov     ecx, [ecx+NODE_A]
        beq     dword [ecx+VAR_LOOP], FALSE, .parts
        bnz     dword [ecx+VAR_FLAGS], ESCAPES, .parts
        mov     edx, [lambda]
        beq     edx, [ecx+VAR_OWNER], .jump
        or      dword [ecx+VAR_FLAGS], ESCAPES
        mov     dword [again], 1
        jmp     .parts
.jump:  jmp_eax analyse_part, [eax+NODE_B]
.loop:  push    eax                     # variable, values
        call_eax analyse_part, [eax+NODE_B]
        pop     eax
        mov     eax, [eax+NODE_A]
        mov     ecx, [lambda]
        mov     [eax+VAR_OWNER], ecx
        test    dword [eax+VAR_FLAGS], ESCAPES
        mov     eax, [eax+VAR_LOOP]
        jne     analyse_lambda
        push    eax
        call_eax analyse_part, [eax+LAMBDA_VARS]
        pop     eax
        jmp_eax analyse, [eax+LAMBDA_BODY]

# analyse_part: of a node: a node, a list of nodes, of variables, which the procedure has from now
# on, or of pairs of a variable or #f and a node; else nothing
analyse_part:
        bnz     al, 3, .done
        bz      al, 4, .object
        push    dword [eax]
        call_eax analyse_part, [eax-4]
        pop     eax
        jmp     analyse_part
.object: beq     byte [eax], T_NODE, analyse
        bne     byte [eax], T_VARIABLE, .done
        mov     ecx, [lambda]
        mov     [eax+VAR_OWNER], ecx
.done:  ret

analyse_lambda:
        push    dword [lambda]
        mov     ecx, [lambda]
        mov     [eax+LAMBDA_PARENT], ecx
        mov     dword [eax+LAMBDA_FREE], NIL
        mov     [lambda], eax
        call_eax analyse_part, [eax+LAMBDA_VARS]
        follow  eax, [lambda], LAMBDA_BODY
        call    analyse
        pop     dword [lambda]
        ret

# note_variable: adds the variable eax to those that [lambda] captures, and the procedures
# around it up to the one that has it
note_variable:
        push    eax
        mov     edx, [lambda]
        push    edx
.lambda: beq     edx, FALSE, bad_syntax_form # a macro's procedure mentions it
        mov     eax, [esp+4]
        beq     edx, [eax+VAR_OWNER], .done
        mov     ecx, [edx+LAMBDA_FREE]
.free:  beq     ecx, NIL, .add
        beq     [ecx-4], eax, .done
        mov     ecx, [ecx]
        jmp     .free
.add:   push    eax
        call_eax cons, [edx+LAMBDA_FREE]
        mov     edx, [esp]
        mov     [edx+LAMBDA_FREE], eax
        mov     edx, [edx+LAMBDA_PARENT]
        mov     [esp], edx
        jmp     .lambda
.done:  add     esp, 8
        ret

# ----------------------------------------------------------------------
# The compiler, third part: from nodes to code
#
# The code is collected in [code_buffer], a vector, from [code_start] to [code_next], indices;
# that of an inner procedure behind what the outer one has so far. [depth] is the number
# of words in the frame, counted from the first argument.
#
# Makers of nodes: eax = node, edx = 1 for the value to be returned, 0 for eax.
# ----------------------------------------------------------------------

# emit: adds the word eax to the code. Changes ecx, edx, and keeps no value.
emit:
        mov     ecx, [code_next]
        mov     edx, [code_buffer]
        lea     edx, [edx+ecx*4+4]
        mov     [edx], eax
        inc     ecx
        mov     [code_next], ecx
        follow  edx, [code_buffer], 0
        shr     edx, 8
        bgeu    ecx, edx, .grow
        ret
.grow:  lea     ecx, [edx*8+8]          # there is always room for one
        call_eax allocate, NIL
        mov     eax, ecx
        sub     eax, 8
        shl     eax, 6
        mov     al, T_VECTOR
        mov     [edx], eax
        push    edi
        mov     esi, [code_buffer]
        mov     [code_buffer], edx
        lea     edi, [edx+4]
        mov     ecx, [esi]
        shr     ecx, 8
        add     esi, 4
        push    ecx
        rep movsd
        pop     ecx                     # as many again
        mov     eax, 0
        rep stosd
        pop     edi
        ret

# emit2: eax, then edx, which may be values
emit2:
        push    edx
        call    emit
        pop     eax
        jmp     emit

# return: op_return, if edx says so
return:
        bz      edx, edx, .done
        emit_word op_return
        follow  ecx, [lambda], LAMBDA_COUNT
        mov     eax, [depth]
        sub     eax, ecx
        lea     eax, [eax*4-8]
        lea     edx, [ecx*4]
        jmp     emit2
.done:  ret

# note_place: the line of the node eax for the code that follows
note_place:
        mov     ecx, [eax+NODE_LINE]
        beq     ecx, [code_line], .done
        mov     [code_line], ecx
        lea     ecx, [ecx+ecx+1]
        mov     eax, [code_next]
        sub     eax, [code_start]
        lea     eax, [eax*8+CODE_START*2+1]
        push    eax
        call_eax cons, ecx
        push    eax
        call_eax cons, [code_lines]
        mov     [code_lines], eax
.done:  ret

# Labels: a word in memory has the index of the last operand that refers to it, that one the
# index of the one before it, the first 0. refer: an operand; edx = address of the label.
# place: the label is here.
refer:
        mov     eax, [edx]
        mov     ecx, [code_next]
        mov     [edx], ecx
        jmp     emit
place:
        mov     ecx, [edx]
.next:  jecxz   .done
        mov     edx, [code_buffer]
        lea     edx, [edx+ecx*4+4]
        mov     eax, [code_next]
        sub     eax, ecx
        lea     eax, [eax*4+4]
        mov     ecx, [edx]
        mov     [edx], eax
        jmp     .next
.done:  ret

# generate_code: eax = code object of the lambda eax
generate_code:
        pushes  dword [lambda], dword [depth], dword [code_start], dword [code_lines]
        push    dword [code_line]
        mov     [lambda], eax
        mov     dword [code_lines], NIL
        mov     dword [code_line], 0
        mov     ecx, [code_next]
        mov     [code_start], ecx
        mov     ecx, [eax+LAMBDA_COUNT]
        add     ecx, 2
        mov     [depth], ecx
        mov     eax, [eax+LAMBDA_VARS]
        xor     ecx, ecx
        push    eax
.argument: beq     eax, NIL, .boxes
        mov     edx, [eax-4]
        mov     [edx+VAR_SLOT], ecx
        inc     ecx
        jmp_eax .argument, [eax]
.boxes: pop     eax
        call    box_variables
        follow  eax, [lambda], LAMBDA_BODY
        mov     ecx, [lambda]
        xor     edx, edx                # a form at the top stays among the calls
        cmp     dword [ecx+LAMBDA_PARENT], FALSE
        setne   dl
        push    edx
        call    make
        pop     edx
        xor     edx, 1
        call    return
        mov     ecx, 16                 # name, file, lines
        follow  eax, [lambda], LAMBDA_NAME
        call    strip
        call_ecx allocate, 16
        mov     dword [edx], T_VECTOR + 3*256
        mov     [edx+4], eax
        mov     eax, [file]
        mov     [edx+8], eax
        mov     eax, [code_lines]
        mov     [edx+12], eax
        push    edx
        mov     ecx, [code_next]
        sub     ecx, [code_start]
        lea     ecx, [ecx*4+CODE_START+7]
        and     ecx, -8
        call    allocate
        mov     ecx, [code_next]
        sub     ecx, [code_start]
        lea     eax, [ecx+2]
        bgtu    eax, 0xFFFFFF, too_large
        shl     eax, 8
        mov     al, T_CODE
        mov     [edx], eax
        pop     dword [edx+CODE_INFO]
        follow  eax, [lambda], LAMBDA_ARGS
        mov     [edx+CODE_ARGS], eax
        push    edi
        mov     esi, [code_buffer]
        mov     eax, [code_start]
        mov     [code_next], eax
        lea     esi, [esi+eax*4+4]
        lea     edi, [edx+CODE_START]
        rep movsd
        pop     edi
        mov     eax, edx
        pops    dword [code_line], dword [code_lines], dword [code_start], dword [depth]
        pop     dword [lambda]
        ret

# make: the code of the node eax; edx as above. make_value: for its value in eax.
make_value:
        xor     edx, edx
make:
        jmp     [eax+NODE_MAKE]

# slot: eax = distance of the word with the index eax from esp
slot:
        neg     eax
        add     eax, [depth]
        lea     eax, [eax*4-4]
        ret

# box_variables: puts those of the list eax into boxes that need it
box_variables:
        beq     eax, NIL, .done
        push    dword [eax]
        mov     eax, [eax-4]
        bz      dword [eax+VAR_FLAGS], BOXED, .next
        call_eax slot, [eax+VAR_SLOT]
        mov     edx, eax
        call_eax emit2, op_box_local
.next:  pop     eax
        jmp     box_variables
.done:  ret

make_constant:
        push    edx
        mov     edx, [eax+NODE_A]
        call_eax emit2, op_const
        pop     edx
        jmp     return

# place_of: where the variable eax is: ecx = op_local and edx = distance from esp, or ecx = op_free and
# edx = distance in the closure
place_of:
        mov     ecx, [lambda]
        bne     ecx, [eax+VAR_OWNER], .free
        call_eax slot, [eax+VAR_SLOT]
        mov     edx, eax
        mov     ecx, op_local
        ret
.free:  mov     ecx, [ecx+LAMBDA_FREE]
        mov     edx, 8
.next:  beq     [ecx-4], eax, .found
        add     edx, 4
        mov     ecx, [ecx]
        jmp     .next
.found: mov     ecx, op_free
        ret

make_local:
        pushes  edx, eax
        mov     ecx, [eax+NODE_A]
        test    dword [ecx+VAR_FLAGS], BOXED
        je      .place
        call    note_place
.place: pop     eax
        call_eax variable_value, [eax+NODE_A]
        pop     edx
        jmp     return

make_global:
        pushes  edx, eax
        call    note_place
        pop     eax
        mov     edx, [eax+NODE_A]
        call_eax emit2, op_global
        pop     edx
        jmp     return

# push_value: the code that pushes the value of the node eax
push_value:
        mov     ecx, [eax+NODE_MAKE]
        beq     ecx, make_constant, .constant
        beq     ecx, make_local, .local
        beq     ecx, make_global, .global
.value: call    make_value
        emit_word op_push
        inc     dword [depth]
        ret
.constant: mov     edx, [eax+NODE_A]
        jmp_eax emit_push, op_push_const
.global: push    eax
        call    note_place
        pop     eax
        mov     edx, [eax+NODE_A]
        jmp_eax emit_push, op_push_global
.local: mov     ecx, [eax+NODE_A]
        bnz     dword [ecx+VAR_FLAGS], BOXED, .value
        mov     eax, ecx
# falls into push_variable: the variable eax, or its box
push_variable:
        call    place_of
        mov     eax, op_push_local
        beq     ecx, op_local, emit_push
        mov     eax, op_push_free
# falls into emit_push: the instruction eax, which pushes a word, with its operand edx
emit_push:
        call    emit2
        inc     dword [depth]
        ret

make_set_local:
        pushes  edx, eax
        call_eax push_variable, [eax+NODE_A]
        pop     eax
        call_eax make_value, [eax+NODE_B]
        emit_word op_set_box
        dec     dword [depth]
        pop     edx
        jmp     return

make_set_global:
        mov     ecx, op_set_global
        jmp     set_global
make_define:
        mov     ecx, op_define
set_global:
        pushes  edx, ecx, eax
        call_eax make_value, [eax+NODE_B]
        call_eax note_place, [esp]
        pop     eax
        mov     edx, [eax+NODE_A]
        pop     eax
        call    emit2
        pop     edx
        jmp     return

make_if:
        pushes  0, edx, eax             # label: the other branch
        lea     ecx, [esp+8]
        mov     eax, [eax+NODE_A]
        xor     edx, edx
        call    branch
        follow  eax, [esp], NODE_B
        call_edx make, [esp+4]
        bne     dword [esp+4], 0, .tail
        push    0                       # label: the end
        emit_word op_jump
        call_edx refer, esp
        lea     edx, [esp+12]
        call    place
        follow  eax, [esp+4], NODE_C
        call    make_value
        call_edx place, esp
        add     esp, 16
        ret
.tail:  lea     edx, [esp+8]
        call    place
        pop     eax
        mov     eax, [eax+NODE_C]
        pop     edx
        call    make
        pop     edx
        ret

# make_and: a false value is the value. make_or: a true one.
make_and:
        mov     ecx, br_true
        jmp     make_two
make_or:
        mov     ecx, br_false
make_two:
        pushes  0, edx, eax, ecx        # label
        call_eax make_value, [eax+NODE_A]
        pop     eax
        call    emit
        lea     edx, [esp+8]
        call    refer
        follow  eax, [esp], NODE_B
        call_edx make, [esp+4]
        lea     edx, [esp+8]
        call    place
        mov     edx, [esp+4]
        add     esp, 12
        jmp     return

# branch: the code that jumps to the label at ecx if the value of the node eax is true (edx = 1), or
# if it is false (edx = 0)
branch:
        pushes  ecx, edx, eax           # node, sense, label
        mov     ecx, [eax+NODE_MAKE]
        beq     ecx, make_and, .and
        beq     ecx, make_or, .or
        beq     ecx, make_primitive, .primitive
        beq     ecx, make_binary, .binary
.value: call    make_value
        mov     eax, br_true
        beq     dword [esp+4], 0, .jump
        mov     eax, br_false
.jump:  call    emit
        call_edx refer, [esp+8]
        add     esp, 12
        ret
.and:   beq     dword [esp+4], 0, .same
        jmp     .skip
.or:    bne     dword [esp+4], 0, .same
.skip:  push    0                       # the first decides against the jump, or the second for it
        mov     eax, [eax+NODE_A]
        mov     ecx, esp
        mov     edx, [esp+8]
        xor     edx, 1
        call    branch
        follow  eax, [esp+4], NODE_B
        mov     ecx, [esp+12]
        call_edx branch, [esp+8]
        call_edx place, esp
        add     esp, 16
        ret
.same:  mov     eax, [eax+NODE_A]       # either jumps
        mov     ecx, [esp+8]
        call_edx branch, [esp+4]
        pops    eax, edx, ecx
        jmp_eax branch, [eax+NODE_B]
.primitive: follow  ecx, [eax+NODE_B], PRIM_ENTRY
        bne     ecx, op_not, .fused
        pops    eax, edx, ecx           # not: the other way round
        xor     edx, 1
        follow  eax, [eax+NODE_A], -4
        jmp     branch
.binary: mov     ecx, [eax+NODE_B]
.fused: call    simplify
        mov     ebp, branches
.find:  beq     dword [ebp], 0, .value
        beq     ecx, [ebp], .found
        add     ebp, 20
        jmp     .find
.found: push    ebp                     # instruction; branches if it fails, if it holds; with a constant
        mov     eax, [eax+NODE_A]
        beq     dword [ebp+12], 0, .operands
        follow  ecx, [eax], -4
        bne     dword [ecx+NODE_MAKE], make_constant, .operands
        mov     edx, [ecx+NODE_A]
        beq     dword [ebp], op_is_eq, .constant
        bz      dl, 1, .operands
.constant: push    edx
        call_eax make_value, [eax-4]
        call_eax note_place, [esp+8]
        pops    edx, ebp
        mov     eax, [esp+4]
        call_eax emit2, [ebp+eax*4+12]
        call_edx refer, [esp+8]
        add     esp, 12
        ret
.operands: call    operand_values
        call_eax note_place, [esp+4]
        pop     ebp
        mov     eax, [esp+4]
        jmp_eax .jump, [ebp+eax*4+4]

# simplify: eqv? with a constant that is no large number is eq?. eax = node, ecx = its instruction
simplify:
        bne     ecx, op_is_eqv, .done
        mov     edx, [eax+NODE_A]
        follow  ebp, [edx], -4
        call    .constant
        je      .eq
        mov     ebp, [edx-4]
        call    .constant
        jne     .done
.eq:    mov     ecx, op_is_eq
.done:  ret
.constant: bne     dword [ebp+NODE_MAKE], make_constant, .done
        mov     ebp, [ebp+NODE_A]
        bnz     ebp, 3, .yes
        bnz     ebp, 4, .yes
        beq     byte [ebp], T_POSITIVE, .no
        beq     byte [ebp], T_NEGATIVE, .no
.yes:   cmp     ebp, ebp
        ret
.no:    test    esp, esp
        ret

# operand_values: the code that pushes the values of the list of nodes eax, the last one in eax
operand_values:
        push    1
.next:  mov     ecx, [eax]
        beq     ecx, NIL, .last
        push    ecx
        call_eax push_value, [eax-4]
        pop     eax
        inc     dword [esp]
        jmp     .next
.last:  call_eax make_value, [eax-4]
        pop     eax
        dec     eax
        sub     [depth], eax
        ret

make_sequence:
        push    edx
        mov     eax, [eax+NODE_A]
.next:  mov     ecx, [eax]
        beq     ecx, NIL, .last
        push    ecx
        call_eax make_value, [eax-4]
        pop     eax
        jmp     .next
.last:  pop     edx
        jmp_eax make, [eax-4]

# make_lambda: the captured values are pushed first. One that is not there yet is put in by the
# caller, who finds it in [patches]: pairs of a variable and its place in the closure.
make_lambda:
        push    edx
        call_eax closure, [eax+NODE_A]
        pop     edx
        jmp     return

# closure: the code for the closure of the lambda eax
closure:
        push    eax
        call    generate_code
        mov     ecx, [esp]
        mov     [esp], eax              # the code
        mov     eax, [ecx+LAMBDA_FREE]
        beq     eax, NIL, .constant
        pushes  dword [depth], 8        # small
.value: push    eax
        mov     eax, [eax-4]
        mov     ecx, [lambda]
        bne     ecx, [eax+VAR_OWNER], .there
        beq     dword [eax+VAR_SLOT], -1, .later
.there: call    push_variable
        jmp     .next
.later: push    eax
        mov     eax, [esp+8]
        lea     eax, [eax+eax+1]
        call    cons
        push    eax
        call_eax cons, [patches]
        mov     [patches], eax
        emit_both op_push_const, FALSE
        inc     dword [depth]
.next:  add     dword [esp+4], 4
        pop     eax
        mov     eax, [eax]
        bne     eax, NIL, .value
        pops    eax, eax
        mov     ecx, [depth]
        mov     [depth], eax
        sub     ecx, eax
        pop     edx
        push    ecx                     # number
        call_eax emit2, op_closure
        pop     eax
        jmp     emit
.constant: pop     eax
        call    new_closure
        mov     edx, eax
        jmp_eax emit2, op_const

# make_call: arguments, then the procedure
make_call:
        pushes  edx, eax
        mov     ecx, [eax+NODE_A]
        bne     dword [ecx+NODE_MAKE], make_local, .call
        mov     ecx, [ecx+NODE_A]
        beq     dword [ecx+VAR_LOOP], FALSE, .call
        bz      dword [ecx+VAR_FLAGS], ESCAPES, loop_again
.call:  push    0                       # number, node, tail?
        mov     eax, [eax+NODE_B]
.argument: beq     eax, NIL, .procedure
        push    dword [eax]
        call_eax push_value, [eax-4]
        pop     eax
        inc     dword [esp]
        jmp     .argument
.procedure: follow  eax, [esp+4], NODE_A
        beq     dword [eax+NODE_MAKE], make_global, .global
        call    make_value
        call_eax note_place, [esp+4]
        mov     eax, op_call
        beq     dword [esp+8], 0, .emit
        mov     eax, op_tail
.emit:  call_edx emit2, [esp]
        jmp     .called
.global: call_eax note_place, [esp+4]
        mov     eax, op_call_global
        beq     dword [esp+8], 0, .emit_global
        mov     eax, op_tail_global
.emit_global: call_edx emit2, [esp]
        follow  eax, [esp+4], NODE_A, NODE_A
        call    emit
.called: pop     eax
        sub     [depth], eax
        pops    eax, edx
        jmp     return

# loop_again: a call of a named let that is a loop; the stack has node, tail?
loop_again:
        push    dword [depth]
        mov     eax, [eax+NODE_B]
        push    0
.argument: beq     eax, NIL, .jump
        push    dword [eax]
        call_eax push_value, [eax-4]
        pop     eax
        inc     dword [esp]
        jmp     .argument
.jump:  follow  ecx, [esp+8], NODE_A, NODE_A # number, depth, node, tail?
        mov     edx, [esp+4]
        mov     [depth], edx
        sub     edx, [ecx+VAR_DEPTH]
        shl     edx, 2
        pushes  dword [ecx+VAR_LABEL], edx
        beq     dword [esp+8], 0, .none
        emit_both op_loop, [esp+8]
        pop     eax
        call    emit
        jmp     .target
.none:  mov     eax, op_drop
        pop     edx
        call    emit2
        emit_word op_jump
.target: pop     eax
        sub     eax, [code_next]
        lea     eax, [eax*4+4]
        add     esp, 16
        jmp     emit

# push_variables: the values eax of the variables ecx, lists
push_variables:
        beq     eax, NIL, .done
        pushes  dword [eax], dword [ecx], dword [ecx-4]
        call_eax push_value, [eax-4]
        pop     ecx
        mov     eax, [depth]
        dec     eax
        mov     [ecx+VAR_SLOT], eax
        pops    ecx, eax
        jmp     push_variables
.done:  ret

# drop_words: the stack has, under the return address, the depth to go back to, and if the
# value is returned, the words are taken off; the value is in eax
drop_words:
        mov     eax, [depth]
        sub     eax, [esp+4]
        mov     ecx, [esp+4]
        mov     [depth], ecx
        bne     dword [esp+8], 0, .done
        bz      eax, eax, .done
        lea     edx, [eax*4]
        call_eax emit2, op_drop
.done:  ret     8

make_let:
        pushes  edx, dword [depth], edx, eax
        mov     ecx, [eax+NODE_A]
        call_eax push_variables, [eax+NODE_B]
        follow  eax, [esp], NODE_A
        call    box_variables
        pops    eax, edx
        call_eax make, [eax+NODE_C]
        call    drop_words
        ret

# make_loop: variable, values
make_loop:
        pushes  edx, dword [depth], edx, eax # for drop_words
        mov     ecx, [eax+NODE_A]
        bnz     dword [ecx+VAR_FLAGS], ESCAPES, .closure
        follow  ecx, [ecx+VAR_LOOP], LAMBDA_VARS
        call_eax push_variables, [eax+NODE_B]
        follow  eax, [esp], NODE_A
        mov     ecx, [depth]
        mov     [eax+VAR_DEPTH], ecx
        mov     ecx, [code_next]
        mov     [eax+VAR_LABEL], ecx
        follow  eax, [eax+VAR_LOOP], LAMBDA_VARS
        call    box_variables
        pops    eax, edx
        follow  eax, [eax+NODE_A], VAR_LOOP, LAMBDA_BODY
        call    make
        call    drop_words
        ret
.closure: mov     eax, ecx              # a body with one procedure, and a call of it
        call_ecx push_procedure, [eax+VAR_LOOP]
        push    0                       # number of arguments
        follow  eax, [esp+4], NODE_B
.argument: beq     eax, NIL, .call
        push    dword [eax]
        call_eax push_value, [eax-4]
        pop     eax
        inc     dword [esp]
        jmp     .argument
.call:  call_eax note_place, [esp+4]
        follow  eax, [esp+4], NODE_A
        call    variable_value
        mov     eax, op_call
        beq     dword [esp+8], 0, .emit
        mov     eax, op_tail
.emit:  call_edx emit2, [esp]
        pop     eax
        sub     [depth], eax
        pops    eax, edx
        call    return
        call    drop_words
        ret

# variable_value: the code for the value of the variable eax
variable_value:
        push    dword [eax+VAR_FLAGS]
        call    place_of
        call_eax emit2, ecx
        pop     ecx
        bz      ecx, BOXED, .done
        jmp_eax emit, op_unbox
.done:  ret

# push_box: pushes a box for the variable eax. set_box: puts the value into the box that has been
# pushed after it.
push_box:
        push    eax
        emit_both op_const, UNBOUND
        emit_both op_box, op_push
        pop     eax
        mov     ecx, [depth]
        mov     [eax+VAR_SLOT], ecx
        inc     dword [depth]
        ret
set_box:
        mov     eax, op_set_box
        dec     dword [depth]
        jmp     emit

# box_groups: of procedures that follow each other in the items eax, all are in boxes if one is
box_groups:
        beq     eax, NIL, .done
        mov     ebp, eax                # ebp -> first of the group
        xor     edx, edx                # edx = BOXED if one is
.look:  call    .procedure
        jne     .looked
        or      edx, [ecx+VAR_FLAGS]
        mov     eax, [eax]
        bne     eax, NIL, .look
.looked: and     edx, BOXED
.mark:  beq     ebp, eax, .marked       # from ebp to eax
        follow  ecx, [ebp-4], -4
        or      [ecx+VAR_FLAGS], edx
        mov     ebp, [ebp]
        jmp     .mark
.marked: beq     eax, NIL, .done
        jmp_eax box_groups, [eax]       # the one that is no procedure
.procedure: mov     ecx, [eax-4]        # zero flag if the first of eax is one; ecx = variable
        push    ecx
        mov     ecx, [ecx]
        cmp     dword [ecx+NODE_MAKE], make_lambda
        pop     ecx
        mov     ecx, [ecx-4]
        jne     .done
        beq     ecx, FALSE, .no
        cmp     ecx, ecx
.done:  ret
.no:    test    esp, esp
        ret

# make_body: a list of (variable . node) and (#f . node), and the last node. Boxes come first, then
# the values in their order.
make_body:
        pushes  edx, dword [depth], edx, eax
        call_eax box_groups, [eax+NODE_A]
        follow  eax, [esp], NODE_A
.box:   beq     eax, NIL, .boxes
        push    dword [eax]
        follow  eax, [eax-4], -4
        beq     eax, FALSE, .next_box
        mov     dword [eax+VAR_SLOT], -1
        bz      dword [eax+VAR_FLAGS], BOXED, .next_box
        call    push_box
.next_box: pop     eax
        jmp     .box
.boxes: follow  eax, [esp], NODE_A
.item:  beq     eax, NIL, .last
        push    eax
        mov     eax, [eax-4]
        mov     ecx, [eax-4]
        beq     ecx, FALSE, .effect
        bnz     dword [ecx+VAR_FLAGS], BOXED, .boxed
        mov     edx, [eax]
        beq     dword [edx+NODE_MAKE], make_lambda, .procedures
        push    ecx
        call_eax push_value, edx
        pop     ecx
        mov     eax, [depth]
        dec     eax
        mov     [ecx+VAR_SLOT], eax
        jmp     .next
.effect: call_eax make_value, [eax]
        jmp     .next
.boxed: push    eax
        call_eax push_variable, ecx
        pop     eax
        call_eax make_value, [eax]
        call    set_box
.next:  pop     eax
        jmp_eax .item, [eax]
.procedures: pop     eax
        call    push_group
        jmp     .item
.last:  pops    eax, edx
        call_eax make, [eax+NODE_C]
        call    drop_words
        ret

# push_group: pushes the closures of the items at the head of the list eax that are procedures not in
# boxes, and gives them to each other; eax = the rest
push_group:
        push    dword [patches]
        mov     dword [patches], NIL
.item:  beq     eax, NIL, .patch
        mov     ecx, [eax-4]
        mov     edx, [ecx-4]
        beq     edx, FALSE, .patch
        bnz     dword [edx+VAR_FLAGS], BOXED, .patch
        mov     ecx, [ecx]
        bne     dword [ecx+NODE_MAKE], make_lambda, .patch
        pushes  dword [eax], edx
        mov     eax, edx
        call_ecx push_closure, [ecx+NODE_A]
        pops    eax, eax
        jmp     .item
.patch: push    eax
        call    patch_closures
        pops    eax, dword [patches]
        ret

# push_procedure: the same for the variable eax and its lambda ecx alone
push_procedure:
        bnz     dword [eax+VAR_FLAGS], BOXED, .boxed
        push    dword [patches]
        mov     dword [patches], NIL
        call    push_closure
        call    patch_closures
        pop     dword [patches]
        ret
.boxed: pushes  ecx, eax
        call    push_box
        pop     eax
        call    push_variable
        pop     eax
        call    closure
        jmp     set_box

# push_closure: pushes the closure of the lambda ecx for the variable eax, and puts what is missing in it
# into [patches] as (variable . place) with the closure's variable
push_closure:
        pushes  eax, dword [patches]
        mov     dword [patches], NIL
        call_eax closure, ecx
        emit_word op_push
        mov     ecx, [esp+4]
        mov     eax, [depth]
        mov     [ecx+VAR_SLOT], eax
        inc     dword [depth]
        mov     eax, [patches]          # ((variable . place) ...): with this variable in front
        beq     eax, NIL, .none
        push    ecx
        call    cons
        push    eax
        call_eax cons, [esp+4]
        mov     [patches], eax
        add     esp, 8
        ret
.none:  pops    dword [patches], eax
        ret

# patch_closures: [patches] is a list of (variable (variable . place) ...): closure, what it lacks
patch_closures:
        mov     eax, [patches]
        beq     eax, NIL, .done
        mov     ecx, [eax]
        mov     [patches], ecx
        mov     eax, [eax-4]
        pushes  dword [eax-4], dword [eax] # the closure's variable
.patch: mov     eax, [esp]
        beq     eax, NIL, .end
        mov     ecx, [eax]
        mov     [esp], ecx
        push    dword [eax-4]
        follow  eax, [eax-4], -4
        call    place_of
        call_eax emit2, op_local
        follow  eax, [esp+8], VAR_SLOT
        call    slot
        mov     edx, eax
        call_eax emit2, op_patch
        pop     eax
        mov     eax, [eax]
        shr     eax, 1
        call    emit
        jmp     .patch
.end:   add     esp, 8
        jmp     patch_closures
.done:  ret

# make_primitive: an instruction, or the address of one that takes any number
make_primitive:
        pushes  edx, eax
        mov     ecx, [eax+NODE_B]
        mov     edx, [ecx+PRIM_MIN]
        bne     edx, [ecx+PRIM_MAX], .any
        bne     dword [ecx+PRIM_DATA], FALSE, .object
        call_ecx simplify, [ecx+PRIM_ENTRY]
        jmp     instruction
.object: call_eax operand_values, [eax+NODE_A] # an accessor of records
        call_eax note_place, [esp]
        pop     eax
        mov     edx, [eax+NODE_B]
        call_eax emit2, op_object
        pop     edx
        jmp     return
.any:   mov     eax, [eax+NODE_A]
        push    0
.argument: beq     eax, NIL, .emit
        push    dword [eax]
        call_eax push_value, [eax-4]
        pop     eax
        inc     dword [esp]
        jmp     .argument
.emit:  call_eax note_place, [esp+4]
        emit_both op_count, [esp]
        follow  eax, [esp+4], NODE_B, PRIM_ENTRY
        call    emit
        pop     eax
        sub     [depth], eax
        pops    eax, edx
        jmp     return
make_binary:
        pushes  edx, eax
        mov     ecx, [eax+NODE_B]
# falls into instruction

# instruction: eax = node, ecx = instruction; the stack has node, tail?
instruction:
        push    ecx
        mov     eax, [eax+NODE_A]
        beq     eax, NIL, .emit
        mov     edx, [eax]
        beq     edx, NIL, .unary
        mov     ebp, constant_forms
.form:  beq     ecx, [ebp], .found      # instruction, the same with a constant
        add     ebp, 8
        bne     dword [ebp], 0, .form
.operands: call    operand_values
.emit:  call_eax note_place, [esp+4]
        pop     eax
        call    emit
        pops    eax, edx
        jmp     return
.found: mov     edx, [edx-4]
        bne     dword [edx+NODE_MAKE], make_constant, .first
        mov     edx, [edx+NODE_A]
        bz      dl, 1, .operands
        jmp_eax .constant, [eax-4]
.first: bne     ecx, op_add, .operands  # (+ 1 x)
        mov     ecx, [eax-4]
        bne     dword [ecx+NODE_MAKE], make_constant, .operands
        mov     ecx, [ecx+NODE_A]
        bz      cl, 1, .operands
        mov     eax, edx
        mov     edx, ecx
.constant: mov     ecx, [ebp+4]         # instruction of the node eax and the fixnum edx
        mov     [esp], ecx
        push    edx
        call    make_value
        call_eax note_place, [esp+8]
        pops    edx, eax
        call    emit2
        pops    eax, edx
        jmp     return
.unary: mov     edx, op_car_local       # car and cdr of a variable
        beq     ecx, op_car, .pair
        mov     edx, op_cdr_local
        bne     ecx, op_cdr, .operands
.pair:  mov     ebp, [eax-4]
        bne     dword [ebp+NODE_MAKE], make_local, .operands
        mov     ebp, [ebp+NODE_A]
        bnz     dword [ebp+VAR_FLAGS], BOXED, .operands
        mov     ecx, [lambda]
        bne     ecx, [ebp+VAR_OWNER], .operands
        mov     [esp], edx
        push    ebp
        call_eax note_place, [esp+8]
        pop     eax
        call_eax slot, [eax+VAR_SLOT]
        mov     edx, eax
        pop     eax
        call    emit2
        pops    eax, edx
        jmp     return

# (%compile form): a procedure that evaluates it
op_compile:
        ENTER_NATIVE
        call    compile_form
        LEAVE_NATIVE
        NEXT
compile_form:
        mov     dword [env], NIL
        mov     dword [loops], NIL
        mov     dword [name], FALSE
        mov     dword [patches], NIL
        call    expand
        push    eax
        call_eax lambda_variables, NIL
        pop     ecx
        mov     [eax+LAMBDA_BODY], ecx
        mov     dword [eax+LAMBDA_NAME], TRUE   # the top level
        pushes  eax, FALSE, FALSE
        node    make_lambda
        jmp     compile_procedure

# ----------------------------------------------------------------------
# What macros written in Scheme need
# ----------------------------------------------------------------------
# (%alias identifier env): another name for it
op_alias:
        call_ecx allocate, 16
        mov     dword [edx], T_ALIAS + 2*256
        pop     dword [edx+ALIAS_ID]
        mov     [edx+ALIAS_ENV], eax
        RESULT  edx
# (%keyword form): at the top: the number of the special form, a macro, or #f
op_keyword:
        PAIR    eax, false
        mov     eax, [eax-4]
        mov     dword [env], NIL
        call    keyword
        bz      edx, edx, false
        RESULT  edx
# (%expand-macro form): at the top: what the macro at its head makes of it
op_expand_macro:
        ENTER_NATIVE
        push    eax
        call    find_line
        mov     eax, [esp]
        mov     eax, [eax-4]
        mov     dword [env], NIL
        call    keyword
        pop     eax
        call    expand_macro
        LEAVE_NATIVE
        NEXT
# (%means? identifier env identifier env): they mean the same
op_means:
        mov     ecx, eax
        pops    ebp, edx, eax
        push    dword [env]
        mov     [env], edx
        push    ecx
        call    is_identifier
        jne     .no
        call    lookup
        pop     dword [env]
        push    eax
        call_eax lookup, ebp
        pops    ecx, dword [env]
        beq     eax, ecx, true
        jmp     false
.no:    pops    ecx, dword [env]
        jmp     false
# (%strip datum): without aliases
op_strip:
        call    strip
        NEXT
# (%lines! file lines): what the compiler is to note; lines is a vector for the reader, or #f
op_lines:
        mov     dword [line], 1
        pop     dword [file]
        mov     [lines], eax
        mov     dword [lines_count], 0
        mov     dword [lines_next], 0
        NEXT
# (%place): (file . line) of the form that is compiled
op_place:
        mov     eax, [line]
        lea     eax, [eax+eax+1]
        push    dword [file]
        call    cons
        NEXT
# (%type x): the first byte of an object, 0 of others
op_type:
        bnz     al, 7, .none
        movzx   eax, byte [eax]
        lea     eax, [eax+eax+1]
        NEXT
.none:  RESULT  1
op_collections:
        mov     eax, [collections]
        lea     eax, [eax+eax+1]
        NEXT
