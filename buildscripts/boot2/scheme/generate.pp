# ----------------------------------------------------------------------
# The compiler, second part: from nodes to code
#
# The code is collected in [code_buffer], a vector, from [code_start] to [code_next], indices;
# that of an inner procedure behind what the outer one has so far. [depth] is the number
# of words in the frame, counted from the first argument.
# ----------------------------------------------------------------------

# compile_procedure: eax = closure of the lambda node eax, which has no free variables
compile_procedure:
        mov     eax, [eax+NODE_A]
        mov     dword [code_next], 0
        call    generate_code
# falls into new_closure: eax = closure of the code eax, without captured values
new_closure:
        new     T_CLOSURE, 1, eax
        return  edx

# last_load: edx -> the last instruction, at [last]; ecx = how far it is from op_next; carry flag if it is no load
last_load:
        load    edx, [last],  ecx, [code_buffer]
        lea     edx, [ecx+edx*4+4]
        mov     ecx, [edx]
        sub     ecx, op_next
        cmp     ecx, -GLOBAL
        ret

# emit: adds the instruction eax to the code, or if it comes after a load, or is one after a local that is pushed,
# makes one instruction of the two. emit_operand: adds the word eax. They change ecx, edx, ebp, and keep no value.
emit:
        call    last_load
        mov     ebp, eax
        sub     ebp, op_next
        on      ae, ebp, -GLOBAL, .load
        lea     ebp, [ecx+eax]
        on      ae, ecx, -GLOBAL, .one
.alone: mov     ecx, [code_next]
        mov     [last], ecx
        jmp     emit_operand
.load:  on      b, ebp, -LOCAL, .alone
        on      ne, dword [edx], op_push-LOCAL, .alone
        lea     ebp, [eax-PUSH_LOCAL]
.one:   mov     [edx], ebp
        ret
emit_operand:
        load    ecx, [code_next],  edx, [code_buffer]
        mov     [edx+ecx*4+4], eax
        inc     ecx
        mov     [code_next], ecx
        mov     edx, [edx]
        shr     edx, 8
        on      ae, ecx, edx, .grow
        ret
.grow:  lea     ecx, [edx+edx]          # there is always room for one
        invoke  filled, FALSE, -, T_VECTOR
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
        jmp     emit_operand

# slot: edx = distance of the word with the index edx from esp
slot:
        neg     edx
        add     edx, [depth]
        lea     edx, [edx*4-4]
        ret

# emit_count: the number of words above the depth under the return address, which is taken off and
# is the depth again
emit_count:
        load    eax, [depth],  ecx, [esp+4]
        mov     [depth], ecx
        sub     eax, ecx
        call    emit_operand
        ret     4

# note_place: the line of the node eax for the code that follows
note_place:
        mov     ecx, [eax+NODE_LINE]
        on      e, ecx, [code_line], .done
        mov     [code_line], ecx
        keep    ecx, call last_load     # what follows will be part of it
        mov     eax, [code_next]
        cmc
        sbb     eax, [code_start]
        lea     ecx, [ecx+ecx+1]
        lea     eax, [eax*8+CODE_START*2+1]
        cons_of eax, ecx
        cons_of eax, [code_lines]
        mov     [code_lines], eax
.done:  ret

# Labels: a word in memory has the index of the last operand that refers to it, that one the
# index of the one before it, the first 0. refer: an operand; edx = address of the label.
# place: the label is here.
refer:
        load    eax, [edx],  ecx, [code_next]
        mov     [edx], ecx
        jmp     emit_operand
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
        mov     dword [last], -1        # the word before the code, no load
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
        mov     dword [last], -1
        mov     ecx, [eax+LAMBDA_COUNT]
        add     ecx, 2
        mov     [depth], ecx
        mov     eax, [eax+LAMBDA_VARS]
        xor     ecx, ecx
        push    eax
.argument: on      e, eax, NIL, .boxes
        mov     edx, [eax-4]
        mov     [edx+VAR_SLOT], ecx
        inc     ecx
        with    eax, [eax], jmp .argument
.boxes: pop     eax
        call    box_variables
        load    ecx, [lambda],  eax, [ecx+LAMBDA_BODY]
        xor     edx, edx                # a form at the top stays among the calls
        cmp     dword [ecx+LAMBDA_PARENT], FALSE
        setne   dl
        keep    edx, call make
        xor     edx, 1
        call    returning
        follow  eax, [lambda], LAMBDA_NAME
        call    strip
        new     T_VECTOR, 3, eax        # name, file, lines
        copy    [edx+8], [file]
        copy    [edx+12], [code_lines]
        load    eax, edx,  ecx, [code_next]
        sub     ecx, [code_start]
        add     ecx, 2
        with    edx, T_CODE, call new_words
        mov     [edx+CODE_INFO], eax
        follow  eax, [lambda], LAMBDA_ARGS
        mov     [edx+CODE_ARGS], eax
        mov     eax, edx
        lea     ecx, [ecx*4-8]
        mov     ebp, [code_start]
        mov     [code_next], ebp
        mov     dword [last], -1
        lea     ebp, [ebp*4+4]
        add     ebp, [code_buffer]
        add     edx, CODE_START
        call    copy_bytes
        pops    dword [code_line], dword [code_lines], dword [code_start], dword [depth], dword [lambda]
        ret

# box_variables: puts those of the list eax into boxes that need it
box_variables:
        with    edx, .box, jmp for_each
.box:   bits    z, dword [eax+VAR_FLAGS], BOXED, .done
        goto    emit_slot, op_box_local, -, [eax+VAR_SLOT]
.done:  ret

# for_each: calls edx with each element of the list eax in eax
for_each:
        on      e, eax, NIL, .done
        pushes  edx, dword [eax]
        with    eax, [eax-4], call edx
        pops    eax, edx
        jmp     for_each
.done:  ret

# make: the code of the node eax, for its value in eax, or if edx is 1 to be returned. Makers have eax = node,
# and [esp+4] = node, [esp+8] = edx; they leave the value in eax, or have done all and jump to made.
make_value:
        xor     edx, edx
make:
        keep2   edx, eax, call [eax+NODE_MAKE]
# falls into returning: op_return, if edx says so
returning:
        bits    z, edx, edx, .done
        with    eax, op_return, call emit
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

make_constant:
        goto    emit2, op_next-CONST, -, [eax+NODE_A]

make_local:
        mov     ecx, [eax+NODE_A]
        bits    z, dword [ecx+VAR_FLAGS], BOXED, .value
        call    note_place
.value: follow  eax, [esp+4], NODE_A
# falls into variable_value: the code for the value of the variable eax
variable_value:
        push    dword [eax+VAR_FLAGS]
        call    place_of
        with    eax, ecx, call emit2
        pop     ecx
        bits    z, ecx, BOXED, .done
        with    eax, op_unbox, jmp emit
.done:  ret

# place_of: where the variable eax is: ecx = op_next-LOCAL and edx = distance from esp, or ecx = op_next-FREE and
# edx = distance in the closure
place_of:
        load    ecx, [lambda],  edx, [eax+VAR_SLOT]
        on      ne, ecx, [eax+VAR_OWNER], .free
        mov     ecx, op_next-ITSELF
        on      e, edx, SELF, .found
        with    ecx, op_next-LOCAL, jmp slot
.free:  load    ecx, [ecx+LAMBDA_FREE],  edx, 8
.next:  on      e, [ecx-4], eax, .captured
        add     edx, 4
        with    ecx, [ecx], jmp .next
.captured: mov  ecx, op_next-FREE
.found: ret

make_global:
        push    dword [eax+NODE_A]
        call    note_place
        pop     edx
        with    eax, op_next-GLOBAL, jmp emit2

# push_value: the code that pushes the value of the node eax
push_value:
        call    make_value
emit_push:
        with    eax, op_push, call emit
        inc     dword [depth]
        ret

# push_variable: the variable eax, or its box
push_variable:
        call    place_of
        with    eax, ecx, call emit2
        jmp     emit_push

make_set_local:
        with    eax, [eax+NODE_A], call push_variable
        follow  eax, [esp+4], NODE_B
        call    make_value
# falls into set_box: puts the value into the box that has been pushed before it
set_box:
        dec     dword [depth]
        with    eax, op_set_box, jmp emit

make_set_global:
        push    op_set_global
        jmp     set_global
make_define:
        push    op_define
set_global:
        with    eax, [eax+NODE_B], call make_value
        with    eax, [esp+8], call note_place
        pop     eax
        load    edx, [esp+4],  edx, [edx+NODE_A]
        jmp     emit2

make_if:
        push    0                       # label: the other branch
        load    ecx, esp,  eax, [eax+NODE_A]
        xor     edx, edx
        call    branch
        follow  eax, [esp+8], NODE_B
        with    edx, [esp+12], call make
        push    0                       # label: the end
        on      ne, dword [esp+16], 0, .other
        with    eax, op_jump, call emit
        with    edx, esp, call refer
.other: lea     edx, [esp+4]
        call    place
        follow  eax, [esp+12], NODE_C
        with    edx, [esp+16], call make
        with    edx, esp, call place
        add     esp, 8
        jmp     made

# make_and: a false value is the value. make_or: a true one.
make_and:
        with    ecx, br_true, jmp make_two
make_or:
        mov     ecx, br_false
make_two:
        pushes  0, ecx                  # label
        with    eax, [eax+NODE_A], call make_value
        pop     eax
        call    emit
        with    edx, esp, call refer
        follow  eax, [esp+8], NODE_B
        with    edx, [esp+12], call make
        with    edx, esp, call place
        pop     eax
        ret

# branch: the code that jumps to the label at ecx if the value of the node eax is true (edx = 1), or
# if it is false (edx = 0)
branch:
        pushes  ecx, edx, eax           # node, sense, label
        mov     ecx, [eax+NODE_MAKE]
        switch  ecx, make_primitive, .primitive, make_binary, .binary, make_and, .two
        xor     edx, 1
        on      e, ecx, make_or, .two
.value: call    make_value
        mov     eax, br_true
        on      e, dword [esp+4], 0, .jump
        mov     eax, br_false
.jump:  call    emit
        with    edx, [esp+8], call refer
        add     esp, 12
        ret
.two:   bits    z, edx, edx, .same
        push    0                       # the first decides against the jump, or the second for it
        load    eax, [eax+NODE_A],  ecx, esp,  edx, [esp+8]
        xor     edx, 1
        call    branch
        follow  eax, [esp+4], NODE_B
        invoke  branch, -, [esp+12], [esp+8]
        with    edx, esp, call place
        add     esp, 16
        ret
.same:  mov     eax, [eax+NODE_A]       # either jumps
        invoke  branch, -, [esp+8], [esp+4]
        pops    eax, edx, ecx
        with    eax, [eax+NODE_B], jmp branch
.not:   pops    eax, edx, ecx           # the other way round
        xor     edx, 1
        follow  eax, [eax+NODE_A], -4
        jmp     branch
.primitive: follow ecx, [eax+NODE_B], PRIM_ENTRY
        on      e, ecx, op_is_false, .not
        jmp     .fused
.binary: mov    ecx, [eax+NODE_B]
.fused: load    ebp, branches,  edx, 12
        call    find_row
        je      .value
        push    ebp                     # instruction; branches if it fails, if it holds
        with    eax, [eax+NODE_A], call operand_values
        with    eax, [esp+4], call note_place
        pop     ebp
        mov     eax, [esp+4]
        with    eax, [ebp+eax*4+4], jmp .jump

# find_row: ebp = the row of ecx in the table ebp, with rows of edx bytes; zero flag if it has none
find_row:
        on      e, dword [ebp], 0, .done
        cmp     [ebp], ecx
        lea     ebp, [ebp+edx]
        jne     find_row
        sub     ebp, edx                # not 0
.done:  ret

# operand_values: the code that pushes the values of the list of nodes eax, the last one in eax
operand_values:
        push    dword [depth]
.next:  mov     ecx, [eax]
        on      e, ecx, NIL, .last
        push    ecx
        with    eax, [eax-4], call push_value
        pop     eax
        jmp     .next
.last:  with    eax, [eax-4], call make_value
        pop     dword [depth]
        ret

make_sequence:
        mov     eax, [eax+NODE_A]
.next:  mov     ecx, [eax]
        on      e, ecx, NIL, .last
        push    ecx
        with    eax, [eax-4], call make_value
        pop     eax
        jmp     .next
.last:  invoke  make, [eax-4], -, [esp+8]
        jmp     made

# make_lambda: the captured values are pushed first
make_lambda:
        mov     eax, [eax+NODE_A]
# falls into closure: the code for the closure of the lambda eax
closure:
        push    eax
        call    generate_code
        pop     ecx
        mov     ecx, [ecx+LAMBDA_FREE]
        on      e, ecx, NIL, .constant
        pushes  dword [depth], eax
        invoke  for_each, ecx, -, push_variable
        pop     edx
        with    eax, op_closure, call emit2
        call    emit_count
        ret
.constant: call new_closure
        goto    emit2, op_next-CONST, -, eax
# make_call: arguments, then the procedure
make_call:
        push    dword [depth]
        invoke  for_each, [eax+NODE_B], -, push_value
        follow  eax, [esp+8], NODE_A
        on      e, dword [eax+NODE_MAKE], make_global, .global
        call    make_value
        with    eax, [esp+8], call note_place
        mov     eax, op_call
        on      e, dword [esp+12], 0, .emit
        mov     eax, op_tail
.emit:  call    emit
.count: call    emit_count
        ret
.global: push   dword [eax+NODE_A]
        with    eax, [esp+12], call note_place
        pop     edx
        push    .count
        mov     eax, op_call_global
        on      e, dword [esp+16], 0, emit2
        with    eax, op_tail_global, jmp emit2

# push_variables: the values eax of the variables ecx, lists. name_value: of one.
push_variables:
        on      e, eax, NIL, .done
        pushes  dword [eax], dword [ecx]
        invoke  name_value, [eax-4], [ecx-4]
        pops    ecx, eax
        jmp     push_variables
.done:  ret
name_value:
        keep    ecx, call push_value
        mov     eax, [depth]
        dec     eax
        mov     [ecx+VAR_SLOT], eax
        ret

make_let:
        push    dword [depth]
        invoke  push_variables, [eax+NODE_B], [eax+NODE_A]
        follow  eax, [esp+8], NODE_A
        call    box_variables
        follow  eax, [esp+8], NODE_C
# falls into end_scope: the node eax is the last, then the words above the depth on the stack are dropped
end_scope:
        with    edx, [esp+12], call make
        mov     edx, [depth]
        pop     ecx
        mov     [depth], ecx
        sub     edx, ecx
        je      made
        on      ne, dword [esp+8], 0, made
        shl     edx, 2
        with    eax, op_drop, call emit2
        jmp     made

# push_box: pushes a box for the variable eax
push_box:
        push    eax
        invoke  emit2, op_next-CONST, -, UNBOUND
        invoke  emit2, op_box, -, op_push
        pop     eax
        mov     ecx, [depth]
        mov     [eax+VAR_SLOT], ecx
        inc     dword [depth]
        ret

# make_body: a list of (variable . node) and (#f . node), and the last node. Boxes come first, then
# the values in their order.
make_body:
        push    dword [depth]
        invoke  for_each, [eax+NODE_A], -, .box
        follow  eax, [esp+8], NODE_A
        with    edx, .value, call for_each
        follow  eax, [esp+8], NODE_C
        jmp     end_scope
.value: load    ecx, [eax-4],  eax, [eax]
        on      e, ecx, FALSE, make_value
        bits    z, dword [ecx+VAR_FLAGS], BOXED, name_value
        keep    eax, with    eax, ecx, call push_variable
        call    make_value
        jmp     set_box
.box:   mov     eax, [eax-4]
        on      e, eax, FALSE, .done
        bits    nz, dword [eax+VAR_FLAGS], BOXED, push_box
.done:  ret

# make_primitive: an instruction, or the address of one that takes any number
make_primitive:
        load    ecx, [eax+NODE_B],  edx, [ecx+PRIM_MIN]
        on      ne, edx, [ecx+PRIM_MAX], .any
        on      ne, dword [ecx+PRIM_DATA], FALSE, .object
        with    ecx, [ecx+PRIM_ENTRY], jmp instruction
.object: with    eax, [eax+NODE_A], call operand_values # an accessor of records
        with    eax, [esp+4], call note_place
        follow  edx, [esp+4], NODE_B
        with    eax, op_object, jmp emit2
.any:   push    dword [depth]
        invoke  for_each, [eax+NODE_A], -, push_value
        with    eax, [esp+8], call note_place
        with    eax, op_count, call emit
        call    emit_count
        follow  eax, [esp+4], NODE_B, PRIM_ENTRY
        jmp     emit_operand

make_binary:
        mov     ecx, [eax+NODE_B]
instruction:                            # ecx
        push    ecx
        mov     eax, [eax+NODE_A]
        on      e, eax, NIL, .emit
        call    operand_values
.emit:  with    eax, [esp+8], call note_place
        pop     eax
        jmp     emit

compile_form:                           # eax = procedure that evaluates the form eax
        pushes  compile_procedure, NIL, FALSE, eax
        mov     dword [env], NIL
        mov     dword [lambda], FALSE
        mov     dword [name], TRUE      # the top level
        call    open_lambda
        pop     eax
        call    expand
        jmp     close_lambda

        FIXED   "%compile", op_compile, eax # (%compile form): a procedure that evaluates it
        ENTER_NATIVE
        call    compile_form
        LEAVE_NATIVE
        NEXT

# ----------------------------------------------------------------------
# What macros written in Scheme need
# ----------------------------------------------------------------------
# (%alias identifier env): another name for it
        FIXED   "%alias", op_alias, -, eax
        new     T_ALIAS, 2, pop, eax
        RESULT  edx
# (%keyword form): at the top: what expands the special form as a fixnum, a macro, or #f
        FIXED   "%keyword", op_keyword, eax
        PAIR    eax, false
        mov     dword [env], NIL
        with    eax, [eax-4], call keyword
        bits    z, edx, edx, false
        RESULT  edx
# (%expand-macro form): at the top: what the macro at its head makes of it
        FIXED   "%expand-macro", op_expand_macro, eax
        ENTER_NATIVE
        push    eax
        call    find_line
        mov     dword [env], NIL
        with    eax, [eax-4], call keyword
        pop     eax
        call    expand_macro
        LEAVE_NATIVE
        NEXT
# (%meaning x env): what it means there if it is an identifier, or #f
        FIXED   "%meaning", op_meaning, edx, eax
        push    dword [env]
        mov     [env], eax
        with    eax, edx, call is_identifier
        jne     .none
        call    lookup
        jmp     .done
.none:  mov     eax, FALSE
.done:  pop     dword [env]
        NEXT
        FIXED   "%strip", op_strip, eax # (%strip datum): without aliases
        ANSWER  call strip
# (%lines! file lines): what the compiler is to note; lines is () for the reader to collect them, or #f
        FIXED   "%lines!", op_lines, dword [file], eax
        mov     dword [line], 1
        mov     [lines], eax
        mov     [lines_next], eax
        NEXT
# (%place): (file . line) of the form that is compiled
        FIXED   "%place", op_place
        mov     eax, [line]
        lea     eax, [eax+eax+1]
        push    dword [file]
        ANSWER  call cons
        FIXED   "%arity", op_arity, eax # (%arity closure): CODE_ARGS
        follow  eax, [eax+4], CODE_ARGS
        RESULT_FIXNUM eax
        FIXED   "%collections", op_collections
        mov     eax, [collections]
        RESULT_FIXNUM eax
