# chmod: looks whether files are there, and changes nothing: the builder has no modes, and what its
# programs make can be run.
#
#   chmod [-cfRv] MODE FILE...
#
# MODE may be anything, as may the options of coreutils; the messages are its own.

section text
main:
.option:
	mov	eax, [arguments]
	mov	eax, [eax]
	test	eax, eax
	je	.mode
	cmp	byte [eax], '-'
	jne	.mode
	mov	al, [eax+1]
	mov	edi, mode_letters		# -x is a mode
.letter:
	cmp	byte [edi], 0
	je	.read
	cmp	al, [edi]
	je	.mode
	inc	edi
	jmp	.letter
.read:	call	next_option
	test	eax, eax
	je	.mode
	cmp	al, 'f'
	je	.quiet
	cmp	al, 'c'
	je	.option
	cmp	al, 'v'
	je	.option
	cmp	al, 'R'
	je	.option
	jmp	bad_option
.quiet:	mov	byte [quiet], 1
	jmp	.option

.mode:	call	next_operand
	test	eax, eax
	je	missing_operand
	mov	edx, eax
	call	next_operand
	test	eax, eax
	xchg	eax, edx
	mov	ecx, missing
	je	missing_after
	mov	eax, edx
.next:	mov	esi, eax
	mov	ebx, eax
	xor	ecx, ecx			# is it there?
	system	SYS_ACCESS
	test	eax, eax
	jns	.done
	mov	edx, [failure]
	mov	[status], edx
	cmp	byte [quiet], 0
	jne	.done
	mov	edx, cannot_access
	call	warn
.done:	call	next_operand
	test	eax, eax
	jne	.next
	ret

section rodata
program:	db "chmod", 0
usage_text:	db "usage: chmod [-cfRv] MODE FILE...", 10, 0
failure:	dd 1
long_options:	db "cchanges", 0, "fsilent", 0, "fquiet", 0, "vverbose", 0, "Rrecursive", 0, 0
cannot_access:	db "cannot access ", 0
mode_letters:	db "rwxXstugo0123456789,=+", 0

section bss
quiet:		space 1
