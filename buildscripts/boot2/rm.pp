# rm: removes files.
#
#   rm [-fv] FILE...
#
# Options and messages as in coreutils. There is no -r: a directory cannot be read on the builder,
# where a directory is a file and can be removed by itself.

section text
main:
.option:
	call	next_option
	test	eax, eax
	je	.operands
	cmp	al, 'f'
	je	.f
	cmp	al, 'v'
	jne	bad_option
	mov	byte [verbose], 1
	jmp	.option
.f:	mov	byte [force], 1
	jmp	.option

.operands:
	call	next_operand
	test	eax, eax
	jne	.next
	cmp	byte [force], 0
	je	missing_operand
	ret
.next:	mov	esi, eax
	mov	ebx, eax
	system	SYS_UNLINK
	test	eax, eax
	js	.error
	cmp	byte [verbose], 0
	je	.done
	mov	ecx, removed
	call	put_text
	mov	ecx, esi
	call	put_text
	mov	ecx, quote_newline_text
	call	put_text
	jmp	.done
.error:	cmp	byte [force], 0
	je	.warn
	cmp	eax, -ENOENT
	je	.done
	cmp	eax, -ENOTDIR
	je	.done
.warn:	mov	edx, cannot_remove
	call	warn
.done:	call	next_operand
	test	eax, eax
	jne	.next
	ret

section rodata
program:	db "rm", 0
usage_text:	db "usage: rm [-fv] FILE...", 10, 0
failure:	dd 1
long_options:	db "fforce", 0, "vverbose", 0, 0
cannot_remove:	db "cannot remove ", 0
removed:	db "removed '", 0
quote_newline_text: db "'", 10, 0

section bss
force:		space 1
verbose:	space 1
