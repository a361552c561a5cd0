# sha256sum: prints or checks SHA-256 sums (FIPS 180-4).
#
#   sha256sum [-bt] [FILE]...
#   sha256sum -c [--quiet] [--status] [--strict] [FILE]...
#
# Options and output as in coreutils. Without FILE, or for -, the standard input is read.

BUFFER_SIZE = 65536
# options that are on or off
%enum
	BINARY
	TEXT
	CHECK
	QUIET
	STATUS
	STRICT
	WARN
	OPTIONS
%end

section text
main:
.option:
	call	next_option
	test	eax, eax
	je	.operands
	mov	ecx, flags
.flag:	mov	dl, [ecx]
	test	dl, dl
	je	bad_option
	cmp	dl, al
	je	.found
	add	ecx, 2
	jmp	.flag
.found:	movzx	eax, byte [ecx+1]
	mov	byte [options+eax], 1
	cmp	eax, TEXT
	jne	.option
	mov	byte [options+BINARY], 0
	jmp	.option

.operands:
	call	next_operand
	test	eax, eax
	jne	.next
	mov	eax, dash
.next:	mov	esi, eax
	cmp	byte [options+CHECK], 0
	jne	.check
	call	sum_file
	test	eax, eax
	js	.error
	call	put_line
	jmp	.done
.error:	call	warn_file
	jmp	.done
.check:	call	check_file
.done:	call	next_operand
	test	eax, eax
	jne	.next
	ret

# warn_file: the message `sha256sum: NAME: the error`
#   in   esi  the name, eax a negative errno
#   uses eax, ecx, edx, edi
warn_file:
	call	say_error
	mov	dword [status], 1
	ret

# put_line: writes the sum and the name of a file; a backslash stands before both if the name is
# written with escapes.
#   in   esi  the name
#   uses eax, ebx, ecx, edx
put_line:
	mov	edx, special
	call	put_mark
	mov	ecx, hexadecimal
	call	put_text
	mov	al, ' '
	call	put_byte
	cmp	byte [options+BINARY], 0
	je	.kind
	mov	al, '*'
.kind:	call	put_byte
	call	put_name
	mov	al, 10
	jmp	put_byte

# put_mark: writes a backslash, if the name has to be written with escapes
#   in   esi  the name
#        edx  the characters that make it so, NUL-terminated
#   out  escapes  1 if so, otherwise 0
#   uses eax, ecx, edx
put_mark:
	mov	byte [escapes], 0
.next:	mov	al, [edx]
	inc	edx
	test	al, al
	je	.end
	mov	ecx, esi
.look:	cmp	[ecx], al
	je	.found
	cmp	byte [ecx], 0
	je	.next
	inc	ecx
	jmp	.look
.found:	mov	byte [escapes], 1
	mov	al, '\\'
	jmp	put_byte
.end:	ret

# put_name: writes a name, with escapes if put_mark has found that
#   in   esi  the name
#   uses eax
put_name:
	push	esi
.next:	mov	al, [esi]
	inc	esi
	test	al, al
	je	.end
	mov	ah, al
	cmp	byte [escapes], 0
	je	.byte
	cmp	al, '\\'
	je	.escape
	mov	ah, 'n'
	cmp	al, 10
	je	.escape
	mov	ah, 'r'
	cmp	al, 13
	je	.escape
	mov	ah, al
	jmp	.byte
.escape:
	mov	al, '\\'
	call	put_byte
.byte:	mov	al, ah
	call	put_byte
	jmp	.next
.end:	pop	esi
	ret

#-----------------------------------------------------------------------
# sum_file: the sum of a file
#   in   esi  its name
#   out  eax  0, and `hexadecimal` its sum; or a negative errno
#   uses ebx, ecx, edx
#-----------------------------------------------------------------------
sum_file:
	xor	ebx, ebx			# - is the standard input
	cmp	byte [esi], '-'
	jne	.file
	cmp	byte [esi+1], 0
	je	.opened
.file:	mov	ebx, esi
	xor	ecx, ecx			# O_RDONLY
	system	SYS_OPEN
	test	eax, eax
	js	.error
	mov	ebx, eax
.opened:
	pushad
	mov	esi, initial
	mov	edi, state
	mov	ecx, 8
	rep movsd
	mov	dword [size], 0
	mov	dword [size+4], 0
	popad
	mov	dword [filled], 0
.next:	mov	ecx, buffer
	mov	edx, [filled]
	add	ecx, edx
	neg	edx
	add	edx, BUFFER_SIZE
	system	SYS_READ
	test	eax, eax
	js	.close
	je	.last
	add	[size], eax
	adc	dword [size+4], 0
	add	eax, [filled]
	call	blocks
	jmp	.next
.last:	call	finish
	xor	eax, eax
.close:	test	ebx, ebx			# but not the standard input
	je	.error
	push	eax
	system	SYS_CLOSE
	pop	eax
.error:	ret

# blocks: adds the whole blocks of the buffer to the sum; what is left goes to its start
#   in   eax  bytes in the buffer
#   out  filled  what is left
blocks:
	pushad
	mov	esi, buffer
	mov	ebp, eax
.next:	cmp	ebp, 64
	jb	.rest
	push	ebp
	push	esi
	call	block
	pop	esi
	pop	ebp
	add	esi, 64
	sub	ebp, 64
	jmp	.next
.rest:	mov	[filled], ebp
	mov	edi, buffer
	mov	ecx, ebp
	rep movsb
	popad
	ret

# finish: adds the padding, a 1 bit, zeros and the length in bits; makes `hexadecimal`
finish:
	pushad
	mov	ecx, [filled]
	mov	byte [buffer+ecx], 0x80
	inc	ecx
	lea	edi, [buffer+ecx]
	mov	edx, 64				# one block, or two
	cmp	ecx, 56
	jbe	.zeros
	mov	edx, 128
.zeros:	push	edx
	lea	eax, [edx-8]
	sub	eax, ecx
	mov	ecx, eax
	xor	eax, eax
	rep stosb
	mov	eax, [size+4]
	mov	edx, [size]
	shld	eax, edx, 3
	shl	edx, 3
	call	store
	mov	eax, edx
	call	store
	pop	eax
	call	blocks
	mov	esi, state
	mov	edi, hexadecimal
	mov	ecx, 8
.word:	lodsd
	mov	edx, 8
.digit:	rol	eax, 4
	mov	ebx, eax
	and	ebx, 15
	mov	bl, [digits+ebx]
	mov	[edi], bl
	inc	edi
	dec	edx
	jne	.digit
	dec	ecx
	jne	.word
	popad
	ret

# store: puts a number at edi, the highest byte first
#   in   eax  the number
#   out  edi  after it
store:
	xchg	al, ah
	rol	eax, 16
	xchg	al, ah
	stosd
	ret

#-----------------------------------------------------------------------
# block: adds 64 bytes to the sum
#   in   esi  the bytes
#   uses all registers
#
# The eight variables of the standard stand in `work`; in round i the variable a is at
# work + 4 * ((64 - i) & 7), so that they need not be moved: each round makes h the new a, and
# adds to d.
#-----------------------------------------------------------------------
%macro sigma from, a, b, c			# ecx = the sum of three rotations of `from`
	mov	ecx, {from}
	ror	ecx, {a}
	mov	edx, {from}
	ror	edx, {b}
	xor	ecx, edx
	mov	edx, {from}
	ror	edx, {c}
	xor	ecx, edx
%end
%macro small_sigma from, a, b, c		# the same, the third one a shift
	mov	ecx, {from}
	ror	ecx, {a}
	mov	edx, {from}
	ror	edx, {b}
	xor	ecx, edx
	mov	edx, {from}
	shr	edx, {c}
	xor	ecx, edx
%end
# one round: a to h are where the variables stand in `work`, ebp is the number of the round
%macro round a, b, c, d, e, f, g, h
	mov	eax, [work+4*{e}]
	sigma	eax, 6, 11, 25
	mov	edx, [work+4*{f}]		# ch = g ^ (e & (f ^ g))
	xor	edx, [work+4*{g}]
	and	edx, eax
	xor	edx, [work+4*{g}]
	add	ecx, edx
	add	ecx, [work+4*{h}]
	add	ecx, [constants+ebp*4]
	add	ecx, [schedule+ebp*4]		# t1
	add	[work+4*{d}], ecx
	mov	esi, ecx
	mov	eax, [work+4*{a}]
	sigma	eax, 2, 13, 22
	add	esi, ecx
	mov	edx, [work+4*{b}]		# maj = (a & b) | (c & (a | b))
	mov	ecx, edx
	and	edx, eax
	or	ecx, eax
	and	ecx, [work+4*{c}]
	or	edx, ecx
	add	esi, edx
	mov	[work+4*{h}], esi
	inc	ebp
%end
block:
	mov	edi, schedule
	mov	ecx, 16
.load:	lodsd
	xchg	al, ah
	rol	eax, 16
	xchg	al, ah
	stosd
	dec	ecx
	jne	.load
	mov	ebx, 48
.extend:
	mov	eax, [edi-4*2]
	small_sigma eax, 17, 19, 10
	mov	esi, ecx
	mov	eax, [edi-4*15]
	small_sigma eax, 7, 18, 3
	add	esi, ecx
	add	esi, [edi-4*7]
	add	esi, [edi-4*16]
	mov	[edi], esi
	add	edi, 4
	dec	ebx
	jne	.extend

	mov	esi, state
	mov	edi, work
	mov	ecx, 8
	rep movsd
	xor	ebp, ebp
.rounds:
	round 0, 1, 2, 3, 4, 5, 6, 7
	round 7, 0, 1, 2, 3, 4, 5, 6
	round 6, 7, 0, 1, 2, 3, 4, 5
	round 5, 6, 7, 0, 1, 2, 3, 4
	round 4, 5, 6, 7, 0, 1, 2, 3
	round 3, 4, 5, 6, 7, 0, 1, 2
	round 2, 3, 4, 5, 6, 7, 0, 1
	round 1, 2, 3, 4, 5, 6, 7, 0
	cmp	ebp, 64
	jne	.rounds
	mov	ecx, 7
.add:	mov	eax, [work+ecx*4]
	add	[state+ecx*4], eax
	dec	ecx
	jns	.add
	ret

section rodata
program:	db "sha256sum", 0
usage_text:	db "usage: sha256sum [-bt] [-c [--quiet] [--status] [--strict]] [FILE]...", 10, 0
failure:	dd 1
long_options:	db "bbinary", 0, "ttext", 0, "ccheck", 0, "qquiet", 0, "sstatus", 0
		db "Sstrict", 0, "wwarn", 0, 0
flags:		db 'b', BINARY, 't', TEXT, 'c', CHECK, 'q', QUIET, 's', STATUS, 'S', STRICT
		db 'w', WARN, 0
dash:		db "-", 0
special:	db "\\\n\r", 0
digits:		db "0123456789abcdef"

		align 4
initial:	dd 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a
		dd 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
constants:
	dd 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5
	dd 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174
	dd 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da
	dd 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967
	dd 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85
	dd 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070
	dd 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3
	dd 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2

section bss
		align 4
state:		space 32
work:		space 32
schedule:	space 256
size:		space 8				# bytes of the file
filled:		space 4				# bytes in the buffer
options:	space OPTIONS
escapes:	space 1
hexadecimal:	space 65			# the sum and a NUL
buffer:		space BUFFER_SIZE
