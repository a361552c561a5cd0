# ----------------------------------------------------------------------
# Memory
#
#   break of the start   stack, STACK_BYTES, grows down from stack_base
#   heap_base            lower space, space_bytes
#                        upper space, space_bytes, up to the break
#
# Objects are allocated upwards in one space; when it is full the collector
# copies what is reachable to the other (Cheney, CACM 13:11). The spaces grow
# only when the lower one has just been filled: then nothing is in the way.
# ----------------------------------------------------------------------
STACK_BYTES = 0x80000
STACK_SLACK = 0x4000         # for machine code that does not check
SPACE_BYTES = 0x200000       # at the start

# start_memory: the stack and the lower space; entered by a jump, goes on at
# memory_ready with the new stack.
start_memory:
        mov     [start_stack], esp
        mov     eax, SYS_BRK
        xor     ebx, ebx
        int     0x80
        add     eax, 4095
        and     eax, -4096
        mov     [stack_low], eax
        lea     ecx, [eax+STACK_SLACK]
        mov     [stack_limit], ecx
        lea     ecx, [eax+STACK_SLACK/4]
        mov     [stack_floor], ecx
        add     eax, STACK_BYTES
        store   eax, [stack_base], [heap_base], [space_low]
        load    edi, eax,  ecx, SPACE_BYTES
        mov     [space_bytes], ecx
        call    set_break
        jc      out_of_memory
        mov     eax, [heap_base]
        add     eax, [space_bytes]
        store   eax, [heap_end], [heap_limit]
        mov     esp, [stack_base]
        mov     edx, roots
.root:  mov     dword [edx], FALSE
        add     edx, 4
        on      b, edx, roots_end, .root
        jmp     memory_ready

# set_break: room for two spaces of ecx bytes, or carry. Keeps all but eax, edx.
set_break:
        push    ebx
        mov     ebx, [heap_base]
        lea     edx, [ecx+ecx]
        add     ebx, edx
        jc      .done
        on      ae, [break_end], ebx, .done # carry is clear
        system  SYS_BRK
        on      b, eax, ebx, .done      # carry is set
        mov     [break_end], ebx
.done:  pop     ebx
        ret

# allocate: edx = address of ecx bytes, a multiple of 8. May collect: values are
# safe in eax, ebx, on the stack and in the roots; esi follows the code of ebx.
allocate:
        mov     edx, edi
        add     edi, ecx
        on      a, edi, [heap_limit], .full
        ret
.full:  with    edi, edx, call collect
        mov     edx, edi
        add     edi, ecx
        ret

# new_words: edx = object of type edx with ecx words, which are not set; keeps eax, a value, and ecx
new_words:
        on      a, ecx, 0xFFFFFF, too_large
        pushes  edx, ecx
        lea     ecx, [ecx*4+11]
        and     ecx, -8
        call    allocate
        pops    ecx, dword [edx]
        shl     ecx, 8
        or      [edx], ecx
        shr     ecx, 8
        ret

# collect: makes room for ecx bytes and 1 KiB. Keeps eax, ebx, esi as values and ecx,
# ebp as they are. ebx = 0: machine code runs, esi is no address of code.
collect:
        load    [root_eax], eax,  [root_ebx], ebx,  [kept_ecx], ecx,  [kept_ebp], ebp
        bits    z, ebx, ebx, .offset
        sub     esi, [ebx+4]
.offset: mov     [kept_esi], esi
.again: call    copy_all
        call    resize
        jc      .again
        load    eax, [root_eax],  ebx, [root_ebx],  ecx, [kept_ecx],  ebp, [kept_ebp],  esi, [kept_esi]
        bits    z, ebx, ebx, .done
        add     esi, [ebx+4]
.done:  ret

# resize: the limit for the space just filled up to edi; carry if it has to be
# copied once more, to the lower space, to grow.
resize:
        mov     eax, edi
        sub     eax, [space_low]        # eax = bytes that live
        mov     ecx, [kept_ecx]
        lea     ebp, [eax+ecx+1024]     # ebp = bytes that are needed
        mov     edx, [space_low]
        on      e, edx, [heap_base], .lower
        mov     edx, [space_bytes]
        shr     edx, 2
        add     edx, ebp
        jc      .more
        on      be, edx, [space_bytes], .set
.more:  stc
        ret
.lower: shr     eax, 1
        lea     eax, [eax+eax*4]
        lea     ecx, [eax+ecx+4095]     # ecx = wish: two and a half times what lives
        and     ecx, -4096
        on      be, ecx, [space_bytes], .enough
.wish:  call    set_break
        jnc     .granted
        sub     ecx, ebp                # half of what goes beyond the least
        jbe     .enough
        shr     ecx, 1
        on      b, ecx, 4096, .enough
        add     ecx, ebp
        and     ecx, -4096
        jmp     .wish
.granted: on      be, ecx, [space_bytes], .enough
        mov     [space_bytes], ecx
.enough: on     a, ebp, [space_bytes], out_of_memory
.set:   mov     eax, [space_low]
        add     eax, [space_bytes]
        mov     [heap_end], eax
%if STRESS
        xor     eax, eax                # every allocation collects
%end
        mov     [heap_limit], eax
        clc
        ret

# out_of_memory: the one line for it, and the end
out_of_memory:
        load    eax, SYS_WRITE,  ebx, 2,  ecx, text_no_memory
        mov     edx, text_no_memory_end - text_no_memory
        int     0x80
        load    eax, SYS_EXIT,  ebx, 1
        int     0x80

# copy_all: copies what can be reached from the roots and the stack to the other
# space. edi = its end.
copy_all:
        mov     eax, [space_low]
        mov     [from_low], eax
        mov     ecx, edi
        sub     ecx, eax
        mov     [from_bytes], ecx
        mov     edi, [heap_base]
        on      ne, eax, edi, .to           # from the upper to the lower
        add     edi, [space_bytes]
.to:    mov     [space_low], edi
        inc     dword [collections]
        load    esi, roots,  ebp, roots_end
        call    scan_words
        lea     esi, [esp+4]
        with    ebp, [stack_base], call scan_stack
        mov     esi, [space_low]
# falls into scan_objects

# scan_objects: copies what the objects from esi to edi point at, until there
# are no more
scan_objects:
        on      ae, esi, edi, .done
        load    eax, [esi],  edx, eax
        and     edx, 7
        on      e, edx, 6, .header
        call    forward                 # a pair
        mov     [esi], eax
        mov     eax, [esi+4]
        bits    nz, al, 3, .pair
        call    forward
        mov     [esi+4], eax
.pair:  add     esi, 8
        jmp     scan_objects
.header: with    edx, esi, call object_bytes
        add     ecx, esi
        on      be, al, T_NEGATIVE, .next
        push    ecx
        shr     eax, 8
        lea     ebp, [esi+eax*4+4]
        cmp     byte [esi], T_CHUNK
        lea     esi, [esi+4]
        je      .chunk
        call    scan_words
.scanned: pop   esi
        jmp     scan_objects
.chunk: call    scan_stack
        jmp     .scanned
.next:  with    esi, ecx, jmp scan_objects
.done:  ret

# scan_words: copies what the words from esi to ebp point at
scan_words:
        on      ae, esi, ebp, .done
        mov     eax, [esi]
        bits    nz, al, 3, .next
        call    forward
        mov     [esi], eax
.next:  add     esi, 4
        jmp     scan_words
.done:  ret

# scan_stack: the same for a piece of stack. A return address moves with the code
# of the closure above it, which has not been looked at yet.
scan_stack:
        on      ae, esi, ebp, .done
        mov     eax, [esi]
        bits    nz, al, 1, .next
        bits    nz, al, 2, .return
        call    forward
        mov     [esi], eax
.next:  add     esi, 4
        jmp     scan_stack
.return: mov     edx, eax
        sub     edx, [from_low]
        on      ae, edx, [from_bytes], .next
        mov     edx, [esi+4]
        sub     eax, [edx+4]
        push    eax
        with    eax, [edx+4], call forward
        pop     edx
        add     eax, edx
        mov     [esi], eax
        jmp     .next
.done:  ret

# forward: eax = the value eax, copied if it is in the old space and has not
# been. Changes ecx, edx.
forward:
        bits    nz, al, 3, .done
        mov     edx, eax
        sub     edx, [from_low]
        on      ae, edx, [from_bytes], .done
        bits    z, al, 4, .object
        mov     edx, [eax-4]
        on      e, edx, MOVED, .moved
        mov     ecx, [eax]
        mov     [edi], edx
        mov     [edi+4], ecx
        mov     dword [eax-4], MOVED
        lea     edx, [edi+4]
        mov     [eax], edx
        add     edi, 8
        mov     eax, edx
.done:  ret
.moved: mov     eax, [eax]
        ret
.object: load   edx, [eax],  ecx, edx
        and     ecx, 7
        on      ne, ecx, 6, .there          # its header has become its new address
        pushes  esi, eax
        load    esi, eax,  eax, edx
        with    edx, esi, call object_bytes
        mov     eax, edi
        on      a, ecx, 128, .long
.copy:  mov     edx, [esi]
        mov     [edi], edx
        mov     edx, [esi+4]
        mov     [edi+4], edx
        add     esi, 8
        add     edi, 8
        sub     ecx, 8
        jne     .copy
.copied: pops   edx, esi
        mov     [edx], eax
        ret
.long:  shr     ecx, 2
        rep movsd
        jmp     .copied
.there: mov     eax, edx
        ret

# object_bytes: ecx = size of the object at edx with the header eax, all in all
object_bytes:
        on      be, al, T_BYTES, .bytes
        mov     ecx, eax
        shr     ecx, 8
        lea     ecx, [ecx*4+11]
        and     ecx, -8
        ret
.bytes: bytes_of ecx, edx
        add     ecx, 15
        and     ecx, -8
        ret
