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

%macro JUMP                            # by the operand
        add     esi, [esi]
        jmp     [esi-4]
%end
%macro BRANCH_IF fails           # of a branch: jumps on this condition
        {fails} .jump
        NEXT1
.jump:  JUMP
%end
# Most instructions come after a load. So each has entries in front of it that load eax first, from a word before its
# own operands. A load alone is an entry of op_next, and one whose value is pushed is an entry of op_push. These are
# the bytes from an entry to its instruction; k is a distance in bytes, from esp or in the closure.
PUSH_LOCAL  = 4                         # k, from LOCAL or CONST: a local is pushed before
CONST       = 1                         # value
LOCAL       = CONST + PUSH_LOCAL + 6    # k
FREE        = LOCAL + PUSH_LOCAL + 6    # k
ITSELF      = FREE + 5                  # an operand not looked at
GLOBAL      = ITSELF + 17               # symbol
%macro push_local
        lodsd
        push    dword [esp+eax]
%end
%macro INSTRUCTION name
        lodsd
        mov     eax, [eax+SYMBOL_VALUE]
        on      e, eax, UNBOUND, unbound_loaded
        jmp     short {name}
        lodsd
        mov     eax, ebx
        jmp     short {name}
        lodsd
        mov     eax, [ebx+eax]
        jmp     short {name}
        push_local
        lodsd
        mov     eax, [esp+eax]
        jmp     short {name}
        push_local
        lodsd
{name}:
%end
        INSTRUCTION op_next
        NEXT
        INSTRUCTION op_push
        push    eax
        NEXT
        INSTRUCTION op_drop             # bytes
        add     esp, [esi]
        NEXT1
        INSTRUCTION op_unbox
        mov     eax, [eax+VALUE]
        on      e, eax, UNBOUND, not_initialised
        NEXT
        INSTRUCTION op_set_global       # symbol
        mov     edx, [esi]
        on      e, dword [edx+SYMBOL_VALUE], UNBOUND, unbound_operand
        mov     [edx+SYMBOL_VALUE], eax
        with    eax, UNSPECIFIED, NEXT1
        INSTRUCTION op_define           # symbol
        mov     edx, [esi]
        mov     [edx+SYMBOL_VALUE], eax
        mov     dword [edx+SYMBOL_SYNTAX], FALSE
        with    eax, UNSPECIFIED, NEXT1
        INSTRUCTION op_set_box          # the box is on the stack
        pop     edx
        EFFECT  mov [edx+VALUE], eax
        INSTRUCTION op_box
        with    ecx, 8, call allocate
        mov     dword [edx], T_BOX + 256
        mov     [edx+VALUE], eax
        RESULT  edx
        INSTRUCTION op_box_local        # k: puts the local into a box
        with    ecx, 8, call allocate
        load    ecx, [esi],  eax, [esp+ecx]
        mov     dword [edx], T_BOX + 256
        mov     [edx+VALUE], eax
        mov     [esp+ecx], edx
        NEXT1
        INSTRUCTION op_closure          # code, number of captured values, which are on the stack
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
.value: count   s, ecx, .done
        pop     dword [edx+ecx*4+8]
        jmp     .value
.done:  mov     eax, edx
        NEXT2
# Jumps. The operand is the distance from itself to the target, plus 4.

        INSTRUCTION op_jump             # target
        JUMP
        INSTRUCTION br_true             # target, if eax is false
        on      e, eax, FALSE, .jump
        NEXT1
.jump:  JUMP
        INSTRUCTION br_false            # target, if eax is not false
        on      ne, eax, FALSE, .jump
        NEXT1
.jump:  JUMP
# enter_closure: eax = closure, ecx = number of arguments on the stack, esi = where to go on
%macro enter_closure
        push    ebx
        lea     edx, [esi+2]
        push    edx
        load    ebx, eax,  edx, [eax+4]
        on      ne, ecx, [edx+CODE_ARGS], call_arguments
        on      b, esp, [stack_limit], stack_full
        lea     esi, [edx+CODE_START+4]
        jmp     [esi-4]
%end

# Calls. do_call: eax = procedure, ecx = number of arguments on the stack,
# esi = where to go on.

        INSTRUCTION op_call_global      # symbol, n
        load    edx, [esi],  ecx, [esi+4],  eax, [edx+SYMBOL_VALUE]
        add     esi, 8
        bits    nz, al, 7, .other
        on      ne, byte [eax], T_CLOSURE, call_object
        enter_closure
.other: on      ne, eax, UNBOUND, call_object
        sub     esi, 8
        jmp     unbound_operand
        INSTRUCTION op_call             # n
        mov     ecx, [esi]
        add     esi, 4
do_call:
        bits    nz, al, 7, not_procedure
        on      ne, byte [eax], T_CLOSURE, call_object
        enter_closure

# call_object: eax is not a closure.
call_object:
        bits    nz, al, 7, not_procedure
        on      ne, byte [eax], T_PRIM, not_procedure
        on      b, ecx, [eax+PRIM_MIN], wrong_arguments
        on      a, ecx, [eax+PRIM_MAX], .limit
        mov     ebp, eax                # accessors and continuations look there
        mov     edx, [eax+PRIM_ENTRY]
        jb      .go                     # variadic: all on the stack
        on      ne, ecx, [eax+PRIM_MIN], .go
        bits    z, ecx, ecx, .go
        pop     eax
.go:    jmp     edx
.limit: on      ne, dword [eax+PRIM_MAX], 255, wrong_arguments
        with    ebp, eax, jmp [eax+PRIM_ENTRY]

# call_arguments: the closure ebx, with code edx, takes a rest list or another number
# of arguments. The return address is on the stack.
call_arguments:
        mov     eax, [edx+CODE_ARGS]
        not     eax                     # eax = required, if there is a rest list
        bits    s, eax, eax, closure_arguments
        on      b, ecx, eax, closure_arguments
        sub     ecx, eax                # ecx = number in the list
        lea     esi, [edx+CODE_START]
        shl     ecx, 3
        lea     edx, [edi+ecx]
        on      be, edx, [heap_limit], .room
        call    collect
.room:  shr     ecx, 3
        pops    edx, ebp
        with    eax, NIL, jmp .test
.cons:  pop     dword [edi]
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        dec     ecx
.test:  bits    nz, ecx, ecx, .cons
        pushes  eax, ebp, edx
        on      b, esp, [stack_limit], .full
        NEXT
.full:  load    edx, [ebx+4],  ecx, [edx+CODE_ARGS]
        neg     ecx                     # with the list as one
        jmp     stack_full

        INSTRUCTION op_tail_global      # symbol, n; op_return follows
        load    edx, [esi],  ecx, [esi+4],  eax, [edx+SYMBOL_VALUE]
        on      e, eax, UNBOUND, unbound_operand
        add     esi, 8
        jmp     do_tail
        INSTRUCTION op_tail             # n; op_return follows
        mov     ecx, [esi]
        add     esi, 4
do_tail:                                # esi -> op_return and its operands
        bits    nz, al, 7, not_procedure
        on      ne, byte [eax], T_CLOSURE, call_object # op_return will return for it
        load    ebx, eax,  edx, [esi+8]
        lea     ebp, [esp+ecx*4]
        add     ebp, [esi+4]            # ebp -> return address
        load    esi, [ebp],  eax, [ebp+4]
        lea     ebp, [ebp+edx+8]        # ebp -> past the arguments
        mov     edx, ecx
.move:  count   s, edx, .moved
        push    dword [esp+edx*4]
        sub     ebp, 4
        pop     dword [ebp]
        jmp     .move
.moved: mov     esp, ebp
        pushes  eax, esi
        mov     edx, [ebx+4]
        on      ne, ecx, [edx+CODE_ARGS], call_arguments
        lea     esi, [edx+CODE_START+4]
        jmp     [esi-4]

        INSTRUCTION op_return           # bytes above the return address, bytes of arguments
        add     esp, [esi]
        mov     edx, [esi+4]
        pops    esi, ebx
        add     esp, edx
        add     esi, 2
        jmp     [esi-4]

# call_from_primitive: do_call, or do_tail if the primitive is all that is left to do
call_from_primitive:
        on      e, dword [esi], op_return, do_tail
        jmp     do_call

        VARIADIC "apply", prim_apply, 2 # (apply f a ... list)
        pop     eax
        lea     edx, [ecx-2]            # edx = arguments
.list:  lea     ebp, [eax-4]
        bits    nz, ebp, 7, .end
        on      b, esp, [stack_floor], too_many_arguments
        push    dword [eax-4]
        mov     eax, [eax]
        inc     edx
        jmp     .list
.end:   on      ne, eax, NIL, not_list
        mov     ecx, edx
        mov     eax, [esp+ecx*4]        # f is below them: they move over it
.move:  count   s, edx, .moved
        mov     ebp, [esp+edx*4]
        mov     [esp+edx*4+4], ebp
        jmp     .move
.moved: add     esp, 4
        jmp     call_from_primitive

        VARIADIC "values", prim_values, 0 # (values v ...)
        on      e, ecx, 1, .one
        with    edx, T_VALUES, call vector_from_stack
        NEXT
.one:   pop     eax
        NEXT

# (%apply-values f v): f with the values that v holds
        FIXED   "%apply-values", prim_apply_values, eax, edx
        OBJECT  edx, T_VALUES, .one
apply_values:                           # eax with those of the object edx
        mov     ecx, [edx]
        shr     ecx, 8
        xor     ebp, ebp
.value: on      ae, ebp, ecx, call_from_primitive
        on      b, esp, [stack_floor], too_many_arguments
        push    dword [edx+ebp*4+4]
        inc     ebp
        jmp     .value
prim_apply_values.one: push edx
        with    ecx, 1, jmp call_from_primitive

# vector_from_stack: eax = object of type edx with the ecx values under the return
# address, which are taken off
vector_from_stack:
        pop     dword [kept_return]
        call    new_words
        mov     eax, edx
.value: count   s, ecx, .done
        pop     dword [eax+ecx*4+4]
        jmp     .value
.done:  jmp     [kept_return]

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
        load    ebx, esi,  esi, esp
        lea     edi, [edx+4]
        shr     ecx, 2
        rep movsd
        load    edi, ebp,  esi, ebx
        with    esp, [stack_base], jmp [kept_return]

%macro RETURN_ADDRESS word, otherwise   # jump if a word of the stack in a register is none; changes ebp
        bits    nz, {word}, 1, {otherwise}
        bits    z, {word}, 2, {otherwise}
        mov     ebp, {word}
        sub     ebp, [space_low]
        on      ae, ebp, [space_bytes], {otherwise}
%end

# to_underflow: ebx, esi = the procedure that goes on with [frames]
to_underflow:
        load    ebx, [underflow_closure],  esi, [ebx+4]
        add     esi, CODE_START
        ret

# op_underflow: the stack is empty; goes on with the first of the frames. Its chunk
# is copied back as a whole up to CHUNK_PART words, beyond that only those procedures
# that fit.
CHUNK_PART  = 512
op_underflow:
        lea     ecx, [edi+24]           # a frame, if the chunk is split
        on      be, ecx, [heap_limit], .room
        with    ecx, 24, call collect
.room:  push    eax
        mov     [kept_edi], edi
        load    edx, [frames],  ebx, [edx+FRAME_CLOSURE],  esi, [edx+FRAME_CHUNK]
        mov     ecx, [edx+FRAME_START]
        shr     ecx, 1
        mov     eax, [esi]
        shr     eax, 8
        lea     eax, [esi+eax*4+4]
        mov     [kept_count], eax       # the end of the chunk
        lea     esi, [esi+ecx+4]        # esi -> first word
        mov     eax, esi                # eax -> word looked at
.procedure: on      ae, eax, [kept_count], .end # ebx is the procedure whose words begin at eax
        mov     ecx, [eax]
        RETURN_ADDRESS ecx, .word
        follow  ecx, [ebx+4], CODE_ARGS # [eax] returns to the closure [eax+4]
        bits    ns, ecx, ecx, .fixed
        neg     ecx
.fixed: mov     ebx, [eax+4]
        lea     ebp, [eax+ecx*4+8]      # ebp -> past its arguments
        on      e, ebx, [underflow_closure], .bottom
        mov     edi, eax
        sub     edi, esi
        on      ae, edi, CHUNK_PART*4, .split
        with    eax, ebp, jmp .procedure
.word:  add     eax, 4
        jmp     .procedure
.end:   mov     ebp, eax                # machine code that began it all
.bottom: mov     edi, [edx+FRAME_NEXT]
        mov     [frames], edi
        pop     eax                     # the value
        mov     ecx, ebp
        sub     ecx, esi
        sub     esp, ecx
        mov     edi, esp
        shr     ecx, 2
        rep movsd
        jmp     .go
.split: mov     edi, [kept_edi]         # edx = frame, eax -> boundary, ebp -> the rest
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
        unstack ecx                     # ecx -> boundary
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
.go:    load    edi, [kept_edi],  ebx, [edx+FRAME_CLOSURE],  esi, [edx+FRAME_OFFSET]
        shr     esi, 1
        add     esi, [ebx+4]
        NEXT

# stack_full: a call of the closure ebx with ecx arguments has found no room
stack_full:
        mov     [kept_value], ebx
        pops    esi, ebx                # as before the call
        sub     esi, 2
        with    edx, T_VALUES, call vector_from_stack
        xchg    eax, [kept_value]
        call    capture
        call    to_underflow
        with    edx, [kept_value], jmp apply_values

# (%call/cc f): f with a continuation. In the place of a tail call the frame of the
# caller goes first, so that loops do not pile up.
        FIXED   "%call/cc", prim_callcc, eax
        on      ne, dword [esi], op_return, .capture
        add     esp, [esi+4]
        mov     edx, [esi+8]
        pops    esi, ebx
        add     esp, edx
        sub     esi, 2
        on      e, ebx, [underflow_closure], .captured
.capture: call    capture
.captured: call    to_underflow
        push    dword [frames]
        new     T_PRIM, 5, prim_continue, 0, 255, FALSE, pop
        push    edx
        with    ecx, 1, jmp do_call

# a continuation, with any number of values; ebp = it
prim_continue:
        mov     edx, [ebp+PRIM_DATA]
        mov     [kept_value], edx
        call    values_from_stack
        mov     edx, [kept_value]
        mov     [frames], edx
        with    esp, [stack_base], jmp op_underflow

# values_from_stack: eax = the ecx values under the return address as one
values_from_stack:
        cmp     ecx, 1
        mov     edx, T_VALUES
        jne     vector_from_stack
        pops    edx, eax
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
        load    ebx, [native_closure],  esi, [ebx+4]
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

# (%return chunk k): the word after k bytes of a chunk: if it is a return address how far that is in its code,
# else #f; #t at the end
        FIXED   "%return", op_return_at, ecx, eax
        shr     eax, 1
        mov     edx, [ecx]
        shr     edx, 6
        lea     ecx, [ecx+eax+4]
        on      ae, eax, edx, true
        mov     eax, [ecx]
        RETURN_ADDRESS eax, false
        mov     edx, [ecx+4]
        sub     eax, [edx+4]
        lea     eax, [eax+eax-3]
        NEXT
