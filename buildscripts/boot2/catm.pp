# catm: joins files.
#
#   catm [--lines] OUT IN...
#
# With --lines each file begins with a line `#%line 1 IN`, by which pp, M0 and hex2 name the
# files that OUT was made of; a file that does not end its last line has a newline added.

BUFFER_SIZE = 65536

section text
main:
.option:
	call	next_option
	test	eax, eax
	je	.out
	cmp	al, 'l'
	jne	bad_option
	mov	byte [lines], 1
	jmp	.option
.out:	call	next_operand
	test	eax, eax
	je	usage
	mov	esi, eax
	mov	[out_name], eax
	mov	ebx, eax
	mov	ecx, O_WRONLY | O_CREAT | O_TRUNC
	mov	edx, 0o755
	system	SYS_OPEN
	test	eax, eax
	js	.cannot_write
	mov	edi, eax			# OUT
.next:	call	next_operand
	test	eax, eax
	je	.end
	mov	esi, eax
	mov	byte [last], 10
	call	put_line
	mov	ebx, esi
	xor	ecx, ecx			# O_RDONLY
	system	SYS_OPEN
	test	eax, eax
	js	.cannot_read
	mov	ebp, eax			# IN
.read:	mov	ebx, ebp
	mov	ecx, buffer
	mov	edx, BUFFER_SIZE
	system	SYS_READ
	test	eax, eax
	js	.cannot_read
	je	.read_end
	mov	edx, eax
	mov	al, [ecx+edx-1]
	mov	[last], al
	call	put
	jmp	.read
.read_end:
	mov	ebx, ebp
	system	SYS_CLOSE
	cmp	byte [lines], 0
	je	.next
	cmp	byte [last], 10
	je	.next
	mov	ecx, newline
	mov	edx, 1
	call	put
	jmp	.next
.end:	ret

.cannot_read:
	mov	edx, cannot_read
	call	warn
	jmp	exit
.cannot_write:
	mov	esi, [out_name]
	mov	edx, cannot_write
	call	warn
	jmp	exit

# put_line: writes `#%line 1 IN` if it is wanted
#   in   esi  IN
#   uses eax, ebx, ecx, edx
put_line:
	cmp	byte [lines], 0
	je	.end
	mov	ecx, line_1
	mov	edx, line_1.end - line_1
	call	put
	mov	ecx, esi
	call	length
	call	put
	mov	ecx, newline
	mov	edx, 1
	call	put
.end:	ret

# put: writes bytes to OUT
#   in   edi  descriptor, ecx the bytes, edx their number
#   uses eax, ebx, ecx, edx
put:
	mov	ebx, edi
	call	write_all
	test	eax, eax
	js	main.cannot_write
	ret

section rodata
program:	db "catm", 0
usage_text:	db "usage: catm [--lines] OUT IN...", 10, 0
failure:	dd 1
long_options:	db "llines", 0, 0
cannot_read:	db "cannot read ", 0
cannot_write:	db "cannot write ", 0
line_1:		db "#%line 1 "
.end:

section bss
lines:		space 1
last:		space 1				# byte that was written
		align 4
out_name:	space 4
buffer:		space BUFFER_SIZE
