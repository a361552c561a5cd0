# cmp: compares two files.
#
#   cmp [-s] [-l] [-n LIMIT] [-i SKIP[:SKIP2]] A [B [SKIP [SKIP2]]]
#
# Options and output as in GNU diffutils: -s says nothing, -l lists the bytes that differ, in
# octal; - and a B that is left out are the standard input. Exit status 0 if the files are the
# same, 1 if they are not, 2 if there is an error.

BUFFER_SIZE = 65536

section text
main:
.option:
	call	next_option
	test	eax, eax
	je	.operands
	cmp	al, 's'
	je	.s
	cmp	al, 'l'
	je	.l
	cmp	al, 'n'
	je	.n
	cmp	al, 'i'
	jne	bad_option
	call	option_value
	mov	esi, eax
	mov	edi, eax
	call	number
	mov	[skip_a], eax
	mov	[skip_b], eax
	cmp	byte [edi], ':'
	jne	.skipped
	inc	edi
	call	number
	mov	[skip_b], eax
.skipped:
	cmp	byte [edi], 0
	jne	bad_number
	jmp	.option
.s:	mov	byte [silent], 1
	jmp	.option
.l:	mov	byte [list], 1
	jmp	.option
.n:	call	option_value
	call	whole_number
	mov	[limit], eax
	jmp	.option

.operands:
	mov	al, [silent]
	test	[list], al
	jne	.both
	call	next_operand
	test	eax, eax
	je	.missing
	mov	[a_name], eax
	mov	dword [b_name], dash
	call	next_operand
	test	eax, eax
	je	.open
	mov	[b_name], eax
	call	next_operand
	test	eax, eax
	je	.open
	call	whole_number
	mov	[skip_a], eax
	call	next_operand
	test	eax, eax
	je	.open
	call	whole_number
	mov	[skip_b], eax
	call	next_operand
	test	eax, eax
	jne	usage
.open:	mov	esi, [a_name]
	mov	edx, [skip_a]
	mov	edi, buffer_a
	call	open
	mov	[a], ebx
	mov	esi, [b_name]
	mov	edx, [skip_b]
	mov	edi, buffer_b
	call	open
	mov	[b], ebx

.next:	mov	ebx, [a]
	mov	esi, [a_name]
	mov	edi, buffer_a
	call	read
	push	eax
	mov	ebx, [b]
	mov	esi, [b_name]
	mov	edi, buffer_b
	call	read
	pop	edx				# bytes of A
	mov	ecx, eax			# bytes of B
	cmp	edx, ecx
	jae	.compare
	mov	ecx, edx
.compare:
	push	eax
	push	edx
	call	compare
	pop	edx
	pop	eax
	mov	esi, [a_name]
	cmp	edx, eax
	jb	end_of_file
	mov	esi, [b_name]
	ja	end_of_file
	test	eax, eax
	jne	.next
	ret

.missing:
	mov	eax, program
	mov	ecx, missing
	jmp	missing_after
.both:	call	say_program
	mov	ecx, incompatible
	call	say
	jmp	usage

# compare: compares what has been read
#   in   ecx  how many bytes
#   uses all registers
compare:
	sub	[limit], ecx
	mov	esi, buffer_a
	mov	edi, buffer_b
.next:	dec	ecx
	js	.end
	mov	al, [esi]
	inc	dword [count]
	cmp	al, [edi]
	jne	.other
.same:	mov	[last], al
	cmp	al, 10
	jne	.line
	inc	dword [lines]
.line:	inc	esi
	inc	edi
	jmp	.next
.end:	ret

.other:	mov	dword [status], 1
	cmp	byte [silent], 0
	jne	exit
	cmp	byte [list], 0
	jne	.list
	mov	ecx, [a_name]
	call	put_text
	mov	al, ' '
	call	put_byte
	mov	ecx, [b_name]
	call	put_text
	mov	ecx, differ
	call	put_text
	mov	eax, [count]
	call	put_decimal
	mov	ecx, line
	call	put_text
	mov	eax, [lines]
	inc	eax
	call	put_decimal
	mov	al, 10
	call	put_byte
	jmp	exit
.list:	push	ecx
	mov	eax, [count]
	mov	edx, [width]
	call	put_wide
	mov	al, ' '
	call	put_byte
	mov	al, [esi]
	call	put_octal
	mov	al, ' '
	call	put_byte
	mov	al, [edi]
	call	put_octal
	mov	al, 10
	call	put_byte
	pop	ecx
	mov	al, [esi]
	jmp	.same

#-----------------------------------------------------------------------
# end_of_file: one file is a part of the other
#   in   esi  its name
#-----------------------------------------------------------------------
end_of_file:
	mov	dword [status], 1
	cmp	byte [silent], 0
	jne	exit
	call	flush
	call	say_program
	mov	ecx, eof
	call	say
	mov	ecx, esi
	call	say
	cmp	dword [count], 0
	je	.empty
	mov	ecx, after_byte
	call	say
	mov	eax, [count]
	call	say_decimal
	cmp	byte [list], 0
	jne	.end
	mov	ecx, line
	mov	eax, [lines]
	cmp	byte [last], 10
	je	.line
	mov	ecx, in_line
	inc	eax
.line:	call	say
	call	say_decimal
.end:	mov	ecx, newline
	call	say
	jmp	exit
.empty:	mov	ecx, which_is_empty
	call	say
	jmp	exit

# say_decimal: a number to stderr
#   in   eax  the number
#   uses eax, ecx, edx
say_decimal:
	mov	ecx, decimal.end
	push	ebx
	mov	ebx, 10
.next:	xor	edx, edx
	div	ebx
	add	dl, '0'
	dec	ecx
	mov	[ecx], dl
	test	eax, eax
	jne	.next
	pop	ebx
	jmp	say

# put_octal: a byte in octal, three wide
#   in   al   the byte
#   uses eax, ecx, edx
put_octal:
	movzx	eax, al
	mov	edx, 3
	mov	ecx, 8
	jmp	put_based
# put_wide: a number in decimal
#   in   eax  the number, edx its width
#   uses eax, ecx, edx
put_wide:
	mov	ecx, 10
# put_based: the same with the base ecx
put_based:
	push	ebx
	push	esi
	mov	esi, decimal.end
	mov	ebx, edx
.next:	xor	edx, edx
	div	ecx
	add	dl, '0'
	dec	esi
	mov	[esi], dl
	dec	ebx
	test	eax, eax
	jne	.next
.blank:	dec	ebx
	js	.put
	dec	esi
	mov	byte [esi], ' '
	jmp	.blank
.put:	mov	ecx, esi
	call	put_text
	pop	esi
	pop	ebx
	ret

#-----------------------------------------------------------------------
# open: opens a file and goes over its first bytes
#   in   esi  its name, edx how many bytes
#        edi  a buffer
#   out  ebx  the descriptor
#   uses eax, ecx, edx
#-----------------------------------------------------------------------
open:
	push	edx
	xor	ebx, ebx			# - is the standard input
	cmp	byte [esi], '-'
	jne	.file
	cmp	byte [esi+1], 0
	je	.opened
.file:	mov	ebx, esi
	xor	ecx, ecx			# O_RDONLY
	system	SYS_OPEN
	test	eax, eax
	js	cannot_open
	mov	ebx, eax
	call	note_size
.opened:
	pop	edx
.skip:	test	edx, edx
	je	.end
	mov	ecx, edi
	push	edx
	cmp	edx, BUFFER_SIZE
	jb	.read
	mov	edx, BUFFER_SIZE
.read:	system	SYS_READ
	pop	edx
	test	eax, eax
	js	cannot_open
	je	.end
	sub	edx, eax
	jmp	.skip
.end:	ret
cannot_open:
	cmp	byte [silent], 0
	jne	.silent
	call	say_error
.silent:
	mov	dword [status], 2
	jmp	exit

# note_size: how many digits -l needs for the places in the file; the smaller file decides
#   in   ebx  the descriptor
#   uses eax, ecx, edx
note_size:
	xor	ecx, ecx
	mov	edx, SEEK_END
	system	SYS_LSEEK
	push	eax
	xor	edx, edx			# SEEK_SET
	system	SYS_LSEEK
	pop	eax
	test	eax, eax
	js	.end
	cmp	eax, [limit]
	jb	.size
	mov	eax, [limit]
.size:	xor	ecx, ecx
	push	ebx
	mov	ebx, 10
.digit:	inc	ecx
	xor	edx, edx
	div	ebx
	test	eax, eax
	jne	.digit
	pop	ebx
	cmp	ecx, [width]
	jae	.end
	mov	[width], ecx
.end:	ret

#-----------------------------------------------------------------------
# read: reads until the buffer is full, the limit reached, or the file ends
#   in   ebx  the descriptor, esi the name
#        edi  the buffer
#   out  eax  how many bytes
#   uses ecx, edx
#-----------------------------------------------------------------------
read:
	mov	edx, BUFFER_SIZE
	cmp	edx, [limit]
	jb	.size
	mov	edx, [limit]
.size:	mov	ecx, edi
.next:	test	edx, edx
	je	.end
	system	SYS_READ
	test	eax, eax
	js	cannot_open
	je	.end
	add	ecx, eax
	sub	edx, eax
	jmp	.next
.end:	mov	eax, ecx
	sub	eax, edi
	ret

#-----------------------------------------------------------------------
# whole_number, number: a decimal number below 2^32; the first one must be all of the word
#   in   eax  the word, for whole_number; edi for number
#   out  eax  the number; edi after it
#   uses ecx, edx, esi
#-----------------------------------------------------------------------
whole_number:
	mov	esi, eax
	mov	edi, eax
	call	number
	cmp	byte [edi], 0
	jne	bad_number
	ret
number:
	xor	eax, eax
	mov	ecx, 10
	movzx	edx, byte [edi]
	sub	edx, '0'
	cmp	edx, 10
	jae	bad_number
.next:	push	edx
	mul	ecx
	pop	edx
	jc	bad_number
	add	eax, edx
	jc	bad_number
	inc	edi
	movzx	edx, byte [edi]
	sub	edx, '0'
	cmp	edx, 10
	jb	.next
	ret
bad_number:
	mov	eax, EINVAL
	neg	eax
	mov	edx, bad_value
	call	warn
	jmp	exit

section rodata
program:	db "cmp", 0
usage_text:	db "usage: cmp [-s] [-l] [-n LIMIT] [-i SKIP[:SKIP2]] A [B [SKIP [SKIP2]]]", 10, 0
failure:	dd 2
long_options:	db "squiet", 0, "ssilent", 0, "lverbose", 0, "nbytes", 0, "iignore-initial", 0, 0
differ:		db " differ: char ", 0
line:		db ", line ", 0
in_line:	db ", in line ", 0
eof:		db "EOF on ", 0
after_byte:	db " after byte ", 0
which_is_empty:	db " which is empty", 10, 0
bad_value:	db "invalid number ", 0
dash:		db "-", 0
incompatible:	db "options -l and -s are incompatible", 10, 0

section data
limit:		dd -1				# bytes that may still be compared
width:		dd 10				# of places that -l writes

section bss
a_name:		space 4
b_name:		space 4
a:		space 4
b:		space 4
skip_a:		space 4
skip_b:		space 4
count:		space 4				# bytes that have been compared
lines:		space 4				# newlines among them
silent:		space 1
list:		space 1
last:		space 1
decimal:	space 11
.end:		space 1				# a NUL
buffer_a:	space BUFFER_SIZE
buffer_b:	space BUFFER_SIZE
