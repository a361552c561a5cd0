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
.again:
        mov     dword [again], 0
        mov     dword [lambda], FALSE
        mov     eax, [esp]
        call    analyse
        cmp     dword [again], 0
        jne     .again
        pop     eax
        mov     eax, [eax+NODE_A]
        mov     dword [code_next], 0
        call    generate_code
        jmp     new_closure

# new_closure: eax = closure of the code eax, without captured values
new_closure:
        mov     ecx, 8
        call    allocate
        mov     dword [edx], T_CLOSURE + 256
        mov     [edx+4], eax
        mov     eax, edx
        ret

# analyse: the node eax in the procedure [lambda]
analyse:
        cmp     esp, [stack_limit]
        jb      too_deep
        mov     ecx, [eax+NODE_MAKE]
        cmp     ecx, make_local
        je      .local
        cmp     ecx, make_set_local
        je      .set
        cmp     ecx, make_lambda
        je      .lambda
        cmp     ecx, make_loop
        je      .loop
        cmp     ecx, make_call
        je      .call
        cmp     ecx, make_body
        je      .body
        cmp     ecx, make_primitive
        je      .operands
        cmp     ecx, make_binary
        je      .operands
        cmp     ecx, make_constant
        je      .done
.parts:
        push    eax
        mov     eax, [eax+NODE_A]
        call    analyse_part
        mov     eax, [esp]
        mov     eax, [eax+NODE_B]
        call    analyse_part
        pop     eax
        mov     eax, [eax+NODE_C]
        jmp     analyse_part
.body:                                  # the variables first: the values may mention any
        mov     ecx, [eax+NODE_A]
        push    eax
.variable:
        cmp     ecx, NIL
        je      .variables
        mov     eax, [ecx-4]
        mov     eax, [eax-4]
        push    dword [ecx]
        call    analyse_part
        pop     ecx
        jmp     .variable
.variables:
        pop     eax
        jmp     .parts
.operands:
        mov     eax, [eax+NODE_A]
        jmp     analyse_part
.done:
        ret
.set:
        push    eax
        mov     eax, [eax+NODE_B]
        call    analyse
        pop     eax
.local:
        mov     eax, [eax+NODE_A]
        jmp     note_variable
.lambda:
        mov     eax, [eax+NODE_A]
        jmp     analyse_lambda
.call:                                  # of a loop?
        mov     ecx, [eax+NODE_A]
        cmp     dword [ecx+NODE_MAKE], make_local
        jne     .parts
        mov     ecx, [ecx+NODE_A]
        cmp     dword [ecx+VAR_LOOP], FALSE
        je      .parts
        test    dword [ecx+VAR_FLAGS], ESCAPES
        jne     .parts
        mov     edx, [lambda]
        cmp     edx, [ecx+VAR_OWNER]
        je      .jump
        or      dword [ecx+VAR_FLAGS], ESCAPES
        mov     dword [again], 1
        jmp     .parts
.jump:
        mov     eax, [eax+NODE_B]
        jmp     analyse_part
.loop:                                  # variable, values
        push    eax
        mov     eax, [eax+NODE_B]
        call    analyse_part
        pop     eax
        mov     eax, [eax+NODE_A]
        mov     ecx, [lambda]
        mov     [eax+VAR_OWNER], ecx
        test    dword [eax+VAR_FLAGS], ESCAPES
        mov     eax, [eax+VAR_LOOP]
        jne     analyse_lambda
        push    eax
        mov     eax, [eax+LAMBDA_VARS]
        call    analyse_part
        pop     eax
        mov     eax, [eax+LAMBDA_BODY]
        jmp     analyse

# analyse_part: of a node: a node, a list of nodes, of variables, which the procedure has from now
# on, or of pairs of a variable or #f and a node; else nothing
analyse_part:
        test    al, 3
        jne     .done
        test    al, 4
        je      .object
        push    dword [eax]
        mov     eax, [eax-4]
        call    analyse_part
        pop     eax
        jmp     analyse_part
.object:
        cmp     byte [eax], T_NODE
        je      analyse
        cmp     byte [eax], T_VARIABLE
        jne     .done
        mov     ecx, [lambda]
        mov     [eax+VAR_OWNER], ecx
.done:
        ret

analyse_lambda:
        push    dword [lambda]
        mov     ecx, [lambda]
        mov     [eax+LAMBDA_PARENT], ecx
        mov     dword [eax+LAMBDA_FREE], NIL
        mov     [lambda], eax
        mov     eax, [eax+LAMBDA_VARS]
        call    analyse_part
        mov     eax, [lambda]
        mov     eax, [eax+LAMBDA_BODY]
        call    analyse
        pop     dword [lambda]
        ret

# note_variable: adds the variable eax to those that [lambda] captures, and the procedures
# around it up to the one that has it
note_variable:
        push    eax
        mov     edx, [lambda]
        push    edx
.lambda:
        cmp     edx, FALSE
        je      bad_syntax_form         # a macro's procedure mentions it
        mov     eax, [esp+4]
        cmp     edx, [eax+VAR_OWNER]
        je      .done
        mov     ecx, [edx+LAMBDA_FREE]
.free:
        cmp     ecx, NIL
        je      .add
        cmp     [ecx-4], eax
        je      .done
        mov     ecx, [ecx]
        jmp     .free
.add:
        push    eax
        mov     eax, [edx+LAMBDA_FREE]
        call    cons
        mov     edx, [esp]
        mov     [edx+LAMBDA_FREE], eax
        mov     edx, [edx+LAMBDA_PARENT]
        mov     [esp], edx
        jmp     .lambda
.done:
        add     esp, 8
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
        mov     edx, [code_buffer]
        mov     edx, [edx]
        shr     edx, 8
        cmp     ecx, edx
        jae     .grow
        ret
.grow:                                  # there is always room for one
        lea     ecx, [edx*8+8]
        mov     eax, NIL
        call    allocate
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
        test    edx, edx
        je      .done
        mov     eax, op_return
        call    emit
        mov     ecx, [lambda]
        mov     ecx, [ecx+LAMBDA_COUNT]
        mov     eax, [depth]
        sub     eax, ecx
        lea     eax, [eax*4-8]
        lea     edx, [ecx*4]
        jmp     emit2
.done:
        ret

# note_place: the line of the node eax for the code that follows
note_place:
        mov     ecx, [eax+NODE_LINE]
        cmp     ecx, [code_line]
        je      .done
        mov     [code_line], ecx
        lea     ecx, [ecx+ecx+1]
        mov     eax, [code_next]
        sub     eax, [code_start]
        lea     eax, [eax*8+CODE_START*2+1]
        push    eax
        mov     eax, ecx
        call    cons
        push    eax
        mov     eax, [code_lines]
        call    cons
        mov     [code_lines], eax
.done:
        ret

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
.next:
        jecxz   .done
        mov     edx, [code_buffer]
        lea     edx, [edx+ecx*4+4]
        mov     eax, [code_next]
        sub     eax, ecx
        lea     eax, [eax*4+4]
        mov     ecx, [edx]
        mov     [edx], eax
        jmp     .next
.done:
        ret

# generate_code: eax = code object of the lambda eax
generate_code:
        push    dword [lambda]
        push    dword [depth]
        push    dword [code_start]
        push    dword [code_lines]
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
.argument:
        cmp     eax, NIL
        je      .boxes
        mov     edx, [eax-4]
        mov     [edx+VAR_SLOT], ecx
        inc     ecx
        mov     eax, [eax]
        jmp     .argument
.boxes:
        pop     eax
        call    box_variables
        mov     eax, [lambda]
        mov     eax, [eax+LAMBDA_BODY]
        mov     edx, 1
        call    make
        mov     ecx, 16                 # name, file, lines
        mov     eax, [lambda]
        mov     eax, [eax+LAMBDA_NAME]
        call    strip
        mov     ecx, 16
        call    allocate
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
        cmp     eax, 0xFFFFFF
        ja      too_large
        shl     eax, 8
        mov     al, T_CODE
        mov     [edx], eax
        pop     dword [edx+CODE_INFO]
        mov     eax, [lambda]
        mov     eax, [eax+LAMBDA_ARGS]
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
        pop     dword [code_line]
        pop     dword [code_lines]
        pop     dword [code_start]
        pop     dword [depth]
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
        cmp     eax, NIL
        je      .done
        push    dword [eax]
        mov     eax, [eax-4]
        test    dword [eax+VAR_FLAGS], BOXED
        je      .next
        mov     eax, [eax+VAR_SLOT]
        call    slot
        mov     edx, eax
        mov     eax, op_box_local
        call    emit2
.next:
        pop     eax
        jmp     box_variables
.done:
        ret

make_constant:
        push    edx
        mov     edx, [eax+NODE_A]
        mov     eax, op_const
        call    emit2
        pop     edx
        jmp     return

# place_of: where the variable eax is: ecx = op_local and edx = distance from esp, or ecx = op_free and
# edx = distance in the closure
place_of:
        mov     ecx, [lambda]
        cmp     ecx, [eax+VAR_OWNER]
        jne     .free
        mov     eax, [eax+VAR_SLOT]
        call    slot
        mov     edx, eax
        mov     ecx, op_local
        ret
.free:
        mov     ecx, [ecx+LAMBDA_FREE]
        mov     edx, 8
.next:
        cmp     [ecx-4], eax
        je      .found
        add     edx, 4
        mov     ecx, [ecx]
        jmp     .next
.found:
        mov     ecx, op_free
        ret

make_local:
        push    edx
        mov     eax, [eax+NODE_A]
        call    variable_value
        pop     edx
        jmp     return

make_global:
        push    edx
        push    eax
        call    note_place
        pop     eax
        mov     edx, [eax+NODE_A]
        mov     eax, op_global
        call    emit2
        pop     edx
        jmp     return

# push_value: the code that pushes the value of the node eax
push_value:
        mov     ecx, [eax+NODE_MAKE]
        cmp     ecx, make_constant
        je      .constant
        cmp     ecx, make_local
        je      .local
        cmp     ecx, make_global
        je      .global
.value:
        call    make_value
        mov     eax, op_push
        call    emit
        inc     dword [depth]
        ret
.constant:
        mov     edx, [eax+NODE_A]
        mov     eax, op_push_const
        jmp     emit_push
.global:
        push    eax
        call    note_place
        pop     eax
        mov     edx, [eax+NODE_A]
        mov     eax, op_push_global
        jmp     emit_push
.local:
        mov     ecx, [eax+NODE_A]
        test    dword [ecx+VAR_FLAGS], BOXED
        jne     .value
        mov     eax, ecx
# falls into push_variable: the variable eax, or its box
push_variable:
        call    place_of
        mov     eax, op_push_local
        cmp     ecx, op_local
        je      emit_push
        mov     eax, op_push_free
# falls into emit_push: the instruction eax, which pushes a word, with its operand edx
emit_push:
        call    emit2
        inc     dword [depth]
        ret

make_set_local:
        push    edx
        push    eax
        mov     eax, [eax+NODE_A]
        call    push_variable
        pop     eax
        mov     eax, [eax+NODE_B]
        call    make_value
        mov     eax, op_set_box
        call    emit
        dec     dword [depth]
        pop     edx
        jmp     return

make_set_global:
        mov     ecx, op_set_global
        jmp     set_global
make_define:
        mov     ecx, op_define
set_global:
        push    edx
        push    ecx
        push    eax
        mov     eax, [eax+NODE_B]
        call    make_value
        mov     eax, [esp]
        call    note_place
        pop     eax
        mov     edx, [eax+NODE_A]
        pop     eax
        call    emit2
        pop     edx
        jmp     return

make_if:
        push    0                       # label: the other branch
        push    edx
        push    eax
        lea     ecx, [esp+8]
        mov     eax, [eax+NODE_A]
        xor     edx, edx
        call    branch
        mov     eax, [esp]
        mov     eax, [eax+NODE_B]
        mov     edx, [esp+4]
        call    make
        cmp     dword [esp+4], 0
        jne     .tail
        push    0                       # label: the end
        mov     eax, op_jump
        call    emit
        mov     edx, esp
        call    refer
        lea     edx, [esp+12]
        call    place
        mov     eax, [esp+4]
        mov     eax, [eax+NODE_C]
        call    make_value
        mov     edx, esp
        call    place
        add     esp, 16
        ret
.tail:
        lea     edx, [esp+8]
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
        push    0                       # label
        push    edx
        push    eax
        push    ecx
        mov     eax, [eax+NODE_A]
        call    make_value
        pop     eax
        call    emit
        lea     edx, [esp+8]
        call    refer
        mov     eax, [esp]
        mov     eax, [eax+NODE_B]
        mov     edx, [esp+4]
        call    make
        lea     edx, [esp+8]
        call    place
        mov     edx, [esp+4]
        add     esp, 12
        jmp     return

# branch: the code that jumps to the label at ecx if the value of the node eax is true (edx = 1), or
# if it is false (edx = 0)
branch:
        push    ecx
        push    edx
        push    eax                     # node, sense, label
        mov     ecx, [eax+NODE_MAKE]
        cmp     ecx, make_and
        je      .and
        cmp     ecx, make_or
        je      .or
        cmp     ecx, make_primitive
        je      .primitive
        cmp     ecx, make_binary
        je      .binary
.value:
        call    make_value
        mov     eax, br_true
        cmp     dword [esp+4], 0
        je      .jump
        mov     eax, br_false
.jump:
        call    emit
        mov     edx, [esp+8]
        call    refer
        add     esp, 12
        ret
.and:
        cmp     dword [esp+4], 0
        je      .same
        jmp     .skip
.or:
        cmp     dword [esp+4], 0
        jne     .same
.skip:                                  # the first decides against the jump, or the second for it
        push    0
        mov     eax, [eax+NODE_A]
        mov     ecx, esp
        mov     edx, [esp+8]
        xor     edx, 1
        call    branch
        mov     eax, [esp+4]
        mov     eax, [eax+NODE_B]
        mov     ecx, [esp+12]
        mov     edx, [esp+8]
        call    branch
        mov     edx, esp
        call    place
        add     esp, 16
        ret
.same:                                  # either jumps
        mov     eax, [eax+NODE_A]
        mov     ecx, [esp+8]
        mov     edx, [esp+4]
        call    branch
        pop     eax
        pop     edx
        pop     ecx
        mov     eax, [eax+NODE_B]
        jmp     branch
.primitive:
        mov     ecx, [eax+NODE_B]
        mov     ecx, [ecx+PRIM_ENTRY]
        cmp     ecx, op_not
        jne     .fused
        pop     eax                     # not: the other way round
        pop     edx
        pop     ecx
        xor     edx, 1
        mov     eax, [eax+NODE_A]
        mov     eax, [eax-4]
        jmp     branch
.binary:
        mov     ecx, [eax+NODE_B]
.fused:
        call    simplify
        mov     ebp, branches
.find:
        cmp     dword [ebp], 0
        je      .value
        cmp     ecx, [ebp]
        je      .found
        add     ebp, 20
        jmp     .find
.found:                                 # instruction; branches if it fails, if it holds; with a constant
        push    ebp
        mov     eax, [eax+NODE_A]
        cmp     dword [ebp+12], 0
        je      .operands
        mov     ecx, [eax]
        mov     ecx, [ecx-4]
        cmp     dword [ecx+NODE_MAKE], make_constant
        jne     .operands
        mov     edx, [ecx+NODE_A]
        cmp     dword [ebp], op_is_eq
        je      .constant
        test    dl, 1
        je      .operands
.constant:
        push    edx
        mov     eax, [eax-4]
        call    make_value
        mov     eax, [esp+8]
        call    note_place
        pop     edx
        pop     ebp
        mov     eax, [esp+4]
        mov     eax, [ebp+eax*4+12]
        call    emit2
        mov     edx, [esp+8]
        call    refer
        add     esp, 12
        ret
.operands:
        call    operand_values
        mov     eax, [esp+4]
        call    note_place
        pop     ebp
        mov     eax, [esp+4]
        mov     eax, [ebp+eax*4+4]
        jmp     .jump

# simplify: eqv? with a constant that is no large number is eq?. eax = node, ecx = its instruction
simplify:
        cmp     ecx, op_is_eqv
        jne     .done
        mov     edx, [eax+NODE_A]
        mov     ebp, [edx]
        mov     ebp, [ebp-4]
        call    .constant
        je      .eq
        mov     ebp, [edx-4]
        call    .constant
        jne     .done
.eq:
        mov     ecx, op_is_eq
.done:
        ret
.constant:
        cmp     dword [ebp+NODE_MAKE], make_constant
        jne     .done
        mov     ebp, [ebp+NODE_A]
        test    ebp, 3
        jne     .yes
        test    ebp, 4
        jne     .yes
        cmp     byte [ebp], T_POSITIVE
        je      .no
        cmp     byte [ebp], T_NEGATIVE
        je      .no
.yes:
        cmp     ebp, ebp
        ret
.no:
        test    esp, esp
        ret

# operand_values: the code that pushes the values of the list of nodes eax, the last one in eax
operand_values:
        push    1
.next:
        mov     ecx, [eax]
        cmp     ecx, NIL
        je      .last
        push    ecx
        mov     eax, [eax-4]
        call    push_value
        pop     eax
        inc     dword [esp]
        jmp     .next
.last:
        mov     eax, [eax-4]
        call    make_value
        pop     eax
        dec     eax
        sub     [depth], eax
        ret

make_sequence:
        push    edx
        mov     eax, [eax+NODE_A]
.next:
        mov     ecx, [eax]
        cmp     ecx, NIL
        je      .last
        push    ecx
        mov     eax, [eax-4]
        call    make_value
        pop     eax
        jmp     .next
.last:
        pop     edx
        mov     eax, [eax-4]
        jmp     make

# make_lambda: the captured values are pushed first. One that is not there yet is put in by the
# caller, who finds it in [patches]: pairs of a variable and its place in the closure.
make_lambda:
        push    edx
        mov     eax, [eax+NODE_A]
        call    closure
        pop     edx
        jmp     return

# closure: the code for the closure of the lambda eax
closure:
        push    eax
        call    generate_code
        mov     ecx, [esp]
        mov     [esp], eax              # the code
        mov     eax, [ecx+LAMBDA_FREE]
        cmp     eax, NIL
        je      .constant
        push    dword [depth]           # small
        push    8
.value:
        push    eax
        mov     eax, [eax-4]
        mov     ecx, [lambda]
        cmp     ecx, [eax+VAR_OWNER]
        jne     .there
        cmp     dword [eax+VAR_SLOT], -1
        je      .later
.there:
        call    push_variable
        jmp     .next
.later:
        push    eax
        mov     eax, [esp+8]
        lea     eax, [eax+eax+1]
        call    cons
        push    eax
        mov     eax, [patches]
        call    cons
        mov     [patches], eax
        mov     eax, op_push_const
        mov     edx, FALSE
        call    emit2
        inc     dword [depth]
.next:
        add     dword [esp+4], 4
        pop     eax
        mov     eax, [eax]
        cmp     eax, NIL
        jne     .value
        pop     eax
        pop     eax
        mov     ecx, [depth]
        mov     [depth], eax
        sub     ecx, eax
        pop     edx
        push    ecx                     # number
        mov     eax, op_closure
        call    emit2
        pop     eax
        jmp     emit
.constant:
        pop     eax
        call    new_closure
        mov     edx, eax
        mov     eax, op_const
        jmp     emit2

# make_call: arguments, then the procedure
make_call:
        push    edx
        push    eax
        mov     ecx, [eax+NODE_A]
        cmp     dword [ecx+NODE_MAKE], make_local
        jne     .call
        mov     ecx, [ecx+NODE_A]
        cmp     dword [ecx+VAR_LOOP], FALSE
        je      .call
        test    dword [ecx+VAR_FLAGS], ESCAPES
        je      loop_again
.call:
        push    0                       # number, node, tail?
        mov     eax, [eax+NODE_B]
.argument:
        cmp     eax, NIL
        je      .procedure
        push    dword [eax]
        mov     eax, [eax-4]
        call    push_value
        pop     eax
        inc     dword [esp]
        jmp     .argument
.procedure:
        mov     eax, [esp+4]
        mov     eax, [eax+NODE_A]
        cmp     dword [eax+NODE_MAKE], make_global
        je      .global
        call    make_value
        mov     eax, [esp+4]
        call    note_place
        mov     eax, op_call
        cmp     dword [esp+8], 0
        je      .emit
        mov     eax, op_tail
.emit:
        mov     edx, [esp]
        call    emit2
        jmp     .called
.global:
        mov     eax, [esp+4]
        call    note_place
        mov     eax, op_call_global
        cmp     dword [esp+8], 0
        je      .emit_global
        mov     eax, op_tail_global
.emit_global:
        mov     edx, [esp]
        call    emit2
        mov     eax, [esp+4]
        mov     eax, [eax+NODE_A]
        mov     eax, [eax+NODE_A]
        call    emit
.called:
        pop     eax
        sub     [depth], eax
        pop     eax
        pop     edx
        jmp     return

# loop_again: a call of a named let that is a loop; the stack has node, tail?
loop_again:
        push    dword [depth]
        mov     eax, [eax+NODE_B]
        push    0
.argument:
        cmp     eax, NIL
        je      .jump
        push    dword [eax]
        mov     eax, [eax-4]
        call    push_value
        pop     eax
        inc     dword [esp]
        jmp     .argument
.jump:
        mov     ecx, [esp+8]            # number, depth, node, tail?
        mov     ecx, [ecx+NODE_A]
        mov     ecx, [ecx+NODE_A]
        mov     edx, [esp+4]
        mov     [depth], edx
        sub     edx, [ecx+VAR_DEPTH]
        shl     edx, 2
        push    dword [ecx+VAR_LABEL]
        push    edx
        cmp     dword [esp+8], 0
        je      .none
        mov     eax, op_loop
        mov     edx, [esp+8]
        call    emit2
        pop     eax
        call    emit
        jmp     .target
.none:
        mov     eax, op_drop
        pop     edx
        call    emit2
        mov     eax, op_jump
        call    emit
.target:
        pop     eax
        sub     eax, [code_next]
        lea     eax, [eax*4+4]
        add     esp, 16
        jmp     emit

# push_variables: the values eax of the variables ecx, lists
push_variables:
        cmp     eax, NIL
        je      .done
        push    dword [eax]
        push    dword [ecx]
        push    dword [ecx-4]
        mov     eax, [eax-4]
        call    push_value
        pop     ecx
        mov     eax, [depth]
        dec     eax
        mov     [ecx+VAR_SLOT], eax
        pop     ecx
        pop     eax
        jmp     push_variables
.done:
        ret

# drop_words: the stack has, under the return address, the depth to go back to, and if the
# value is returned, the words are taken off; the value is in eax
drop_words:
        mov     eax, [depth]
        sub     eax, [esp+4]
        mov     ecx, [esp+4]
        mov     [depth], ecx
        cmp     dword [esp+8], 0
        jne     .done
        test    eax, eax
        je      .done
        lea     edx, [eax*4]
        mov     eax, op_drop
        call    emit2
.done:
        ret     8

make_let:
        push    edx
        push    dword [depth]
        push    edx
        push    eax
        mov     ecx, [eax+NODE_A]
        mov     eax, [eax+NODE_B]
        call    push_variables
        mov     eax, [esp]
        mov     eax, [eax+NODE_A]
        call    box_variables
        pop     eax
        pop     edx
        mov     eax, [eax+NODE_C]
        call    make
        call    drop_words
        ret

# make_loop: variable, values
make_loop:
        push    edx                     # for drop_words
        push    dword [depth]
        push    edx
        push    eax
        mov     ecx, [eax+NODE_A]
        test    dword [ecx+VAR_FLAGS], ESCAPES
        jne     .closure
        mov     ecx, [ecx+VAR_LOOP]
        mov     ecx, [ecx+LAMBDA_VARS]
        mov     eax, [eax+NODE_B]
        call    push_variables
        mov     eax, [esp]
        mov     eax, [eax+NODE_A]
        mov     ecx, [depth]
        mov     [eax+VAR_DEPTH], ecx
        mov     ecx, [code_next]
        mov     [eax+VAR_LABEL], ecx
        mov     eax, [eax+VAR_LOOP]
        mov     eax, [eax+LAMBDA_VARS]
        call    box_variables
        pop     eax
        pop     edx
        mov     eax, [eax+NODE_A]
        mov     eax, [eax+VAR_LOOP]
        mov     eax, [eax+LAMBDA_BODY]
        call    make
        call    drop_words
        ret
.closure:                               # a body with one procedure, and a call of it
        mov     eax, ecx
        mov     ecx, [eax+VAR_LOOP]
        call    push_procedure
        push    0                       # number of arguments
        mov     eax, [esp+4]
        mov     eax, [eax+NODE_B]
.argument:
        cmp     eax, NIL
        je      .call
        push    dword [eax]
        mov     eax, [eax-4]
        call    push_value
        pop     eax
        inc     dword [esp]
        jmp     .argument
.call:
        mov     eax, [esp+4]
        call    note_place
        mov     eax, [esp+4]
        mov     eax, [eax+NODE_A]
        call    variable_value
        mov     eax, op_call
        cmp     dword [esp+8], 0
        je      .emit
        mov     eax, op_tail
.emit:
        mov     edx, [esp]
        call    emit2
        pop     eax
        sub     [depth], eax
        pop     eax
        pop     edx
        call    return
        call    drop_words
        ret

# variable_value: the code for the value of the variable eax
variable_value:
        push    dword [eax+VAR_FLAGS]
        call    place_of
        mov     eax, ecx
        call    emit2
        pop     ecx
        test    ecx, BOXED
        je      .done
        mov     eax, op_unbox
        jmp     emit
.done:
        ret

# push_box: pushes a box for the variable eax. set_box: puts the value into the box that has been
# pushed after it.
push_box:
        push    eax
        mov     eax, op_const
        mov     edx, UNBOUND
        call    emit2
        mov     eax, op_box
        mov     edx, op_push
        call    emit2
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
        cmp     eax, NIL
        je      .done
        mov     ebp, eax                # ebp -> first of the group
        xor     edx, edx                # edx = BOXED if one is
.look:
        call    .procedure
        jne     .looked
        or      edx, [ecx+VAR_FLAGS]
        mov     eax, [eax]
        cmp     eax, NIL
        jne     .look
.looked:
        and     edx, BOXED
.mark:                                  # from ebp to eax
        cmp     ebp, eax
        je      .marked
        mov     ecx, [ebp-4]
        mov     ecx, [ecx-4]
        or      [ecx+VAR_FLAGS], edx
        mov     ebp, [ebp]
        jmp     .mark
.marked:
        cmp     eax, NIL
        je      .done
        mov     eax, [eax]              # the one that is no procedure
        jmp     box_groups
.procedure:                             # zero flag if the first of eax is one; ecx = variable
        mov     ecx, [eax-4]
        push    ecx
        mov     ecx, [ecx]
        cmp     dword [ecx+NODE_MAKE], make_lambda
        pop     ecx
        mov     ecx, [ecx-4]
        jne     .done
        cmp     ecx, FALSE
        je      .no
        cmp     ecx, ecx
.done:
        ret
.no:
        test    esp, esp
        ret

# make_body: a list of (variable . node) and (#f . node), and the last node. Boxes come first, then
# the values in their order.
make_body:
        push    edx
        push    dword [depth]
        push    edx
        push    eax
        mov     eax, [eax+NODE_A]
        call    box_groups
        mov     eax, [esp]
        mov     eax, [eax+NODE_A]
.box:
        cmp     eax, NIL
        je      .boxes
        push    dword [eax]
        mov     eax, [eax-4]
        mov     eax, [eax-4]
        cmp     eax, FALSE
        je      .next_box
        mov     dword [eax+VAR_SLOT], -1
        test    dword [eax+VAR_FLAGS], BOXED
        je      .next_box
        call    push_box
.next_box:
        pop     eax
        jmp     .box
.boxes:
        mov     eax, [esp]
        mov     eax, [eax+NODE_A]
.item:
        cmp     eax, NIL
        je      .last
        push    eax
        mov     eax, [eax-4]
        mov     ecx, [eax-4]
        cmp     ecx, FALSE
        je      .effect
        test    dword [ecx+VAR_FLAGS], BOXED
        jne     .boxed
        mov     edx, [eax]
        cmp     dword [edx+NODE_MAKE], make_lambda
        je      .procedures
        push    ecx
        mov     eax, edx
        call    push_value
        pop     ecx
        mov     eax, [depth]
        dec     eax
        mov     [ecx+VAR_SLOT], eax
        jmp     .next
.effect:
        mov     eax, [eax]
        call    make_value
        jmp     .next
.boxed:
        push    eax
        mov     eax, ecx
        call    push_variable
        pop     eax
        mov     eax, [eax]
        call    make_value
        call    set_box
.next:
        pop     eax
        mov     eax, [eax]
        jmp     .item
.procedures:
        pop     eax
        call    push_group
        jmp     .item
.last:
        pop     eax
        pop     edx
        mov     eax, [eax+NODE_C]
        call    make
        call    drop_words
        ret

# push_group: pushes the closures of the items at the head of the list eax that are procedures not in
# boxes, and gives them to each other; eax = the rest
push_group:
        push    dword [patches]
        mov     dword [patches], NIL
.item:
        cmp     eax, NIL
        je      .patch
        mov     ecx, [eax-4]
        mov     edx, [ecx-4]
        cmp     edx, FALSE
        je      .patch
        test    dword [edx+VAR_FLAGS], BOXED
        jne     .patch
        mov     ecx, [ecx]
        cmp     dword [ecx+NODE_MAKE], make_lambda
        jne     .patch
        push    dword [eax]
        push    edx
        mov     eax, edx
        mov     ecx, [ecx+NODE_A]
        call    push_closure
        pop     eax
        pop     eax
        jmp     .item
.patch:
        push    eax
        call    patch_closures
        pop     eax
        pop     dword [patches]
        ret

# push_procedure: the same for the variable eax and its lambda ecx alone
push_procedure:
        test    dword [eax+VAR_FLAGS], BOXED
        jne     .boxed
        push    dword [patches]
        mov     dword [patches], NIL
        call    push_closure
        call    patch_closures
        pop     dword [patches]
        ret
.boxed:
        push    ecx
        push    eax
        call    push_box
        pop     eax
        call    push_variable
        pop     eax
        call    closure
        jmp     set_box

# push_closure: pushes the closure of the lambda ecx for the variable eax, and puts what is missing in it
# into [patches] as (variable . place) with the closure's variable
push_closure:
        push    eax
        push    dword [patches]
        mov     dword [patches], NIL
        mov     eax, ecx
        call    closure
        mov     eax, op_push
        call    emit
        mov     ecx, [esp+4]
        mov     eax, [depth]
        mov     [ecx+VAR_SLOT], eax
        inc     dword [depth]
        mov     eax, [patches]          # ((variable . place) ...): with this variable in front
        cmp     eax, NIL
        je      .none
        push    ecx
        call    cons
        push    eax
        mov     eax, [esp+4]
        call    cons
        mov     [patches], eax
        add     esp, 8
        ret
.none:
        pop     dword [patches]
        pop     eax
        ret

# patch_closures: [patches] is a list of (variable (variable . place) ...): closure, what it lacks
patch_closures:
        mov     eax, [patches]
        cmp     eax, NIL
        je      .done
        mov     ecx, [eax]
        mov     [patches], ecx
        mov     eax, [eax-4]
        push    dword [eax-4]           # the closure's variable
        push    dword [eax]
.patch:
        mov     eax, [esp]
        cmp     eax, NIL
        je      .end
        mov     ecx, [eax]
        mov     [esp], ecx
        push    dword [eax-4]
        mov     eax, [eax-4]
        mov     eax, [eax-4]
        call    place_of
        mov     eax, op_local
        call    emit2
        mov     eax, [esp+8]
        mov     eax, [eax+VAR_SLOT]
        call    slot
        mov     edx, eax
        mov     eax, op_patch
        call    emit2
        pop     eax
        mov     eax, [eax]
        shr     eax, 1
        call    emit
        jmp     .patch
.end:
        add     esp, 8
        jmp     patch_closures
.done:
        ret

# make_primitive: an instruction, or the address of one that takes any number
make_primitive:
        push    edx
        push    eax
        mov     ecx, [eax+NODE_B]
        mov     edx, [ecx+PRIM_MIN]
        cmp     edx, [ecx+PRIM_MAX]
        jne     .any
        cmp     dword [ecx+PRIM_DATA], FALSE
        jne     .object
        mov     ecx, [ecx+PRIM_ENTRY]
        call    simplify
        jmp     instruction
.object:                                # an accessor of records
        mov     eax, [eax+NODE_A]
        call    operand_values
        mov     eax, [esp]
        call    note_place
        pop     eax
        mov     edx, [eax+NODE_B]
        mov     eax, op_object
        call    emit2
        pop     edx
        jmp     return
.any:
        mov     eax, [eax+NODE_A]
        push    0
.argument:
        cmp     eax, NIL
        je      .emit
        push    dword [eax]
        mov     eax, [eax-4]
        call    push_value
        pop     eax
        inc     dword [esp]
        jmp     .argument
.emit:
        mov     eax, [esp+4]
        call    note_place
        mov     eax, op_count
        mov     edx, [esp]
        call    emit2
        mov     eax, [esp+4]
        mov     eax, [eax+NODE_B]
        mov     eax, [eax+PRIM_ENTRY]
        call    emit
        pop     eax
        sub     [depth], eax
        pop     eax
        pop     edx
        jmp     return
make_binary:
        push    edx
        push    eax
        mov     ecx, [eax+NODE_B]
# falls into instruction

# instruction: eax = node, ecx = instruction; the stack has node, tail?
instruction:
        push    ecx
        mov     eax, [eax+NODE_A]
        cmp     eax, NIL
        je      .emit
        mov     edx, [eax]
        cmp     edx, NIL
        je      .unary
        mov     ebp, constant_forms
.form:                                  # instruction, the same with a constant
        cmp     ecx, [ebp]
        je      .found
        add     ebp, 8
        cmp     dword [ebp], 0
        jne     .form
.operands:
        call    operand_values
.emit:
        mov     eax, [esp+4]
        call    note_place
        pop     eax
        call    emit
        pop     eax
        pop     edx
        jmp     return
.found:
        mov     edx, [edx-4]
        cmp     dword [edx+NODE_MAKE], make_constant
        jne     .first
        mov     edx, [edx+NODE_A]
        test    dl, 1
        je      .operands
        mov     eax, [eax-4]
        jmp     .constant
.first:                                 # (+ 1 x)
        cmp     ecx, op_add
        jne     .operands
        mov     ecx, [eax-4]
        cmp     dword [ecx+NODE_MAKE], make_constant
        jne     .operands
        mov     ecx, [ecx+NODE_A]
        test    cl, 1
        je      .operands
        mov     eax, edx
        mov     edx, ecx
.constant:                              # instruction of the node eax and the fixnum edx
        mov     ecx, [ebp+4]
        mov     [esp], ecx
        push    edx
        call    make_value
        mov     eax, [esp+8]
        call    note_place
        pop     edx
        pop     eax
        call    emit2
        pop     eax
        pop     edx
        jmp     return
.unary:                                 # car and cdr of a variable
        mov     edx, op_car_local
        cmp     ecx, op_car
        je      .pair
        mov     edx, op_cdr_local
        cmp     ecx, op_cdr
        jne     .operands
.pair:
        mov     ebp, [eax-4]
        cmp     dword [ebp+NODE_MAKE], make_local
        jne     .operands
        mov     ebp, [ebp+NODE_A]
        test    dword [ebp+VAR_FLAGS], BOXED
        jne     .operands
        mov     ecx, [lambda]
        cmp     ecx, [ebp+VAR_OWNER]
        jne     .operands
        mov     [esp], edx
        push    ebp
        mov     eax, [esp+8]
        call    note_place
        pop     eax
        mov     eax, [eax+VAR_SLOT]
        call    slot
        mov     edx, eax
        pop     eax
        call    emit2
        pop     eax
        pop     edx
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
        mov     eax, NIL
        call    lambda_variables
        pop     ecx
        mov     [eax+LAMBDA_BODY], ecx
        push    eax
        push    FALSE
        push    FALSE
        mov     edx, make_lambda
        call    new_node
        jmp     compile_procedure

# ----------------------------------------------------------------------
# What macros written in Scheme need
# ----------------------------------------------------------------------
# (%alias identifier env): another name for it
op_alias:
        mov     ecx, 16
        call    allocate
        mov     dword [edx], T_ALIAS + 2*256
        pop     dword [edx+ALIAS_ID]
        mov     [edx+ALIAS_ENV], eax
        mov     eax, edx
        NEXT
# (%keyword form): at the top: the number of the special form, a macro, or #f
op_keyword:
        PAIR    eax, false
        mov     eax, [eax-4]
        mov     dword [env], NIL
        call    keyword
        test    edx, edx
        je      false
        mov     eax, edx
        NEXT
# (%expand-macro form): at the top: what the macro at its head makes of it
op_expand_macro:
        ENTER_NATIVE
        push    eax
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
        pop     ebp
        pop     edx
        pop     eax
        push    dword [env]
        mov     [env], edx
        push    ecx
        call    is_identifier
        jne     .no
        call    lookup
        pop     dword [env]
        push    eax
        mov     eax, ebp
        call    lookup
        pop     ecx
        pop     dword [env]
        cmp     eax, ecx
        je      true
        jmp     false
.no:
        pop     ecx
        pop     dword [env]
        jmp     false
# (%strip datum): without aliases
op_strip:
        call    strip
        NEXT
# (%lines! file lines): what the compiler is to note; lines is a vector for the reader, or #f
op_lines:
        pop     dword [file]
        mov     [lines], eax
        mov     dword [lines_count], 0
        mov     dword [lines_next], 0
        NEXT
# (%type x): the first byte of an object, 0 of others
op_type:
        test    al, 7
        jne     .none
        movzx   eax, byte [eax]
        lea     eax, [eax+eax+1]
        NEXT
.none:
        mov     eax, 1
        NEXT
op_collections:
        mov     eax, [collections]
        lea     eax, [eax+eax+1]
        NEXT
