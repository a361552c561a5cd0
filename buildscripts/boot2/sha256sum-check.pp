# sha256sum -c: checks the sums that a file lists.

section text

#-----------------------------------------------------------------------
# check_file: checks the files of a list
#   in   esi  the name of the list
#   uses eax, ebx, ecx, edx, edi, ebp
#-----------------------------------------------------------------------
check_file:
	push	esi
	call	load_list
	test	eax, eax
	js	.cannot_read
	xor	eax, eax
	mov	[good_lines], eax
	mov	[bad_lines], eax
	mov	[failed], eax
	mov	[unread], eax
	mov	edi, [list]
.next:	mov	esi, edi
	cmp	esi, [list_end]
	jae	.end
.eol:	mov	al, [edi]
	inc	edi
	cmp	al, 10
	jne	.eol
	mov	byte [edi-1], 0
	push	edi
	call	check_line
	pop	edi
	jmp	.next
.end:	pop	esi
	cmp	dword [good_lines], 0
	je	.no_line
	jmp	summary
.no_line:
	mov	dword [status], 1
	call	flush
	call	say_program
	mov	ecx, esi
	call	say
	mov	ecx, no_lines
	jmp	say
.cannot_read:
	pop	esi
	jmp	warn_file

# check_line: checks the file of a line: 64 digits, a blank, a blank or *, the name. After a
# backslash at the start \\ and \n stand for themselves in the name.
#   in   esi  the line, NUL-terminated
#   uses all registers
check_line:
	cmp	byte [esi], '#'
	je	.comment
	xor	ebp, ebp			# 1: with escapes
	cmp	byte [esi], '\\'
	jne	.sum
	inc	ebp
	inc	esi
.sum:	mov	edi, wanted
	mov	ecx, 64
.digit:	mov	al, [esi]
	cmp	al, 'A'
	jb	.small
	or	al, 0x20
.small:	mov	[edi], al
	mov	dl, al
	sub	dl, '0'
	cmp	dl, 10
	jb	.good
	sub	dl, 'a' - '0'
	cmp	dl, 6
	jae	.bad_line
.good:	inc	esi
	inc	edi
	dec	ecx
	jne	.digit
	cmp	byte [esi], ' '
	jne	.bad_line
	mov	al, [esi+1]
	add	esi, 2
	cmp	al, ' '
	je	.name
	cmp	al, '*'
	jne	.bad_line
.name:	cmp	byte [esi], 0
	je	.bad_line
	test	ebp, ebp
	je	.file
	call	unescape
	jne	.bad_line
.file:	inc	dword [good_lines]
	call	sum_file
	test	eax, eax
	js	.unread
	mov	ecx, 64
	mov	edx, esi
	mov	esi, wanted
	mov	edi, hexadecimal
	repe cmpsb
	mov	esi, edx
	mov	edx, ok
	jne	.failed
	cmp	byte [options+QUIET], 0
	je	.verdict
.comment:
	ret
.failed:
	inc	dword [failed]
	mov	dword [status], 1
	mov	edx, not_ok
.verdict:
	cmp	byte [options+STATUS], 0
	jne	.comment
	push	edx
	mov	edx, newline
	call	put_mark
	call	put_name
	pop	ecx
	jmp	put_text
.unread:
	call	warn_file
	inc	dword [unread]
	mov	edx, not_read
	jmp	.verdict
.bad_line:
	inc	dword [bad_lines]
	cmp	byte [options+STRICT], 0
	je	.comment
	mov	dword [status], 1
	ret

# unescape: replaces \\ and \n of a name
#   in   esi  the name
#   out  zero flag set if that could be done
#   uses eax, ecx, edi
unescape:
	mov	ecx, esi
	mov	edi, esi
.next:	mov	al, [ecx]
	inc	ecx
	cmp	al, '\\'
	jne	.store
	mov	al, [ecx]
	inc	ecx
	cmp	al, '\\'
	je	.store
	mov	ah, 10
	cmp	al, 'n'
	je	.escape
	mov	ah, 13
	cmp	al, 'r'
	jne	.end
.escape:
	mov	al, ah
.store:	mov	[edi], al
	inc	edi
	test	al, al
	jne	.next
.end:	ret

# summary: what was wrong, to stderr
#   uses eax, ebx, ecx, edx, edi
summary:
	cmp	byte [options+STATUS], 0
	jne	.end
	call	flush
	mov	eax, [bad_lines]
	mov	ecx, line_is
	mov	edx, lines_are
	call	warning
	mov	eax, [unread]
	mov	ecx, file_not_read
	mov	edx, files_not_read
	call	warning
	mov	eax, [failed]
	mov	ecx, sum_is
	mov	edx, sums_are
	call	warning
.end:	ret

# warning: `sha256sum: WARNING: N what`, unless there are none
#   in   eax  how many, ecx what for one, edx what for more
#   uses eax, ebx, ecx, edx, edi
warning:
	test	eax, eax
	je	.end
	cmp	eax, 1
	je	.one
	mov	ecx, edx
.one:	push	ecx
	call	say_program
	mov	ecx, warning_text
	call	say
	mov	edi, decimal.end
	mov	ebx, 10
.digit:	xor	edx, edx
	div	ebx
	add	dl, '0'
	dec	edi
	mov	[edi], dl
	test	eax, eax
	jne	.digit
	mov	ecx, edi
	call	say
	pop	ecx
	jmp	say
.end:	ret

# load_list: reads a file to the heap, and adds a newline
#   in   esi  its name
#   out  eax  0 or a negative errno; list, list_end
#   uses ebx, ecx, edx, ebp
load_list:
	xor	ebx, ebx
	system	SYS_BRK
	mov	[list], eax
	mov	[list_end], eax
	mov	ebp, eax			# the break
	xor	ebx, ebx			# - is the standard input
	cmp	byte [esi], '-'
	jne	.file
	cmp	byte [esi+1], 0
	je	.next
.file:	mov	ebx, esi
	xor	ecx, ecx			# O_RDONLY
	system	SYS_OPEN
	test	eax, eax
	js	.end
	mov	ebx, eax
.next:	mov	edx, ebp
	sub	edx, [list_end]
	cmp	edx, 1
	ja	.read
	push	ebx
	lea	ebx, [ebp+BUFFER_SIZE]
	system	SYS_BRK
	cmp	eax, ebx
	pop	ebx
	mov	ecx, eax
	mov	eax, -ENOMEM
	jne	.end
	mov	ebp, ecx
	jmp	.next
.read:	dec	edx				# there is room for the newline
	mov	ecx, [list_end]
	system	SYS_READ
	test	eax, eax
	js	.end
	je	.all
	add	[list_end], eax
	jmp	.next
.all:	mov	ecx, [list_end]
	mov	byte [ecx], 10
	test	ebx, ebx
	je	.end
	system	SYS_CLOSE
	xor	eax, eax
.end:	ret

section rodata
ok:		db ": OK", 10, 0
not_ok:		db ": FAILED", 10, 0
not_read:	db ": FAILED open or read", 10, 0
no_lines:	db ": no properly formatted checksum lines found", 10, 0
warning_text:	db "WARNING: ", 0
line_is:	db " line is improperly formatted", 10, 0
lines_are:	db " lines are improperly formatted", 10, 0
file_not_read:	db " listed file could not be read", 10, 0
files_not_read:	db " listed files could not be read", 10, 0
sum_is:		db " computed checksum did NOT match", 10, 0
sums_are:	db " computed checksums did NOT match", 10, 0

section bss
		align 4
list:		space 4
list_end:	space 4
good_lines:	space 4
bad_lines:	space 4
failed:		space 4
unread:		space 4
decimal:	space 11
.end:		space 1				# a NUL
wanted:		space 64
