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
# falls into new_closure: eax = closure of the code eax, without captured values
new_closure:
        new     T_CLOSURE, 1, eax
        return  edx

# analyse: the node eax in the procedure [lambda]. Each maker of nodes has before it who does it.
analyse:
        bltu    esp, [stack_limit], too_deep
        mov     ecx, [eax+NODE_MAKE]
        jmp     [ecx-4]

# analyse_part: of a node: a node, a list of nodes, of variables, which the procedure has from now
# on, or of pairs of a variable or #f and a node; else nothing
analyse_part:
        bnz     al, 3, .done
        bz      al, 4, .object
        push    dword [eax]
        call_eax analyse_part, [eax-4]
        pop     eax
        jmp     analyse_part
.object: beq    byte [eax], T_NODE, analyse
        bne     byte [eax], T_VARIABLE, .done
        mov     ecx, [lambda]
        mov     [eax+VAR_OWNER], ecx
.done:  ret

analyse_operands:
        jmp_eax analyse_part, [eax+NODE_A]
analyse_parts:
        push    eax
        call_eax analyse_part, [eax+NODE_A]
        follow  eax, [esp], NODE_B
        call    analyse_part
        pop     eax
        jmp_eax analyse_part, [eax+NODE_C]
analyse_body:                           # the variables first: the values may mention any
        push    eax
        mov     eax, [eax+NODE_A]
        call_edx for_each, .variable
        pop     eax
        jmp     analyse_parts
.variable: jmp_eax analyse_part, [eax-4]
analyse_call:
        mov     ecx, [eax+NODE_A]       # of a loop?
        bne     dword [ecx+NODE_MAKE], make_local, analyse_parts
        mov     ecx, [ecx+NODE_A]
        beq     dword [ecx+VAR_LOOP], FALSE, analyse_parts
        bnz     dword [ecx+VAR_FLAGS], ESCAPES, analyse_parts
        mov     edx, [lambda]
        beq     edx, [ecx+VAR_OWNER], .jump
        or      dword [ecx+VAR_FLAGS], ESCAPES
        mov     dword [again], 1
        jmp     analyse_parts
.jump:  jmp_eax analyse_part, [eax+NODE_B]
analyse_loop:
        push    eax
        call_eax analyse_part, [eax+NODE_B]
        pop     eax
        mov     eax, [eax+NODE_A]
        mov     ecx, [lambda]
        mov     [eax+VAR_OWNER], ecx
        test    dword [eax+VAR_FLAGS], ESCAPES
        mov     eax, [eax+VAR_LOOP]
        jne     analyse_procedure
        push    eax
        call_eax analyse_part, [eax+LAMBDA_VARS]
        pop     eax
        jmp_eax analyse, [eax+LAMBDA_BODY]
analyse_lambda:
        mov     eax, [eax+NODE_A]
analyse_procedure:
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
analyse_set:
        push    eax
        call_eax analyse, [eax+NODE_B]
        pop     eax
# falls into analyse_local: the procedure captures its variable, and so do those around it up to the
# one that has it
analyse_local:
        push    dword [eax+NODE_A]
        mov     edx, [lambda]
.lambda: beq    edx, FALSE, bad_syntax_form # a macro's procedure mentions it
        mov     eax, [esp]
        beq     edx, [eax+VAR_OWNER], .done
        mov     ecx, [edx+LAMBDA_FREE]
.free:  beq     ecx, NIL, .add
        beq     [ecx-4], eax, .done
        mov     ecx, [ecx]
        jmp     .free
.add:   pushes  edx, eax
        call_eax cons, [edx+LAMBDA_FREE]
        pop     edx
        mov     [edx+LAMBDA_FREE], eax
        mov     edx, [edx+LAMBDA_PARENT]
        jmp     .lambda
.done:  pop     eax
analyse_nothing:
        ret

# ----------------------------------------------------------------------
# The compiler, third part: from nodes to code
#
# The code is collected in [code_buffer], a vector, from [code_start] to [code_next], indices;
# that of an inner procedure behind what the outer one has so far. [depth] is the number
# of words in the frame, counted from the first argument.
# ----------------------------------------------------------------------

# emit: adds the word eax to the code. Changes ecx, edx, ebp, and keeps no value.
emit:
        mov     ecx, [code_next]
        mov     edx, [code_buffer]
        mov     [edx+ecx*4+4], eax
        inc     ecx
        mov     [code_next], ecx
        mov     edx, [edx]
        shr     edx, 8
        bgeu    ecx, edx, .grow
        ret
.grow:  lea     ecx, [edx+edx]          # there is always room for one
        mov     eax, FALSE
        call_edx filled, T_VECTOR
        mov     ebp, [code_buffer]
        mov     [code_buffer], eax
        mov     ecx, [ebp]
        shr     ecx, 6                  # bytes
        add     ebp, 4
        lea     edx, [eax+4]
        jmp     copy_bytes

# emit2: eax, then edx, which may be values. emit_slot: eax, then the distance from esp of the word
# with the index edx.
emit_slot:
        call    slot
emit2:
        push    edx
        call    emit
        pop     eax
        jmp     emit

# slot: edx = distance of the word with the index edx from esp
slot:
        neg     edx
        add     edx, [depth]
        lea     edx, [edx*4-4]
        ret

# emit_count: the number of words above the depth under the return address, which is taken off and
# is the depth again
emit_count:
        mov     eax, [depth]
        mov     ecx, [esp+4]
        mov     [depth], ecx
        sub     eax, ecx
        call    emit
        ret     4

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
        pushes  dword [lambda], dword [depth], dword [code_start], dword [code_lines], dword [code_line]
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
.argument: beq  eax, NIL, .boxes
        mov     edx, [eax-4]
        mov     [edx+VAR_SLOT], ecx
        inc     ecx
        jmp_eax .argument, [eax]
.boxes: pop     eax
        call    box_variables
        mov     ecx, [lambda]
        mov     eax, [ecx+LAMBDA_BODY]
        xor     edx, edx                # a form at the top stays among the calls
        cmp     dword [ecx+LAMBDA_PARENT], FALSE
        setne   dl
        push    edx
        call    make
        pop     edx
        xor     edx, 1
        call    returning
        follow  eax, [lambda], LAMBDA_NAME
        call    strip
        new     T_VECTOR, 3, eax        # name, file, lines
        copy    [edx+8], [file]
        copy    [edx+12], [code_lines]
        mov     eax, edx
        mov     ecx, [code_next]
        sub     ecx, [code_start]
        add     ecx, 2
        call_edx new_words, T_CODE
        mov     [edx+CODE_INFO], eax
        follow  eax, [lambda], LAMBDA_ARGS
        mov     [edx+CODE_ARGS], eax
        mov     eax, edx
        lea     ecx, [ecx*4-8]
        mov     ebp, [code_start]
        mov     [code_next], ebp
        lea     ebp, [ebp*4+4]
        add     ebp, [code_buffer]
        add     edx, CODE_START
        call    copy_bytes
        pops    dword [code_line], dword [code_lines], dword [code_start], dword [depth], dword [lambda]
        ret

# box_variables: puts those of the list eax into boxes that need it
box_variables:
        mov     edx, .box
        jmp     for_each
.box:   bz      dword [eax+VAR_FLAGS], BOXED, .done
        mov     edx, [eax+VAR_SLOT]
        jmp_eax emit_slot, op_box_local
.done:  ret

# for_each: calls edx with each element of the list eax in eax
for_each:
        beq     eax, NIL, .done
        pushes  edx, dword [eax]
        mov     eax, [eax-4]
        call    edx
        pops    eax, edx
        jmp     for_each
.done:  ret

# make: the code of the node eax, for its value in eax, or if edx is 1 to be returned. Makers have eax = node,
# and [esp+4] = node, [esp+8] = edx; they leave the value in eax, or have done all and jump to made.
make_value:
        xor     edx, edx
make:
        pushes  edx, eax
        call    [eax+NODE_MAKE]
        pops    eax, edx
# falls into returning: op_return, if edx says so
returning:
        bz      edx, edx, .done
        emit_word op_return
        follow  ecx, [lambda], LAMBDA_COUNT
        mov     eax, [depth]
        sub     eax, ecx
        lea     eax, [eax*4-8]
        lea     edx, [ecx*4]
        jmp     emit2
.done:  ret
made:
        add     esp, 12
        ret

%macro MAKER name, analyser             # analyse goes by the word before it
        dd      {analyser}
{name}:
%end

        MAKER   make_constant, analyse_nothing
        mov     edx, [eax+NODE_A]
        jmp_eax emit2, op_const

        MAKER   make_local, analyse_local
        mov     ecx, [eax+NODE_A]
        bz      dword [ecx+VAR_FLAGS], BOXED, .value
        call    note_place
.value: follow  eax, [esp+4], NODE_A
# falls into variable_value: the code for the value of the variable eax
variable_value:
        push    dword [eax+VAR_FLAGS]
        call    place_of
        call_eax emit2, ecx
        pop     ecx
        bz      ecx, BOXED, .done
        jmp_eax emit, op_unbox
.done:  ret

# place_of: where the variable eax is: ecx = op_local and edx = distance from esp, or ecx = op_free and
# edx = distance in the closure
place_of:
        mov     ecx, [lambda]
        mov     edx, [eax+VAR_SLOT]
        bne     ecx, [eax+VAR_OWNER], .free
        mov     ecx, op_local
        jmp     slot
.free:  mov     ecx, [ecx+LAMBDA_FREE]
        mov     edx, 8
.next:  beq     [ecx-4], eax, .found
        add     edx, 4
        mov     ecx, [ecx]
        jmp     .next
.found: mov     ecx, op_free
        ret

        MAKER   make_global, analyse_nothing
        push    dword [eax+NODE_A]
        call    note_place
        pop     edx
        jmp_eax emit2, op_global

# push_value: the code that pushes the value of the node eax
push_value:
        mov     ecx, [eax+NODE_MAKE]
        mov     edx, [eax+NODE_A]
        beq     ecx, make_constant, push_constant
        beq     ecx, make_local, .local
        beq     ecx, make_global, .global
.value: call    make_value
        emit_word op_push
        inc     dword [depth]
        ret
.global: push   edx
        call    note_place
        pop     edx
        jmp_eax emit_push, op_push_global
.local: bnz     dword [edx+VAR_FLAGS], BOXED, .value
        mov     eax, edx
# falls into push_variable: the variable eax, or its box
push_variable:
        call    place_of
        mov     eax, op_push_local
        beq     ecx, op_local, emit_push
        jmp_eax emit_push, op_push_free
push_constant:
        mov     eax, op_push_const
emit_push:                              # the instruction eax, which pushes a word, with its operand edx
        call    emit2
        inc     dword [depth]
        ret

        MAKER   make_set_local, analyse_set
        call_eax push_variable, [eax+NODE_A]
        follow  eax, [esp+4], NODE_B
        call    make_value
# falls into set_box: puts the value into the box that has been pushed before it
set_box:
        dec     dword [depth]
        jmp_eax emit, op_set_box

        MAKER   make_set_global, analyse_parts
        push    op_set_global
        jmp     set_global
        MAKER   make_define, analyse_parts
        push    op_define
set_global:
        call_eax make_value, [eax+NODE_B]
        call_eax note_place, [esp+8]
        pop     eax
        mov     edx, [esp+4]
        mov     edx, [edx+NODE_A]
        jmp     emit2

        MAKER   make_if, analyse_parts
        push    0                       # label: the other branch
        mov     ecx, esp
        mov     eax, [eax+NODE_A]
        xor     edx, edx
        call    branch
        follow  eax, [esp+8], NODE_B
        call_edx make, [esp+12]
        push    0                       # label: the end
        bne     dword [esp+16], 0, .other
        emit_word op_jump
        call_edx refer, esp
.other: lea     edx, [esp+4]
        call    place
        follow  eax, [esp+12], NODE_C
        call_edx make, [esp+16]
        call_edx place, esp
        add     esp, 8
        jmp     made

# make_and: a false value is the value. make_or: a true one.
        MAKER   make_and, analyse_parts
        mov     ecx, br_true
        jmp     make_two
        MAKER   make_or, analyse_parts
        mov     ecx, br_false
make_two:
        pushes  0, ecx                  # label
        call_eax make_value, [eax+NODE_A]
        pop     eax
        call    emit
        call_edx refer, esp
        follow  eax, [esp+8], NODE_B
        call_edx make, [esp+12]
        call_edx place, esp
        pop     eax
        ret

# branch: the code that jumps to the label at ecx if the value of the node eax is true (edx = 1), or
# if it is false (edx = 0)
branch:
        pushes  ecx, edx, eax           # node, sense, label
        mov     ecx, [eax+NODE_MAKE]
        beq     ecx, make_primitive, .primitive
        beq     ecx, make_binary, .binary
        beq     ecx, make_and, .two
        xor     edx, 1
        beq     ecx, make_or, .two
.value: call    make_value
        mov     eax, br_true
        beq     dword [esp+4], 0, .jump
        mov     eax, br_false
.jump:  call    emit
        call_edx refer, [esp+8]
        add     esp, 12
        ret
.two:   bz      edx, edx, .same
        push    0                       # the first decides against the jump, or the second for it
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
.not:   pops    eax, edx, ecx           # the other way round
        xor     edx, 1
        follow  eax, [eax+NODE_A], -4
        jmp     branch
.primitive: follow ecx, [eax+NODE_B], PRIM_ENTRY
        beq     ecx, op_is_false, .not
        jmp     .fused
.binary: mov    ecx, [eax+NODE_B]
.fused: mov     ebp, branches
        mov     edx, 20
        call    find_row
        je      .value
        push    ebp                     # instruction; branches if it fails, if it holds; with a constant
        mov     eax, [eax+NODE_A]
        beq     dword [ebp+12], 0, .operands
        follow  ecx, [eax], -4
        bne     dword [ecx+NODE_MAKE], make_constant, .operands
        mov     edx, [ecx+NODE_A]
        beq     dword [ebp], op_is_eq, .constant
        bz      dl, 1, .operands
.constant: push edx
        call_eax make_value, [eax-4]
        call_eax note_place, [esp+8]
        pops    edx, ebp
        mov     eax, [esp+4]
        call_eax emit2, [ebp+eax*4+12]
        call_edx refer, [esp+8]
        add     esp, 12
        ret
.operands: call operand_values
        call_eax note_place, [esp+4]
        pop     ebp
        mov     eax, [esp+4]
        jmp_eax .jump, [ebp+eax*4+4]

# find_row: ebp = the row of ecx in the table ebp, with rows of edx bytes; zero flag if it has none
find_row:
        beq     dword [ebp], 0, .done
        cmp     [ebp], ecx
        lea     ebp, [ebp+edx]
        jne     find_row
        sub     ebp, edx                # not 0
.done:  ret

# operand_values: the code that pushes the values of the list of nodes eax, the last one in eax
operand_values:
        push    dword [depth]
.next:  mov     ecx, [eax]
        beq     ecx, NIL, .last
        push    ecx
        call_eax push_value, [eax-4]
        pop     eax
        jmp     .next
.last:  call_eax make_value, [eax-4]
        pop     dword [depth]
        ret

        MAKER   make_sequence, analyse_parts
        mov     eax, [eax+NODE_A]
.next:  mov     ecx, [eax]
        beq     ecx, NIL, .last
        push    ecx
        call_eax make_value, [eax-4]
        pop     eax
        jmp     .next
.last:  mov     eax, [eax-4]
        call_edx make, [esp+8]
        jmp     made

# make_lambda: the captured values are pushed first
        MAKER   make_lambda, analyse_lambda
        mov     eax, [eax+NODE_A]
# falls into closure: the code for the closure of the lambda eax
closure:
        push    eax
        call    generate_code
        pop     ecx
        mov     ecx, [ecx+LAMBDA_FREE]
        beq     ecx, NIL, .constant
        pushes  dword [depth], eax
        mov     eax, ecx
        call_edx for_each, .value
        pop     edx
        call_eax emit2, op_closure
        call    emit_count
        ret
.constant: call new_closure
        mov     edx, eax
        jmp_eax emit2, op_const
.value: mov     ecx, [lambda]           # one that is not there yet is put in by patch_closure
        bne     ecx, [eax+VAR_OWNER], push_variable
        bne     dword [eax+VAR_SLOT], -1, push_variable
        mov     edx, FALSE
        jmp     push_constant

# make_call: arguments, then the procedure
        MAKER   make_call, analyse_call
        mov     ecx, [eax+NODE_A]
        bne     dword [ecx+NODE_MAKE], make_local, .call
        mov     ecx, [ecx+NODE_A]
        beq     dword [ecx+VAR_LOOP], FALSE, .call
        bz      dword [ecx+VAR_FLAGS], ESCAPES, loop_again
.call:  push    dword [depth]
        mov     eax, [eax+NODE_B]
        call_edx for_each, push_value
        follow  eax, [esp+8], NODE_A
        beq     dword [eax+NODE_MAKE], make_global, .global
        call    make_value
        call_eax note_place, [esp+8]
        mov     eax, op_call
        beq     dword [esp+12], 0, .emit
        mov     eax, op_tail
.emit:  call    emit
        call    emit_count
        ret
.global: push   dword [eax+NODE_A]
        call_eax note_place, [esp+12]
        pop     edx
        mov     eax, op_call_global
        beq     dword [esp+12], 0, .emit_global
        mov     eax, op_tail_global
.emit_global: call emit2
        call    emit_count
        ret

# loop_again: a call of a named let that is a loop
loop_again:
        push    dword [depth]
        mov     eax, [eax+NODE_B]
        call_edx for_each, push_value
        follow  ecx, [esp+8], NODE_A, NODE_A
        pop     eax
        mov     edx, eax
        sub     edx, [ecx+VAR_DEPTH]
        shl     edx, 2
        pushes  dword [ecx+VAR_LABEL], edx, eax
        emit_word op_loop
        call    emit_count
        pop     eax
        call    emit
        pop     eax
        sub     eax, [code_next]
        lea     eax, [eax*4+4]
        call    emit
        jmp     made

# push_variables: the values eax of the variables ecx, lists. name_value: of one.
push_variables:
        beq     eax, NIL, .done
        pushes  dword [eax], dword [ecx]
        mov     ecx, [ecx-4]
        call_eax name_value, [eax-4]
        pops    ecx, eax
        jmp     push_variables
.done:  ret
name_value:
        push    ecx
        call    push_value
        pop     ecx
        mov     eax, [depth]
        dec     eax
        mov     [ecx+VAR_SLOT], eax
        ret

        MAKER   make_let, analyse_parts
        push    dword [depth]
        mov     ecx, [eax+NODE_A]
        call_eax push_variables, [eax+NODE_B]
        follow  eax, [esp+8], NODE_A
        call    box_variables
        follow  eax, [esp+8], NODE_C
# falls into end_scope: the node eax is the last, then the words above the depth on the stack are dropped
end_scope:
        call_edx make, [esp+12]
        mov     edx, [depth]
        pop     ecx
        mov     [depth], ecx
        sub     edx, ecx
        je      made
        bne     dword [esp+8], 0, made
        shl     edx, 2
        call_eax emit2, op_drop
        jmp     made

# make_loop: variable, values, the first call if it is a procedure
        MAKER   make_loop, analyse_loop
        push    dword [depth]
        mov     ecx, [eax+NODE_A]
        bnz     dword [ecx+VAR_FLAGS], ESCAPES, .closure
        follow  ecx, [ecx+VAR_LOOP], LAMBDA_VARS
        call_eax push_variables, [eax+NODE_B]
        follow  eax, [esp+8], NODE_A
        mov     ecx, [depth]
        mov     [eax+VAR_DEPTH], ecx
        mov     ecx, [code_next]
        mov     [eax+VAR_LABEL], ecx
        follow  eax, [eax+VAR_LOOP], LAMBDA_VARS
        call    box_variables
        follow  eax, [esp+8], NODE_A, VAR_LOOP, LAMBDA_BODY
        jmp     end_scope
.closure: mov   eax, ecx
        call_ecx push_procedure, [eax+VAR_LOOP]
        follow  eax, [esp+8], NODE_C
        jmp     end_scope

# push_box: pushes a box for the variable eax
push_box:
        push    eax
        emit_both op_const, UNBOUND
        emit_both op_box, op_push
        pop     eax
        mov     ecx, [depth]
        mov     [eax+VAR_SLOT], ecx
        inc     dword [depth]
        ret

# procedure_item: zero flag if the first of the items eax, if there is one, is a procedure with a name: ecx =
# its variable, edx = its node
procedure_item:
        beq     eax, NIL, .no
        mov     edx, [eax-4]
        mov     ecx, [edx-4]
        beq     ecx, FALSE, .no
        mov     edx, [edx]
        cmp     dword [edx+NODE_MAKE], make_lambda
        ret
.no:    test    esp, esp
        ret

# box_groups: of procedures that follow each other in the items eax, all are in boxes if one is
box_groups:
        beq     eax, NIL, .done
        mov     ebp, eax                # ebp -> first of the group
        xor     esi, esi                # esi = BOXED if one is
.look:  call    procedure_item
        jne     .looked
        or      esi, [ecx+VAR_FLAGS]
        jmp_eax .look, [eax]
.looked: and    esi, BOXED
.mark:  beq     ebp, eax, .marked       # from ebp to eax
        follow  ecx, [ebp-4], -4
        or      [ecx+VAR_FLAGS], esi
        mov     ebp, [ebp]
        jmp     .mark
.marked: beq    eax, NIL, .done
        jmp_eax box_groups, [eax]       # the one that is no procedure
.done:  ret

# make_body: a list of (variable . node) and (#f . node), and the last node. Boxes come first, then
# the values in their order.
        MAKER   make_body, analyse_body
        push    dword [depth]
        call_eax box_groups, [eax+NODE_A]
        follow  eax, [esp+8], NODE_A
        call_edx for_each, .box
        follow  eax, [esp+8], NODE_A
.item:  call    push_group
        beq     eax, NIL, .last
        push    dword [eax]
        mov     edx, [eax-4]
        mov     ecx, [edx-4]
        mov     eax, [edx]
        call    .value
        pop     eax
        jmp     .item
.last:  follow  eax, [esp+8], NODE_C
        jmp     end_scope
.value: beq     ecx, FALSE, make_value
        bz      dword [ecx+VAR_FLAGS], BOXED, name_value
        push    eax
        call_eax push_variable, ecx
        pop     eax
        call    make_value
        jmp     set_box
.box:   mov     eax, [eax-4]
        beq     eax, FALSE, .done
        bnz     dword [eax+VAR_FLAGS], BOXED, push_box
.done:  ret

# push_group: pushes the closures of the items at the head of the list eax that are procedures not in
# boxes, and gives them to each other; eax = the rest
push_group:
        push    eax
.item:  call    procedure_item
        jne     .pushed
        bnz     dword [ecx+VAR_FLAGS], BOXED, .pushed
        push    dword [eax]
        mov     eax, ecx
        call_ecx push_closure, [edx+NODE_A]
        pop     eax
        jmp     .item
.pushed: xchg   eax, [esp]
.patch: beq     eax, [esp], .done
        push    dword [eax]
        mov     ecx, [eax-4]
        mov     eax, [ecx-4]
        follow  ecx, [ecx], NODE_A
        call    patch_closure
        pop     eax
        jmp     .patch
.done:  pop     ecx
        ret

# push_procedure: the same for the variable eax and its lambda ecx alone
push_procedure:
        pushes  eax, ecx
        bnz     dword [eax+VAR_FLAGS], BOXED, .boxed
        call    push_closure
        pops    ecx, eax
        jmp     patch_closure
.boxed: call    push_box
        call_eax push_variable, [esp+4]
        pop     eax
        call    closure
        pop     eax
        jmp     set_box

# push_closure: pushes the closure of the lambda ecx for the variable eax
push_closure:
        push    eax
        call_eax closure, ecx
        emit_word op_push
        pop     ecx
        mov     eax, [depth]
        mov     [ecx+VAR_SLOT], eax
        inc     dword [depth]
        ret

# patch_closure: puts into the closure of the variable eax and the lambda ecx what was not there when it was made:
# itself, and what has been pushed after it
patch_closure:
        pushes  eax, 8                  # place in the closure, variable
        mov     eax, [ecx+LAMBDA_FREE]
.next:  beq     eax, NIL, .done
        push    dword [eax]
        mov     eax, [eax-4]
        mov     ecx, [lambda]
        bne     ecx, [eax+VAR_OWNER], .there
        mov     edx, [eax+VAR_SLOT]
        mov     ecx, [esp+8]
        blt     edx, [ecx+VAR_SLOT], .there
        call_eax emit_slot, op_local
        follow  edx, [esp+8], VAR_SLOT
        call_eax emit_slot, op_patch
        call_eax emit, [esp+4]
.there: add     dword [esp+4], 4
        pop     eax
        jmp     .next
.done:  pops    eax, eax
        ret

# make_primitive: an instruction, or the address of one that takes any number
        MAKER   make_primitive, analyse_operands
        mov     ecx, [eax+NODE_B]
        mov     edx, [ecx+PRIM_MIN]
        bne     edx, [ecx+PRIM_MAX], .any
        bne     dword [ecx+PRIM_DATA], FALSE, .object
        mov     ecx, [ecx+PRIM_ENTRY]
        jmp     instruction
.object: call_eax operand_values, [eax+NODE_A] # an accessor of records
        call_eax note_place, [esp+4]
        follow  edx, [esp+4], NODE_B
        jmp_eax emit2, op_object
.any:   push    dword [depth]
        mov     eax, [eax+NODE_A]
        call_edx for_each, push_value
        call_eax note_place, [esp+8]
        emit_word op_count
        call    emit_count
        follow  eax, [esp+4], NODE_B, PRIM_ENTRY
        jmp     emit

        MAKER   make_binary, analyse_operands
        mov     ecx, [eax+NODE_B]
instruction:                            # ecx
        push    ecx
        mov     eax, [eax+NODE_A]
        beq     eax, NIL, .emit
        mov     edx, [eax]
        beq     edx, NIL, .unary
        mov     ebp, constant_forms     # instruction, the same with a constant
        push    edx
        mov     edx, 8
        call    find_row
        pop     edx
        jne     .found
.operands: call operand_values
.emit:  call_eax note_place, [esp+8]
        pop     eax
        jmp     emit
.found: mov     edx, [edx-4]
        bne     dword [edx+NODE_MAKE], make_constant, .operands
        mov     edx, [edx+NODE_A]
        bz      dl, 1, .operands
        mov     ecx, [ebp+4]
        mov     [esp], ecx
        push    edx
        call_eax make_value, [eax-4]
        call_eax note_place, [esp+12]
        pops    edx, eax
        jmp     emit2
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
        push    dword [ebp+VAR_SLOT]
        call_eax note_place, [esp+12]
        pops    edx, eax
        jmp     emit_slot

compile_form:                           # eax = procedure that evaluates the form eax
        mov     dword [env], NIL
        mov     dword [loops], NIL
        mov     dword [name], FALSE
        call    expand
        push    eax
        call_eax lambda_variables, NIL
        pop     dword [eax+LAMBDA_BODY]
        mov     dword [eax+LAMBDA_NAME], TRUE # the top level
        call_edx node1, make_lambda
        jmp     compile_procedure

# (%compile form): a procedure that evaluates it
        FIXED   "%compile", op_compile, 1
        ENTER_NATIVE
        call    compile_form
        LEAVE_NATIVE
        NEXT

# ----------------------------------------------------------------------
# What macros written in Scheme need
# ----------------------------------------------------------------------
# (%alias identifier env): another name for it
        FIXED   "%alias", op_alias, 2
        new     T_ALIAS, 2, pop, eax
        RESULT  edx
# (%keyword form): at the top: the number of the special form, a macro, or #f
        FIXED   "%keyword", op_keyword, 1
        PAIR    eax, false
        mov     dword [env], NIL
        call_eax keyword, [eax-4]
        bz      edx, edx, false
        RESULT  edx
# (%expand-macro form): at the top: what the macro at its head makes of it
        FIXED   "%expand-macro", op_expand_macro, 1
        ENTER_NATIVE
        push    eax
        call    find_line
        mov     dword [env], NIL
        call_eax keyword, [eax-4]
        pop     eax
        call    expand_macro
        LEAVE_NATIVE
        NEXT
# (%meaning x env): what it means there if it is an identifier, or #f
        FIXED   "%meaning", op_meaning, 2
        pop     edx
        push    dword [env]
        mov     [env], eax
        mov     eax, FALSE
        call_eax is_identifier, edx
        jne     .none
        call    lookup
        jmp     .done
.none:  mov     eax, FALSE
.done:  pop     dword [env]
        NEXT
# (%strip datum): without aliases
        FIXED   "%strip", op_strip, 1
        call    strip
        NEXT
# (%lines! file lines): what the compiler is to note; lines is () for the reader to collect them, or #f
        FIXED   "%lines!", op_lines, 2
        mov     dword [line], 1
        pop     dword [file]
        mov     [lines], eax
        mov     [lines_next], eax
        NEXT
# (%place): (file . line) of the form that is compiled
        FIXED   "%place", op_place, 0
        mov     eax, [line]
        lea     eax, [eax+eax+1]
        push    dword [file]
        call    cons
        NEXT
# (%type x): the first byte of an object, 0 of others
        FIXED   "%type", op_type, 1
        mov     edx, eax
        mov     eax, 1
        bnz     dl, 7, .done
        movzx   eax, byte [edx]
        lea     eax, [eax+eax+1]
.done:  NEXT
        FIXED   "%collections", op_collections, 0
        mov     eax, [collections]
        lea     eax, [eax+eax+1]
        NEXT
