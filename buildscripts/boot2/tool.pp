# What the small tools have in common: where a program begins and ends, its options, its messages.
#
# A module of its own, linked with each tool. The tool has
#
#   program       its name, NUL-terminated
#   usage_text    how it is called, NUL-terminated
#   failure       its exit status after an error, a dword
#   long_options  a byte for each long option, its name with a NUL, and a 0 at the end; the byte is
#                 what next_option gives for it
#   main          what it does: entered with nothing on the stack but the return address
#
# Registers are kept unless a function says that it uses them.

OUTPUT_SIZE = 4096
PATH_SIZE = 4096

section text

#-----------------------------------------------------------------------
# start: runs the tool; its exit status is 0, or `failure` if there was a message
#-----------------------------------------------------------------------
start:
	lea	eax, [esp+8]			# argc and argv[0] come first
	mov	[arguments], eax
	mov	dword [cluster], none
	call	main
	# falls into exit

#-----------------------------------------------------------------------
# exit: writes what stdout still has and ends the program
#-----------------------------------------------------------------------
exit:
	call	flush
	mov	ebx, [status]
	system	SYS_EXIT

#-----------------------------------------------------------------------
# next_option: the next option of the command line
#   out  eax  its letter, or what long_options has for it; or 0: there are no more
#   uses ecx, edx
#-----------------------------------------------------------------------
next_option:
	push	esi
	push	edi
	mov	esi, [cluster]
	cmp	byte [esi], 0
	jne	.letter				# of -abc
	mov	edx, [arguments]
	mov	esi, [edx]
	xor	eax, eax
	test	esi, esi
	je	.end
	cmp	byte [esi], '-'
	jne	.end
	cmp	byte [esi+1], 0
	je	.end				# - alone is no option
	add	edx, 4
	mov	[arguments], edx
	inc	esi
	cmp	byte [esi], '-'
	je	.long
.letter:
	movzx	eax, byte [esi]
	inc	esi
	mov	[cluster], esi
.end:	pop	edi
	pop	esi
	ret

.long:	inc	esi
	cmp	byte [esi], 0
	je	.end				# eax is 0: -- ends the options
	mov	edi, long_options
.next:	movzx	eax, byte [edi]
	test	eax, eax
	je	.unknown
	inc	edi
	mov	ecx, esi
.same:	mov	dl, [edi]
	inc	edi
	cmp	dl, [ecx]
	jne	.other
	inc	ecx
	test	dl, dl
	jne	.same
	jmp	.end
.other:	cmp	byte [ecx], '='			# --option=value
	jne	.skip
	test	dl, dl
	jne	.skip
	inc	ecx
	mov	[cluster], ecx			# its value, as with a letter
	jmp	.end
.skip:	test	dl, dl				# to the next name
	je	.next
	mov	dl, [edi]
	inc	edi
	jmp	.skip
.unknown:
	mov	edi, help_name
	mov	ecx, esi
.help:	mov	dl, [edi]
	cmp	dl, [ecx]
	jne	.bad
	inc	edi
	inc	ecx
	test	dl, dl
	jne	.help
	jmp	help
.bad:	call	say_program
	mov	ecx, unrecognized
	call	say
	mov	ecx, esi
	call	say
	mov	ecx, quote_newline
	call	say
	jmp	usage

#-----------------------------------------------------------------------
# option_value: the value of the option at hand: the rest of its word, or the next word
#   out  eax  the value
#   uses ecx
#-----------------------------------------------------------------------
option_value:
	mov	eax, [cluster]
	mov	dword [cluster], none
	cmp	byte [eax], 0
	jne	.end
	call	next_operand
	test	eax, eax
	je	usage
.end:	ret

#-----------------------------------------------------------------------
# next_operand: the next word of the command line that is no option
#   out  eax  the word, or 0
#   uses ecx
#-----------------------------------------------------------------------
next_operand:
	mov	ecx, [arguments]
	mov	eax, [ecx]
	test	eax, eax
	je	.end
	add	dword [arguments], 4
.end:	ret

#-----------------------------------------------------------------------
# bad_option: ends the program: there is no such option
#   in   al   its letter
#-----------------------------------------------------------------------
bad_option:
	mov	[invalid.letter], al
	call	say_program
	mov	ecx, invalid
	call	say
	# falls into usage

#-----------------------------------------------------------------------
# missing_operand: ends the program: a word is missing
# missing_after: the same after a word
#   in   eax  the word
#        ecx  what is missing, for missing_after
#-----------------------------------------------------------------------
missing_operand:
	call	say_program
	mov	ecx, missing
	call	say
	mov	ecx, newline
	call	say
	jmp	usage

missing_after:
	push	ecx
	call	say_program
	pop	ecx
	call	say
	mov	ecx, after
	call	say
	mov	ecx, eax
	call	say
	mov	ecx, quote_newline
	call	say
	jmp	usage

#-----------------------------------------------------------------------
# usage: ends the program with how it is called
#-----------------------------------------------------------------------
usage:
	mov	ecx, usage_text
	call	say
	mov	eax, [failure]
	mov	[status], eax
	jmp	exit

#-----------------------------------------------------------------------
# help: ends the program with how it is called, on stdout, because that was asked for
#-----------------------------------------------------------------------
help:
	mov	ecx, usage_text
	call	put_text
	jmp	exit

#-----------------------------------------------------------------------
# warn: the message `PROGRAM: WHAT'NAME': the error`
#   in   eax  a negative errno
#        edx  what
#        esi  the name
#-----------------------------------------------------------------------
warn:
	pushad
	call	flush				# messages and output in their order
	call	say_program
	mov	ecx, edx
	call	say
	mov	ecx, quote
	call	say
	mov	ecx, esi
	call	say
	mov	ecx, quote_colon
	call	say
	neg	eax
	call	error_text
	call	say
	mov	ecx, newline
	call	say
	mov	eax, [failure]
	mov	[status], eax
	popad
	ret

#-----------------------------------------------------------------------
# error_text: what an error is called
#   in   eax  errno
#   out  ecx  the text
#   uses edx, edi
#-----------------------------------------------------------------------
error_text:
	mov	edi, errors
.next:	mov	ecx, edi
	inc	ecx
	movzx	edx, byte [edi]
	cmp	edx, eax
	je	.end
	test	edx, edx			# 0 is the last one: another error
	je	.end
.skip:	inc	edi
	cmp	byte [edi], 0
	jne	.skip
	inc	edi
	jmp	.next
.end:	ret

#-----------------------------------------------------------------------
# say_error: the message `PROGRAM: NAME: the error`
#   in   esi  the name, eax a negative errno
#   uses eax, ecx, edx, edi
say_error:
	call	flush
	call	say_program
	mov	ecx, esi
	call	say
	mov	ecx, colon
	call	say
	neg	eax
	call	error_text
	call	say
	mov	ecx, newline
	call	say
	ret

#-----------------------------------------------------------------------
# say_program: the program's name and a colon, to stderr
#   uses ecx
# say: a text to stderr
#   in   ecx  the text, NUL-terminated
#-----------------------------------------------------------------------
say_program:
	mov	ecx, program
	call	say
	mov	ecx, colon
say:	push	eax
	push	ebx
	push	edx
	call	length
	mov	ebx, STDERR
	system	SYS_WRITE
	pop	edx
	pop	ebx
	pop	eax
	ret

#-----------------------------------------------------------------------
# is_directory: whether a file is a directory; on the builder an empty file looks like one
#   in   esi  its name
#   out  zero flag set if so
#   uses eax, ebx, ecx
#-----------------------------------------------------------------------
is_directory:
	mov	ebx, path
	mov	ecx, PATH_SIZE
	system	SYS_GETCWD
	test	eax, eax
	jle	.end
	mov	ebx, esi
	system	SYS_CHDIR
	test	eax, eax
	jne	.end
	mov	ebx, path
	system	SYS_CHDIR			# and back
	cmp	eax, eax
	ret
.end:	or	eax, -1				# zero flag clear
	ret

#-----------------------------------------------------------------------
# length: of a text
#   in   ecx  the text, NUL-terminated
#   out  edx  its length, without the NUL
#-----------------------------------------------------------------------
length:
	or	edx, -1
.next:	inc	edx
	cmp	byte [ecx+edx], 0
	jne	.next
	ret

#-----------------------------------------------------------------------
# put_text, put_byte, put_decimal: write to stdout, through a buffer
#   in   ecx  the text, NUL-terminated; al the byte; eax the number
#-----------------------------------------------------------------------
put_text:
	push	eax
	push	ecx
.next:	mov	al, [ecx]
	inc	ecx
	test	al, al
	je	.end
	call	put_byte
	jmp	.next
.end:	pop	ecx
	pop	eax
	ret

put_decimal:
	push	eax
	push	ebx
	push	ecx
	push	edx
	mov	ebx, 10
	xor	ecx, ecx
.digit:	xor	edx, edx
	div	ebx
	add	edx, '0'
	push	edx
	inc	ecx
	test	eax, eax
	jne	.digit
.next:	pop	eax
	call	put_byte
	dec	ecx
	jne	.next
	pop	edx
	pop	ecx
	pop	ebx
	pop	eax
	ret

put_byte:
	push	edx
	mov	edx, [output_length]
	mov	[output+edx], al
	inc	edx
	mov	[output_length], edx
	cmp	edx, OUTPUT_SIZE
	pop	edx
	je	flush
	ret

#-----------------------------------------------------------------------
# flush: writes what stdout still has
#-----------------------------------------------------------------------
flush:
	pushad
	mov	ecx, output
	mov	edx, [output_length]
	mov	dword [output_length], 0
	mov	ebx, STDOUT
	call	write_all
	test	eax, eax
	jns	.end
	mov	edx, write_error
	mov	esi, standard_output
	call	warn
.end:	popad
	ret

#-----------------------------------------------------------------------
# write_all: writes bytes to a file
#   in   ebx  descriptor, ecx the bytes, edx their number
#   out  eax  0, or a negative errno
#   uses ecx, edx
#-----------------------------------------------------------------------
write_all:
	xor	eax, eax
	test	edx, edx
	je	.end
	system	SYS_WRITE
	test	eax, eax
	js	.end
	je	.none
	add	ecx, eax
	sub	edx, eax
	jmp	write_all
.none:	mov	eax, -ENOSPC
.end:	ret

section rodata
help_name:	db "help", 0
missing:	db "missing operand", 0
after:		db " after '", 0
colon:		db ": ", 0
quote:		db "'", 0
quote_colon:	db "': ", 0
quote_newline:	db "'"
newline:	db 10
none:		db 0
unrecognized:	db "unrecognized option '--", 0
write_error:	db "write error: ", 0
standard_output: db "standard output", 0

# errno and what it is called
errors:
	db EPERM, "Operation not permitted", 0
	db ENOENT, "No such file or directory", 0
	db EIO, "Input/output error", 0
	db EBADF, "Bad file descriptor", 0
	db ENOMEM, "Cannot allocate memory", 0
	db EACCES, "Permission denied", 0
	db EBUSY, "Device or resource busy", 0
	db EEXIST, "File exists", 0
	db ENOTDIR, "Not a directory", 0
	db EISDIR, "Is a directory", 0
	db EINVAL, "Invalid argument", 0
	db ENFILE, "Too many open files in system", 0
	db EMFILE, "Too many open files", 0
	db ETXTBSY, "Text file busy", 0
	db EFBIG, "File too large", 0
	db ENOSPC, "No space left on device", 0
	db ESPIPE, "Illegal seek", 0
	db EROFS, "Read-only file system", 0
	db ENAMETOOLONG, "File name too long", 0
	db ELOOP, "Too many levels of symbolic links", 0
	db 0, "Unknown error", 0

section data
invalid:	db "invalid option -- '"
.letter:	db "?'", 10, 0

section bss
arguments:	space 4			# where the next word of the command line is
cluster:	space 4			# the rest of the option at hand
status:		space 4
output_length:	space 4
output:		space OUTPUT_SIZE
path:		space PATH_SIZE		# the current directory
