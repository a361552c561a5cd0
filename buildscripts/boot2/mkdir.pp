# mkdir: makes directories.
#
#   mkdir [-pv] [-m MODE] DIRECTORY...
#
# Options and messages as in coreutils. MODE is octal, and 777 if it is left out; the builder has
# no modes.

section text
main:
.option:
	call	next_option
	test	eax, eax
	je	.operands
	cmp	al, 'p'
	je	.p
	cmp	al, 'v'
	je	.v
	cmp	al, 'm'
	jne	bad_option
	call	option_value
	call	read_mode
	jmp	.option
.p:	mov	byte [parents], 1
	jmp	.option
.v:	mov	byte [verbose], 1
	jmp	.option

.operands:
	call	next_operand
	test	eax, eax
	je	missing_operand
.next:	mov	esi, eax
	cmp	byte [parents], 0
	je	.one
	call	make_parents
	jmp	.made
.one:	call	make_last
	test	eax, eax
	jns	.made
	mov	edx, cannot_create
	call	warn
.made:	call	next_operand
	test	eax, eax
	jne	.next
	ret

# make_last: makes a directory, with the mode of -m if there is one, whatever the mask is
#   in   esi  its name
#   out  eax  0 or a negative errno
#   uses ebx, ecx
make_last:
	mov	ecx, [mode]
	cmp	byte [has_mode], 0
	je	make
	xor	ebx, ebx
	system	SYS_UMASK
	push	eax
	call	make
	pop	ebx
	push	eax
	system	SYS_UMASK
	pop	eax
	ret

# make: makes a directory, and says so if that is wanted
#   in   esi  its name, ecx its mode
#   out  eax  0 or a negative errno
#   uses ebx, ecx
make:
	mov	ebx, esi
	system	SYS_MKDIR
	test	eax, eax
	js	.end
	cmp	byte [verbose], 0
	je	.end
	push	eax
	mov	ecx, created
	call	put_text
	mov	ecx, esi
	call	put_text
	mov	ecx, quote_newline_text
	call	put_text
	pop	eax
.end:	ret

# make_parents: makes a directory and those above it, where they are not there
#   in   esi  its name, in which slashes are replaced for a while
#   uses eax, ebx, ecx, edx, edi
make_parents:
	mov	edi, esi
.slashes:
	cmp	byte [edi], '/'			# several slashes are one
	jne	.part
	inc	edi
	jmp	.slashes
.part:	mov	al, [edi]
	test	al, al
	je	.last
	cmp	al, '/'
	je	.above
	inc	edi
	jmp	.part
.above:	mov	edx, edi
.more:	inc	edx
	cmp	byte [edx], '/'
	je	.more
	cmp	byte [edx], 0
	je	.last				# slashes at the end
	mov	byte [edi], 0
	mov	ecx, 0o777
	call	make
	mov	ebx, ENOTDIR
	call	unless_there
	mov	byte [edi], '/'
	mov	edi, edx
	test	eax, eax
	jns	.part
	ret
.last:	call	make_last
	mov	ebx, EEXIST
	# falls into unless_there

# unless_there: a message, unless there was no error or the directory is there
#   in   eax  0 or a negative errno
#        esi  the directory, ebx the error if something else has its name
#   out  eax  0 or above if it is good
#   uses ebx, ecx
unless_there:
	test	eax, eax
	jns	.end
	cmp	eax, -EEXIST
	jne	.bad
	push	ebx
	call	is_directory
	pop	eax
	je	.good
	neg	eax
.bad:	push	edx
	mov	edx, cannot_create
	call	warn
	pop	edx
	ret
.good:	xor	eax, eax
.end:	ret

# read_mode: reads the value of -m
#   in   eax  octal digits
#   uses eax, ecx, edx
read_mode:
	mov	ecx, eax
	xor	edx, edx
.next:	movzx	eax, byte [ecx]
	inc	ecx
	test	eax, eax
	je	.end
	sub	eax, '0'
	cmp	eax, 8
	jae	usage
	shl	edx, 3
	or	edx, eax
	jmp	.next
.end:	mov	[mode], edx
	mov	byte [has_mode], 1
	ret

section rodata
program:	db "mkdir", 0
usage_text:	db "usage: mkdir [-pv] [-m MODE] DIRECTORY...", 10, 0
failure:	dd 1
long_options:	db "pparents", 0, "vverbose", 0, "mmode", 0, 0
cannot_create:	db "cannot create directory ", 0
created:	db "mkdir: created directory '", 0
quote_newline_text: db "'", 10, 0

section data
mode:		dd 0o777
section bss
parents:	space 1
has_mode:	space 1
verbose:	space 1
