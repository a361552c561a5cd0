# ----------------------------------------------------------------------
# The machine
#
# A procedure's code is a row of words: the address of an instruction here, then
# its operands. Each instruction ends by jumping to the next.
#
#   eax  accumulator      esi  after the word at hand in the code
#   ebx  closure that runs   edi  where the next object goes   esp  stack
#   ecx, edx, ebp  free
#
# The stack in a procedure of two arguments, when it has pushed two words more:
#
#   esp -> temporary, local, return address, closure of it, argument 2, argument 1
#
# There is no frame pointer: the compiler knows how much has been pushed. A call
# takes the arguments from the stack and leaves the result in eax. No word of the
# stack is the address of another, so a piece of it can be moved anywhere: when
# the stack is full, and when a continuation is wanted, it goes to the heap as a
# chunk, and [frames] says where to go on when the stack runs out.
#
# A primitive of fixed arguments has the last of them in eax, the others on the
# stack, and is an instruction as well. One that takes any number has all on the
# stack and their number in ecx.
# ----------------------------------------------------------------------
%macro NEXT
        add     esi, 4
        jmp     [esi-4]
%end
%macro NEXT1                  # there was one operand
        add     esi, 8
        jmp     [esi-4]
%end
%macro NEXT2
        add     esi, 12
        jmp     [esi-4]
%end

%macro BRANCH_IF fails           # of a branch: jumps on this condition
        {fails} .jump
        NEXT1
.jump:
        add     esi, [esi]
        jmp     [esi-4]
%end

# Loads and stores. k is a distance in bytes from esp or from the closure.

op_local:                               # k
        mov     edx, [esi]
        mov     eax, [esp+edx]
        NEXT1
op_push_local:                          # k
        mov     edx, [esi]
        push    dword [esp+edx]
        NEXT1
op_push_const:                          # value
        push    dword [esi]
        NEXT1
op_const:                               # value
        mov     eax, [esi]
        NEXT1
op_push:
        push    eax
        NEXT
op_free:                                # k
        mov     edx, [esi]
        mov     eax, [ebx+edx]
        NEXT1
op_push_free:                           # k
        mov     edx, [esi]
        push    dword [ebx+edx]
        NEXT1
op_drop:                                # bytes
        add     esp, [esi]
        NEXT1
op_unbox:
        mov     eax, [eax+VALUE]
        cmp     eax, UNBOUND
        je      not_initialised
        NEXT
op_global:                              # symbol
        mov     edx, [esi]
        mov     eax, [edx+SYMBOL_VALUE]
        cmp     eax, UNBOUND
        je      unbound_operand
        NEXT1
op_push_global:                         # symbol
        mov     edx, [esi]
        mov     eax, [edx+SYMBOL_VALUE]
        cmp     eax, UNBOUND
        je      unbound_operand
        push    eax
        NEXT1
op_set_global:                          # symbol
        mov     edx, [esi]
        cmp     dword [edx+SYMBOL_VALUE], UNBOUND
        je      unbound_operand
        mov     [edx+SYMBOL_VALUE], eax
        mov     eax, UNSPECIFIED
        NEXT1
op_define:                              # symbol
        mov     edx, [esi]
        mov     [edx+SYMBOL_VALUE], eax
        mov     dword [edx+SYMBOL_SYNTAX], FALSE
        mov     eax, UNSPECIFIED
        NEXT1
op_set_box:                             # the box is on the stack
        pop     edx
        mov     [edx+VALUE], eax
        mov     eax, UNSPECIFIED
        NEXT
op_box:
        mov     ecx, 8
        call    allocate
        mov     dword [edx], T_BOX + 256
        mov     [edx+VALUE], eax
        mov     eax, edx
        NEXT
op_box_local:                           # k: puts the local into a box
        mov     ecx, 8
        call    allocate
        mov     ecx, [esi]
        mov     eax, [esp+ecx]
        mov     dword [edx], T_BOX + 256
        mov     [edx+VALUE], eax
        mov     [esp+ecx], edx
        NEXT1
op_closure:                             # code, number of captured values, which are on the stack
        mov     ecx, [esi+4]
        lea     ecx, [ecx*4+15]
        and     ecx, -8
        call    allocate
        mov     ecx, [esi+4]
        lea     eax, [ecx+1]
        shl     eax, 8
        mov     al, T_CLOSURE
        mov     [edx], eax
        mov     eax, [esi]
        mov     [edx+4], eax
.value:
        dec     ecx
        js      .done
        pop     dword [edx+ecx*4+8]
        jmp     .value
.done:
        mov     eax, edx
        NEXT2
op_patch:                               # k of a closure, k in it; the value is in eax
        mov     edx, [esi]
        mov     edx, [esp+edx]
        mov     ecx, [esi+4]
        mov     [edx+ecx], eax
        NEXT2

# Jumps. The operand is the distance from itself to the target, plus 4.

op_jump:                                # target
        add     esi, [esi]
        jmp     [esi-4]
br_true:                                # target, if eax is false
        cmp     eax, FALSE
        je      .jump
        NEXT1
.jump:
        add     esi, [esi]
        jmp     [esi-4]
br_false:                               # target, if eax is not false
        cmp     eax, FALSE
        jne     .jump
        NEXT1
.jump:
        add     esi, [esi]
        jmp     [esi-4]
op_loop:                                # n, bytes above the variables, target: n new values
        mov     ecx, [esi]              # from the stack to the loop's variables
        mov     edx, [esi+4]
        lea     ebp, [ecx*4]
        add     edx, ebp
.move:                                  # [esp+edx-4] is the last variable from here on
        pop     eax
        mov     [esp+edx-4], eax
        dec     ecx
        jne     .move
        sub     edx, ebp
        add     esp, edx
        add     esi, 8
        add     esi, [esi]
        jmp     [esi-4]

# Calls. do_call: eax = procedure, ecx = number of arguments on the stack,
# esi = where to go on.

op_call_global:                         # n, symbol
        mov     ecx, [esi]
        mov     edx, [esi+4]
        mov     eax, [edx+SYMBOL_VALUE]
        add     esi, 8
        test    al, 7
        jne     .other
        cmp     byte [eax], T_CLOSURE
        jne     call_object
        push    ebx
        lea     edx, [esi+2]
        push    edx
        mov     ebx, eax
        mov     edx, [eax+4]
        cmp     ecx, [edx+CODE_ARGS]
        jne     call_arguments
        cmp     esp, [stack_limit]
        jb      stack_full
        lea     esi, [edx+CODE_START+4]
        jmp     [esi-4]
.other:
        cmp     eax, UNBOUND
        jne     call_object
        sub     esi, 4
        jmp     unbound_operand
op_call:                                # n
        mov     ecx, [esi]
        add     esi, 4
do_call:
        test    al, 7
        jne     not_procedure
        cmp     byte [eax], T_CLOSURE
        jne     call_object
        push    ebx
        lea     edx, [esi+2]
        push    edx
        mov     ebx, eax
        mov     edx, [eax+4]
        cmp     ecx, [edx+CODE_ARGS]
        jne     call_arguments
        cmp     esp, [stack_limit]
        jb      stack_full
        lea     esi, [edx+CODE_START+4]
        jmp     [esi-4]

# call_object: eax is not a closure.
call_object:
        test    al, 7
        jne     not_procedure
        cmp     byte [eax], T_PRIM
        jne     not_procedure
        cmp     ecx, [eax+PRIM_MIN]
        jb      wrong_arguments
        cmp     ecx, [eax+PRIM_MAX]
        ja      .limit
        mov     ebp, eax                # accessors and continuations look there
        mov     edx, [eax+PRIM_ENTRY]
        jb      .go                     # variadic: all on the stack
        cmp     ecx, [eax+PRIM_MIN]
        jne     .go
        test    ecx, ecx
        je      .go
        pop     eax
.go:
        jmp     edx
.limit:
        cmp     dword [eax+PRIM_MAX], 255
        jne     wrong_arguments
        mov     ebp, eax
        jmp     [eax+PRIM_ENTRY]

# call_arguments: the closure ebx, with code edx, takes a rest list or another number
# of arguments. The return address is on the stack.
call_arguments:
        mov     eax, [edx+CODE_ARGS]
        not     eax                     # eax = required, if there is a rest list
        test    eax, eax
        js      closure_arguments
        cmp     ecx, eax
        jb      closure_arguments
        sub     ecx, eax                # ecx = number in the list
        lea     esi, [edx+CODE_START]
        shl     ecx, 3
        lea     edx, [edi+ecx]
        cmp     edx, [heap_limit]
        jbe     .room
        call    collect
.room:
        shr     ecx, 3
        pop     edx
        pop     ebp
        mov     eax, NIL
        jmp     .test
.cons:
        pop     dword [edi]
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        dec     ecx
.test:
        test    ecx, ecx
        jne     .cons
        push    eax
        push    ebp
        push    edx
        cmp     esp, [stack_limit]
        jb      .full
        NEXT
.full:
        mov     edx, [ebx+4]
        mov     ecx, [edx+CODE_ARGS]
        neg     ecx                     # with the list as one
        mov     eax, ebx
        jmp     stack_full

op_tail_global:                         # n, symbol; op_return follows
        mov     ecx, [esi]
        mov     edx, [esi+4]
        mov     eax, [edx+SYMBOL_VALUE]
        cmp     eax, UNBOUND
        je      .unbound
        add     esi, 8
        jmp     do_tail
.unbound:
        add     esi, 4
        jmp     unbound_operand
op_tail:                                # n; op_return follows
        mov     ecx, [esi]
        add     esi, 4
do_tail:                                # esi -> op_return and its operands
        test    al, 7
        jne     not_procedure
        cmp     byte [eax], T_CLOSURE
        jne     call_object             # op_return will return for it
        mov     ebx, eax
        mov     edx, [esi+8]
        lea     ebp, [esp+ecx*4]
        add     ebp, [esi+4]            # ebp -> return address
        mov     esi, [ebp]
        mov     eax, [ebp+4]
        lea     ebp, [ebp+edx+8]        # ebp -> past the arguments
        mov     edx, ecx
.move:
        dec     edx
        js      .moved
        push    dword [esp+edx*4]
        sub     ebp, 4
        pop     dword [ebp]
        jmp     .move
.moved:
        mov     esp, ebp
        push    eax
        push    esi
        mov     edx, [ebx+4]
        cmp     ecx, [edx+CODE_ARGS]
        jne     call_arguments
        lea     esi, [edx+CODE_START+4]
        jmp     [esi-4]

op_return:                              # bytes above the return address, bytes of arguments
        add     esp, [esi]
        mov     edx, [esi+4]
        pop     esi
        pop     ebx
        add     esp, edx
        add     esi, 2
        jmp     [esi-4]

# call_from_primitive: do_call, or do_tail if the primitive is all that is left to do
call_from_primitive:
        cmp     dword [esi], op_return
        je      do_tail
        jmp     do_call

# (apply f a ... list)
prim_apply:
        pop     eax
        lea     edx, [ecx-2]            # edx = arguments
.list:
        lea     ebp, [eax-4]
        test    ebp, 7
        jne     .end
        cmp     esp, [stack_limit]
        jb      too_many_arguments
        push    dword [eax-4]
        mov     eax, [eax]
        inc     edx
        jmp     .list
.end:
        cmp     eax, NIL
        jne     not_list
        mov     ecx, edx
        mov     eax, [esp+ecx*4]        # f is below them: they move over it
.move:
        dec     edx
        js      .moved
        mov     ebp, [esp+edx*4]
        mov     [esp+edx*4+4], ebp
        jmp     .move
.moved:
        add     esp, 4
        jmp     call_from_primitive

# (values v ...)
prim_values:
        cmp     ecx, 1
        je      .one
        mov     edx, T_VALUES
        call    vector_from_stack
        NEXT
.one:
        pop     eax
        NEXT

# (%apply-values f v): f with the values that v holds
prim_apply_values:
        mov     edx, eax
        pop     eax
        mov     ecx, 1
        test    dl, 7
        jne     .one
        cmp     byte [edx], T_VALUES
        jne     .one
        mov     ecx, [edx]
        shr     ecx, 8
        xor     ebp, ebp
.value:
        cmp     ebp, ecx
        jae     call_from_primitive
        push    dword [edx+ebp*4+4]
        inc     ebp
        jmp     .value
.one:
        push    edx
        jmp     call_from_primitive

# vector_from_stack: eax = object of type edx with the ecx values under the return
# address, which are taken off
vector_from_stack:
        pop     dword [kept_return]
        mov     [kept_type], edx
        mov     [kept_count], ecx
        lea     ecx, [ecx*4+11]
        and     ecx, -8
        call    allocate
        mov     ecx, [kept_count]
        mov     eax, ecx
        shl     eax, 8
        or      eax, [kept_type]
        mov     [edx], eax
        mov     eax, edx
.value:
        dec     ecx
        js      .done
        pop     dword [eax+ecx*4+4]
        jmp     .value
.done:
        jmp     [kept_return]

# ----------------------------------------------------------------------
# Continuations
#
# [frames] is a frame: where to go on when the stack is empty, the chunk with the
# stack that belongs there, and the next frame. The last words of a chunk are the
# arguments of its bottom procedure, above them the return address that led to
# op_underflow. Chunks are never changed.
# ----------------------------------------------------------------------

# capture: moves the stack to a chunk and makes a frame for esi in ebx. Keeps eax
# as a value.
capture:
        pop     dword [kept_return]
        mov     ecx, [stack_base]
        sub     ecx, esp
        add     ecx, 11
        and     ecx, -8
        mov     [kept_count], ecx
        add     ecx, 24
        call    allocate
        push    eax
        mov     ecx, [kept_count]
        add     ecx, edx                # ecx -> frame, behind the chunk
        mov     dword [ecx], T_FRAME + 5*256
        mov     [ecx+FRAME_CLOSURE], ebx
        mov     eax, esi
        sub     eax, [ebx+4]
        lea     eax, [eax+eax+1]
        mov     [ecx+FRAME_OFFSET], eax
        mov     [ecx+FRAME_CHUNK], edx
        mov     dword [ecx+FRAME_START], 1
        mov     eax, [frames]
        mov     [ecx+FRAME_NEXT], eax
        mov     [frames], ecx
        pop     eax
        mov     ecx, [stack_base]
        sub     ecx, esp
        mov     ebp, ecx
        shl     ebp, 6                  # words in bits 8 to 31
        or      ebp, T_CHUNK
        mov     [edx], ebp
        mov     ebp, edi                # the words: esp to edx + 4
        mov     ebx, esi
        mov     esi, esp
        lea     edi, [edx+4]
        shr     ecx, 2
        rep movsd
        mov     edi, ebp
        mov     esi, ebx
        mov     esp, [stack_base]
        jmp     [kept_return]

# to_underflow: ebx, esi = the procedure that goes on with [frames]
to_underflow:
        mov     ebx, [underflow_closure]
        mov     esi, [ebx+4]
        add     esi, CODE_START
        ret

# op_underflow: the stack is empty; goes on with the first of the frames. Its chunk
# is copied back as a whole up to CHUNK_PART words, beyond that only those procedures
# that fit.
CHUNK_PART  = 512
op_underflow:
        lea     ecx, [edi+24]           # a frame, if the chunk is split
        cmp     ecx, [heap_limit]
        jbe     .room
        mov     ecx, 24
        call    collect
.room:
        push    eax
        mov     [kept_edi], edi
        mov     edx, [frames]
        mov     ebx, [edx+FRAME_CLOSURE]
        mov     esi, [edx+FRAME_CHUNK]
        mov     ecx, [edx+FRAME_START]
        shr     ecx, 1
        mov     eax, [esi]
        shr     eax, 8
        lea     eax, [esi+eax*4+4]
        mov     [kept_count], eax       # the end of the chunk
        lea     esi, [esi+ecx+4]        # esi -> first word
        mov     eax, esi                # eax -> word looked at
.procedure:                             # ebx is the procedure whose words begin at eax
        cmp     eax, [kept_count]
        jae     .end
        mov     ecx, [eax]
        test    cl, 1
        jne     .word
        test    cl, 2
        je      .word
        sub     ecx, [space_low]
        mov     ebp, [heap_end]
        sub     ebp, [space_low]
        cmp     ecx, ebp
        jb      .boundary
.word:
        add     eax, 4
        jmp     .procedure
.boundary:                              # [eax] returns to the closure [eax+4]
        mov     ecx, [ebx+4]
        mov     ecx, [ecx+CODE_ARGS]
        test    ecx, ecx
        jns     .fixed
        neg     ecx
.fixed:
        mov     ebx, [eax+4]
        lea     ebp, [eax+ecx*4+8]      # ebp -> past its arguments
        cmp     ebx, [underflow_closure]
        je      .bottom
        mov     edi, eax
        sub     edi, esi
        cmp     edi, CHUNK_PART*4
        jae     .split
        mov     eax, ebp
        jmp     .procedure
.end:                                    # machine code that began it all
        mov     ebp, eax
.bottom:
        mov     edi, [edx+FRAME_NEXT]
        mov     [frames], edi
        pop     eax                     # the value
        mov     ecx, ebp
        sub     ecx, esi
        sub     esp, ecx
        mov     edi, esp
        shr     ecx, 2
        rep movsd
        jmp     .go
.split:                                 # edx = frame, eax -> boundary, ebp -> the rest
        mov     edi, [kept_edi]
        add     dword [kept_edi], 24
        mov     dword [edi], T_FRAME + 5*256
        mov     [edi+FRAME_CLOSURE], ebx
        mov     ecx, [eax]
        sub     ecx, 2
        sub     ecx, [ebx+4]
        lea     ecx, [ecx+ecx+1]
        mov     [edi+FRAME_OFFSET], ecx
        mov     ecx, [edx+FRAME_CHUNK]
        mov     [edi+FRAME_CHUNK], ecx
        neg     ecx
        lea     ecx, [ecx+ebp-4]
        lea     ecx, [ecx+ecx+1]
        mov     [edi+FRAME_START], ecx
        mov     ecx, [edx+FRAME_NEXT]
        mov     [edi+FRAME_NEXT], ecx
        mov     [frames], edi
        mov     ecx, eax                # ecx -> boundary
        pop     eax
        sub     ebp, esi
        sub     esp, ebp
        sub     ecx, esi                # bytes before the boundary
        mov     edi, esp
        lea     ebx, [edi+ecx]          # -> return address on the stack
        mov     ecx, ebp
        shr     ecx, 2
        rep movsd
        mov     ecx, [underflow_closure]
        mov     [ebx+4], ecx
        mov     ecx, [ecx+4]
        add     ecx, CODE_START+2
        mov     [ebx], ecx
.go:
        mov     edi, [kept_edi]
        mov     ebx, [edx+FRAME_CLOSURE]
        mov     esi, [edx+FRAME_OFFSET]
        shr     esi, 1
        add     esi, [ebx+4]
        NEXT

# stack_full: a call in do_call has found no room; eax or ebx = callee, ecx arguments
stack_full:
        lea     esi, [edx+CODE_START]
        lea     edx, [esp+8]
        mov     [kept_args], ecx
        jecxz   .none
.copy:                                  # above the return address, which is wanted below
        dec     ecx
        push    dword [edx+ecx*4]
        jne     .copy
.none:
        mov     eax, ebx
        mov     ecx, [kept_args]
        mov     edx, T_VALUES
        call    vector_from_stack
        xchg    eax, ebx
        mov     [kept_value], ebx       # a root
        pop     esi
        sub     esi, 2
        pop     ebx
        mov     ecx, [kept_args]
        lea     esp, [esp+ecx*4]
        call    capture
        mov     edx, [kept_value]
        mov     ecx, [edx]
        shr     ecx, 8
        xor     ebp, ebp
.push:
        cmp     ebp, ecx
        jae     .call
        push    dword [edx+ebp*4+4]
        inc     ebp
        jmp     .push
.call:
        call    to_underflow
        jmp     do_call

# (%call/cc f): f with a continuation. In the place of a tail call the frame of the
# caller goes first, so that loops do not pile up.
prim_callcc:
        cmp     dword [esi], op_return
        jne     .capture
        add     esp, [esi+4]
        mov     edx, [esi+8]
        pop     esi
        pop     ebx
        add     esp, edx
        sub     esi, 2
        cmp     ebx, [underflow_closure]
        je      .captured
.capture:
        call    capture
.captured:
        call    to_underflow
        mov     ecx, 24
        call    allocate
        mov     dword [edx], T_PRIM + 5*256
        mov     dword [edx+PRIM_ENTRY], prim_continue
        mov     dword [edx+PRIM_MIN], 0
        mov     dword [edx+PRIM_MAX], 255
        mov     dword [edx+PRIM_NAME], FALSE
        mov     ecx, [frames]
        mov     [edx+PRIM_DATA], ecx
        push    edx
        mov     ecx, 1
        jmp     do_call

# a continuation, with any number of values; ebp = it
prim_continue:
        mov     edx, [ebp+PRIM_DATA]
        mov     [kept_value], edx
        call    values_from_stack
        mov     edx, [kept_value]
        mov     [frames], edx
        mov     esp, [stack_base]
        jmp     op_underflow

# values_from_stack: eax = the ecx values under the return address as one
values_from_stack:
        cmp     ecx, 1
        mov     edx, T_VALUES
        jne     vector_from_stack
        pop     edx
        pop     eax
        jmp     edx

# ----------------------------------------------------------------------
# Machine code that calls Scheme: it runs with ebx = 0 and esi free.
#
#       push    .back           ; where to go on, eax = result
#       push    argument ...
#       mov     eax, procedure
#       mov     ecx, number of arguments
#       jmp     call_scheme
# .back:
# ----------------------------------------------------------------------
call_scheme:
        mov     ebx, [native_closure]
        mov     esi, [ebx+4]
        add     esi, CODE_START
        jmp     do_call
op_native:
        xor     ebx, ebx
        ret

# A primitive that needs esi while it allocates, or calls the like, is machine code
# of that kind in between.
%macro ENTER_NATIVE
        push    ebx
        lea     esi, [esi+2]
        push    esi
        xor     ebx, ebx
%end
%macro LEAVE_NATIVE
        pop     esi
        lea     esi, [esi-2]
        pop     ebx
%end

# (%backtrace): the calls that have not returned, up to 40 words: closure, offset, ...
# as a list, innermost last
prim_backtrace:
        push    ebx
        mov     ecx, 800                # for 40 pairs and more
        mov     eax, NIL
        call    allocate
        mov     edi, edx                # only the room was wanted
        mov     edx, [frames]
        mov     [kept_value], edx
        lea     ebp, [esp+4]
        mov     ecx, [stack_base]
        mov     dword [kept_count], 20
.word:
        cmp     ebp, ecx
        jae     .frame
        mov     edx, [ebp]
        add     ebp, 4
        test    dl, 1
        jne     .word
        test    dl, 2
        je      .word
        sub     edx, [space_low]
        push    ecx
        mov     ecx, [heap_end]
        sub     ecx, [space_low]
        cmp     edx, ecx
        pop     ecx
        jae     .word
        push    ecx
        mov     edx, [ebp-4]
        mov     ecx, [ebp]
        sub     edx, [ecx+4]
        lea     edx, [edx+edx-3]        # 2 (offset - 2) + 1
        call    .add
        pop     ecx
        jne     .word
        jmp     .done
.frame:                                 # the stack ends; on with the frames
        mov     edx, [kept_value]
        cmp     edx, FALSE
        je      .done
        mov     ebp, [edx+FRAME_NEXT]
        mov     [kept_value], ebp
        mov     ecx, [edx+FRAME_CLOSURE]
        push    edx
        mov     edx, [edx+FRAME_OFFSET]
        call    .add
        pop     edx
        je      .done
        mov     ecx, [edx+FRAME_START]
        mov     ebp, [edx+FRAME_CHUNK]
        mov     edx, [ebp]
        shr     edx, 8
        lea     edx, [ebp+edx*4+4]
        shr     ecx, 1
        lea     ebp, [ebp+ecx+4]
        mov     ecx, edx
        jmp     .word
.done:
        pop     ebx
        NEXT
.add:                                   # adds closure ecx and offset edx to the list eax
        mov     [edi], ecx
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        mov     [edi], edx
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        dec     dword [kept_count]
        ret
