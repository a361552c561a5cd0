# cp: copies files.
#
#   cp [-fv] [-T] SOURCE DESTINATION
#   cp [-fv] SOURCE... DIRECTORY
#   cp [-fv] -t DIRECTORY SOURCE...
#
# Options and messages as in coreutils. A file that is made can be run; one that is there keeps its
# mode. With two operands the second is a directory if it is one, unless there is a -T: the builder
# cannot tell an empty file from a directory.

BUFFER_SIZE = 65536
PATH_SIZE = 4096

section text
main:
.option:
	call	next_option
	test	eax, eax
	je	.operands
	cmp	al, 'f'
	je	.f
	cmp	al, 'T'
	je	.T
	cmp	al, 'v'
	je	.v
	cmp	al, 't'
	jne	bad_option
	call	option_value
	mov	[directory], eax
	jmp	.option
.f:	mov	byte [force], 1
	jmp	.option
.T:	mov	byte [no_directory], 1
	jmp	.option
.v:	mov	byte [verbose], 1
	jmp	.option

.operands:
	mov	edi, [arguments]
	mov	eax, [edi]
	test	eax, eax
	je	missing_file
	mov	esi, [directory]
	test	esi, esi
	jne	.to_directory
	mov	ecx, missing_destination
	cmp	dword [edi+4], 0
	je	missing_after
	cmp	dword [edi+8], 0
	jne	.many
	mov	esi, [edi+4]
	cmp	byte [no_directory], 0
	jne	.one
	call	is_directory
	je	.last_is_directory
.one:	mov	esi, [edi]
	mov	edi, [edi+4]
	jmp	copy
.many:	cmp	byte [no_directory], 0
	jne	.extra

# The last operand is the directory: it is taken off the command line.
.last_is_directory:
	mov	ebx, edi
.last:	add	ebx, 4
	cmp	dword [ebx+4], 0
	jne	.last
	mov	esi, [ebx]
	mov	dword [ebx], 0
.to_directory:
	call	is_directory
	je	.next
	mov	ebx, esi
	xor	ecx, ecx
	system	SYS_ACCESS
	test	eax, eax
	js	.target
	mov	eax, -ENOTDIR
.target:
	mov	edx, target
	jmp	warn
.extra:	call	say_program
	mov	ecx, extra_operand
	call	say
	mov	ecx, [edi+8]
	call	say
	mov	ecx, quote_newline
	call	say
	jmp	usage

.next:	mov	eax, [edi]
	test	eax, eax
	je	.end
	add	edi, 4
	push	esi
	push	edi
	mov	edi, eax
	call	name_in_directory
	mov	esi, eax
	mov	edi, destination
	call	copy
	pop	edi
	pop	esi
	jmp	.next
.end:	ret

missing_file:
	call	say_program
	mov	ecx, missing_file_text
	call	say
	jmp	usage

# name_in_directory: makes `destination` of a directory and the last part of a name
#   in   esi  the directory, edi the name
#   out  eax  the name
#   uses ebx, ecx, edx, edi
name_in_directory:
	push	edi
	mov	ecx, edi
	call	length
	add	edx, edi			# its end
.slash:	cmp	edx, edi
	je	.start
	cmp	byte [edx-1], '/'		# slashes at the end are no part
	jne	.part
	dec	edx
	jmp	.slash
.part:	cmp	edx, edi
	je	.start
	cmp	byte [edx-1], '/'
	je	.start
	dec	edx
	jmp	.part
.start:	mov	ebx, edx
	mov	edi, destination
	mov	ecx, esi
	call	.add
	cmp	byte [edi-1], '/'
	je	.name
	mov	byte [edi], '/'
	inc	edi
.name:	mov	ecx, ebx
	call	.add
	mov	byte [edi], 0
	pop	eax
	ret
.add:	mov	al, [ecx]
	test	al, al
	je	.added
	cmp	edi, destination + PATH_SIZE - 2
	jae	.too_long
	mov	[edi], al
	inc	ecx
	inc	edi
	jmp	.add
.added:	ret
.too_long:
	mov	eax, -ENAMETOOLONG
	mov	edx, cannot_create
	call	warn
	jmp	exit

#-----------------------------------------------------------------------
# copy: copies a file
#   in   esi  its name, edi the name of the copy
#   uses all registers
#-----------------------------------------------------------------------
copy:
	mov	ebx, esi
	xor	ecx, ecx			# O_RDONLY
	mov	edx, cannot_stat
	system	SYS_OPEN
	test	eax, eax
	js	warn
	mov	ebp, eax
	call	read				# before the copy is made: is it a file?
	cmp	eax, -EISDIR
	je	.directory
	test	eax, eax
	js	.read_error
	push	eax
	call	same_file
	pop	edx				# what has been read
	je	.same
	push	edx
	call	create
	pop	edx
	test	eax, eax
	js	.create_error
	mov	ebx, eax
.next:	test	edx, edx
	je	.end
	mov	ecx, buffer
	call	write_all
	test	eax, eax
	js	.write_error
	push	ebx
	call	read
	pop	ebx
	mov	edx, eax
	test	eax, eax
	jns	.next
	call	.close
	jmp	.read_error
.end:	call	.close
	cmp	byte [verbose], 0
	je	close_source
	mov	ecx, quote
	call	put_text
	mov	ecx, esi
	call	put_text
	mov	ecx, arrow
	call	put_text
	mov	ecx, edi
	call	put_text
	mov	ecx, quote_newline
	call	put_text
	jmp	close_source

.close:	system	SYS_CLOSE
	ret
.directory:
	call	flush
	call	say_program
	mov	ecx, omitting
	call	say
	mov	ecx, esi
	call	say
	mov	ecx, quote_newline
	call	say
	jmp	.failed
.same:	call	flush
	call	say_program
	mov	ecx, quote
	call	say
	mov	ecx, esi
	call	say
	mov	ecx, and_text
	call	say
	mov	ecx, edi
	call	say
	mov	ecx, same_text
	call	say
.failed:
	mov	eax, [failure]
	mov	[status], eax
	jmp	close_source
.read_error:
	mov	edx, error_reading
	call	warn
	jmp	close_source
.create_error:
	mov	edx, cannot_create
	mov	esi, edi
	call	warn
	jmp	close_source
.write_error:
	mov	edx, error_writing
	mov	esi, edi
	call	warn
	call	.close
	# falls into close_source

# close_source: closes the file that is copied
#   in   ebp  its descriptor
#   uses eax, ebx
close_source:
	mov	ebx, ebp
	system	SYS_CLOSE
	ret

# read: reads a part of the file that is copied into `buffer`
#   in   ebp  its descriptor
#   out  eax  how many bytes, or a negative errno
#   uses ebx, ecx, edx
read:
	mov	ebx, ebp
	mov	ecx, buffer
	mov	edx, BUFFER_SIZE
	system	SYS_READ
	ret

# create: opens the copy
#   in   edi  its name
#   out  eax  its descriptor, or a negative errno
#   uses ebx, ecx, edx
create:
	mov	ebx, edi
	mov	ecx, O_WRONLY | O_CREAT | O_TRUNC
	mov	edx, 0o777
	system	SYS_OPEN
	test	eax, eax
	jns	.end
	cmp	byte [force], 0
	je	.end
	push	eax
	system	SYS_UNLINK
	test	eax, eax
	pop	eax
	js	.end
	system	SYS_OPEN
.end:	ret

#-----------------------------------------------------------------------
# same_file: whether two names are one file, as far as names can tell: without links
#   in   esi, edi  the names
#   out  zero flag set if so
#   uses eax, ebx, ecx, edx
#-----------------------------------------------------------------------
same_file:
	push	esi
	push	edi
	push	edi
	mov	edi, resolved
	call	resolve
	pop	esi
	mov	edi, destination_resolved
	call	resolve
	mov	esi, resolved
	mov	edi, destination_resolved
.next:	mov	al, [esi]
	cmp	al, [edi]
	jne	.end
	inc	esi
	inc	edi
	test	al, al
	jne	.next
.end:	pop	edi
	pop	esi
	ret

# resolve: the absolute name of a file, without . and .. and double slashes
#   in   esi  its name
#        edi  where it goes, 2 * PATH_SIZE bytes
#   uses eax, ebx, ecx, esi, edi
resolve:
	mov	ebx, edi			# the root
	cmp	byte [esi], '/'
	je	.parts
	mov	ebx, edi
	mov	ecx, PATH_SIZE
	system	SYS_GETCWD
	test	eax, eax
	jle	.parts
	lea	edi, [edi+eax-1]		# behind the current directory
	cmp	byte [edi-1], '/'
	jne	.parts
	dec	edi				# which is the root
.parts:	mov	al, [esi]
	test	al, al
	je	.end
	cmp	al, '/'
	jne	.part
	inc	esi
	jmp	.parts
.part:	cmp	al, '.'
	jne	.copy
	mov	al, [esi+1]
	cmp	al, '/'
	je	.dot
	test	al, al
	je	.dot
	cmp	al, '.'
	jne	.copy
	mov	al, [esi+2]
	cmp	al, '/'
	je	.dots
	test	al, al
	je	.dots
.copy:	mov	byte [edi], '/'
	inc	edi
.byte:	mov	al, [esi]
	test	al, al
	je	.parts
	cmp	al, '/'
	je	.parts
	lea	ecx, [ebx+2*PATH_SIZE-2]
	cmp	edi, ecx
	jae	.end				# longer than any name
	mov	[edi], al
	inc	esi
	inc	edi
	jmp	.byte
.dot:	inc	esi
	jmp	.parts
.dots:	add	esi, 2
.up:	cmp	edi, ebx
	je	.parts				# above the root is the root
	dec	edi
	cmp	byte [edi], '/'
	jne	.up
	jmp	.parts
.end:	mov	byte [edi], 0
	ret

section rodata
program:	db "cp", 0
usage_text:	db "usage: cp [-fv] [-T] SOURCE DESTINATION, cp [-fv] SOURCE... DIRECTORY,"
		db " cp [-fv] -t DIRECTORY SOURCE...", 10, 0
failure:	dd 1
long_options:	db "fforce", 0, "Tno-target-directory", 0, "ttarget-directory", 0, "vverbose", 0, 0
cannot_stat:	db "cannot stat ", 0
cannot_create:	db "cannot create regular file ", 0
error_reading:	db "error reading ", 0
error_writing:	db "error writing ", 0
target:		db "target ", 0
extra_operand:	db "extra operand '", 0
missing_file_text: db "missing file operand", 10, 0
missing_destination: db "missing destination file operand", 0
omitting:	db "-r not specified; omitting directory '", 0
arrow:		db "' -> '", 0
and_text:		db "' and '", 0
same_text:	db "' are the same file", 10, 0

section bss
directory:	space 4				# of -t
force:		space 1
no_directory:	space 1
verbose:	space 1
destination:	space PATH_SIZE
resolved:	space 2 * PATH_SIZE
destination_resolved: space 2 * PATH_SIZE
buffer:		space BUFFER_SIZE
