# upper: copies a file, with capital letters.
#
#   upper IN OUT
#
# A worked example of buildscripts/README.md. The module tool.pp has `start`, which calls `main`, and
# what else is not defined here.

BUFFER_SIZE = 4096

# capital REGISTER: makes a small letter in a register of one byte a capital one
%macro capital register
	cmp	{register}, 'a'
	jb	short .no{}
	cmp	{register}, 'z'
	ja	short .no{}
	sub	{register}, 'a' - 'A'
.no{}:
%end

section text
main:
	call	next_option
	test	eax, eax
	jne	bad_option
	call	next_operand
	test	eax, eax
	je	missing_operand
	mov	esi, eax			# IN
	call	next_operand
	test	eax, eax
	je	missing_operand
	mov	ebp, eax			# OUT

	mov	ebx, esi
	mov	ecx, O_RDONLY
	system	SYS_OPEN
	test	eax, eax
	js	.cannot_read
	mov	[source], eax
	mov	ebx, ebp
	mov	ecx, O_WRONLY | O_CREAT | O_TRUNC
	mov	edx, 0o755
	system	SYS_OPEN
	test	eax, eax
	js	.cannot_write
	mov	[copy], eax

.next:	mov	ebx, [source]
	mov	ecx, buffer
	mov	edx, BUFFER_SIZE
	system	SYS_READ
	test	eax, eax
	js	.cannot_read
	je	.end
	mov	edx, eax			# bytes that have been read
.byte:	dec	eax
	js	.write
	capital	byte [buffer+eax]
	jmp	.byte
.write:	mov	ebx, [copy]
	call	write_all			# ecx is still the buffer
	test	eax, eax
	jns	.next

.cannot_write:
	mov	esi, ebp
	mov	edx, cannot_write
	jmp	warn
.cannot_read:
	mov	edx, cannot_read
	jmp	warn
.end:	ret

section rodata
program:	db "upper", 0
usage_text:	db "usage: upper IN OUT", 10, 0
failure:	dd 1				# the exit status after a message
long_options:	db 0				# there are none
cannot_read:	db "cannot read ", 0
cannot_write:	db "cannot write ", 0

section bss
source:		space 4
copy:		space 4
buffer:		space BUFFER_SIZE
