# The instructions of the 386 and its 387, for pp.
#
# A line is a form of an instruction: %insn NAME OPERANDS : OPCODE /DIGIT. Of the forms that fit
# the operands of a statement the first one is taken. Operands are written as in the opcode maps
# of the Intel SDM, volume 2, appendix A: a letter says where the operand goes, the second its size.
#
#   E  register or memory, in r/m       G  register, in reg        Z  register, in the opcode
#   M  memory                           O  memory at an address    A  al, ax or eax
#   I  number                           J  label                   C  cl      D  dx
#   F  st0 to st7, in the opcode        f  st0                     1  the number 1
#
#   b w d q t  1, 2, 4, 8, 10 bytes     v  2 or 4 bytes, as the other operands have
#   Is  a byte that is sign-extended    Jb  a label after the word short
#   Jd  another one                     Jc  a near label, with or without short
#
# The order of the forms is NASM's choice among encodings; a test compares all of them with NASM.

%registers 4: eax ecx edx ebx esp ebp esi edi
%registers 2: ax cx dx bx sp bp si di
%registers 1: al cl dl bl ah ch dh bh
%registers 10: st0 st1 st2 st3 st4 st5 st6 st7

# Moves
%insn mov	Ob, Ab		: A2
%insn mov	Ov, Av		: A3
%insn mov	Ab, Ob		: A0
%insn mov	Av, Ov		: A1
%insn mov	Eb, Gb		: 88
%insn mov	Ev, Gv		: 89
%insn mov	Gb, Eb		: 8A
%insn mov	Gv, Ev		: 8B
%insn mov	Zb, Ib		: B0
%insn mov	Zv, Iv		: B8
%insn mov	Eb, Ib		: C6 /0
%insn mov	Ev, Iv		: C7 /0
%insn movzx	Gv, Eb		: 0F B6
%insn movzx	Gd, Ew		: 0F B7
%insn movsx	Gv, Eb		: 0F BE
%insn movsx	Gd, Ew		: 0F BF
%insn lea	Gv, M		: 8D
%insn xchg	Av, Zv		: 90
%insn xchg	Zv, Av		: 90
%insn xchg	Gb, Eb		: 86
%insn xchg	Gv, Ev		: 87
%insn xchg	Eb, Gb		: 86
%insn xchg	Ev, Gv		: 87
%insn xlatb			: D7
%insn push	Zv		: 50
%insn push	Ev		: FF /6
%insn push	Is		: 6A
%insn push	Iv		: 68
%insn pop	Zv		: 58
%insn pop	Ev		: 8F /0
%insn pushad			: 60
%insn popad			: 61
%insn pushfd			: 9C
%insn popfd			: 9D
%insn lahf			: 9F
%insn sahf			: 9E
%insn in	Ab, Ib		: E4
%insn in	Av, Ib		: E5
%insn in	Ab, D		: EC
%insn in	Av, D		: ED
%insn out	Ib, Ab		: E6
%insn out	Ib, Av		: E7
%insn out	D, Ab		: EE
%insn out	D, Av		: EF

# Arithmetic and logic
%macro arithmetic name, opcode, digit
%insn {name}	Eb, Gb		: ({opcode})
%insn {name}	Ev, Gv		: ({opcode}+1)
%insn {name}	Gb, Eb		: ({opcode}+2)
%insn {name}	Gv, Ev		: ({opcode}+3)
%insn {name}	Ev, Is		: 83 /{digit}
%insn {name}	Ab, Ib		: ({opcode}+4)
%insn {name}	Av, Iv		: ({opcode}+5)
%insn {name}	Eb, Ib		: 80 /{digit}
%insn {name}	Ev, Iv		: 81 /{digit}
%end
arithmetic add, 0x00, 0
arithmetic or, 0x08, 1
arithmetic adc, 0x10, 2
arithmetic sbb, 0x18, 3
arithmetic and, 0x20, 4
arithmetic sub, 0x28, 5
arithmetic xor, 0x30, 6
arithmetic cmp, 0x38, 7

%insn test	Eb, Gb		: 84
%insn test	Ev, Gv		: 85
%insn test	Gb, Eb		: 84
%insn test	Gv, Ev		: 85
%insn test	Ab, Ib		: A8
%insn test	Av, Iv		: A9
%insn test	Eb, Ib		: F6 /0
%insn test	Ev, Iv		: F7 /0

%macro unary name, opcode, digit
%insn {name}	Eb		: ({opcode}) /{digit}
%insn {name}	Ev		: ({opcode}+1) /{digit}
%end
%insn inc	Zv		: 40
%insn dec	Zv		: 48
unary inc, 0xFE, 0
unary dec, 0xFE, 1
unary not, 0xF6, 2
unary neg, 0xF6, 3
unary mul, 0xF6, 4
unary imul, 0xF6, 5
unary div, 0xF6, 6
unary idiv, 0xF6, 7
%insn imul	Gv, Ev		: 0F AF
%insn imul	Gv, Ev, Is	: 6B
%insn imul	Gv, Ev, Iv	: 69
%insn cbw			: 66 98
%insn cwde			: 98
%insn cwd			: 66 99
%insn cdq			: 99
%insn aaa			: 37
%insn aas			: 3F
%insn aam			: D4 0A
%insn aad			: D5 0A
%insn daa			: 27
%insn das			: 2F

%macro shift name, digit
%insn {name}	Eb, 1		: D0 /{digit}
%insn {name}	Ev, 1		: D1 /{digit}
%insn {name}	Eb, C		: D2 /{digit}
%insn {name}	Ev, C		: D3 /{digit}
%insn {name}	Eb, Ib		: C0 /{digit}
%insn {name}	Ev, Ib		: C1 /{digit}
%end
shift rol, 0
shift ror, 1
shift rcl, 2
shift rcr, 3
shift shl, 4
shift shr, 5
shift sar, 7
%insn shld	Ev, Gv, Ib	: 0F A4
%insn shld	Ev, Gv, C	: 0F A5
%insn shrd	Ev, Gv, Ib	: 0F AC
%insn shrd	Ev, Gv, C	: 0F AD

%macro bit_test name, opcode, digit
%insn {name}	Ev, Gv		: 0F ({opcode})
%insn {name}	Ev, Ib		: 0F BA /{digit}
%end
bit_test bt, 0xA3, 4
bit_test bts, 0xAB, 5
bit_test btr, 0xB3, 6
bit_test btc, 0xBB, 7
%insn bsf	Gv, Ev		: 0F BC
%insn bsr	Gv, Ev		: 0F BD

# Jumps
%macro condition name, code
%insn j{name}	Jb		: (0x70+{code})
%insn j{name}	Jd		: 0F (0x80+{code})
%insn set{name}	Eb		: 0F (0x90+{code}) /0
%end
condition o, 0
condition no, 1
condition b, 2
condition c, 2
condition nae, 2
condition ae, 3
condition nb, 3
condition nc, 3
condition e, 4
condition z, 4
condition ne, 5
condition nz, 5
condition be, 6
condition na, 6
condition a, 7
condition nbe, 7
condition s, 8
condition ns, 9
condition p, 10
condition pe, 10
condition np, 11
condition po, 11
condition l, 12
condition nge, 12
condition ge, 13
condition nl, 13
condition le, 14
condition ng, 14
condition g, 15
condition nle, 15
%insn jmp	Jb		: EB
%insn jmp	Jd		: E9
%insn jmp	Ed		: FF /4
%insn jmp	M		: FF /4
%insn call	Jd		: E8
%insn call	Ed		: FF /2
%insn call	M		: FF /2
%insn ret			: C3
%insn ret	Iw		: C2
%insn loop	Jc		: E2
%insn loope	Jc		: E1
%insn loopz	Jc		: E1
%insn loopne	Jc		: E0
%insn loopnz	Jc		: E0
%insn jecxz	Jc		: E3
%insn enter	Iw, Ib		: C8
%insn leave			: C9
%insn bound	Gv, M		: 62
%insn int	Ib		: CD
%insn int3			: CC
%insn into			: CE
%insn iretd			: CF

# Strings
%macro string name, opcode
%insn {name}b			: ({opcode})
%insn {name}w			: 66 ({opcode}+1)
%insn {name}d			: ({opcode}+1)
%end
string movs, 0xA4
string cmps, 0xA6
string stos, 0xAA
string lods, 0xAC
string scas, 0xAE
string ins, 0x6C
string outs, 0x6E
%prefix rep: 0xF3
%prefix repe: 0xF3
%prefix repz: 0xF3
%prefix repne: 0xF2
%prefix repnz: 0xF2
%prefix lock: 0xF0

# The processor
%insn nop			: 90
%insn hlt			: F4
%insn clc			: F8
%insn stc			: F9
%insn cmc			: F5
%insn cld			: FC
%insn std			: FD
%insn cli			: FA
%insn sti			: FB
%insn sgdt	M		: 0F 01 /0
%insn sidt	M		: 0F 01 /1
%insn lgdt	M		: 0F 01 /2
%insn lidt	M		: 0F 01 /3

# Floating point: moves
%insn fld	Md		: D9 /0
%insn fld	Mq		: DD /0
%insn fld	Mt		: DB /5
%insn fld	F		: D9 C0
%insn fst	Md		: D9 /2
%insn fst	Mq		: DD /2
%insn fst	F		: DD D0
%insn fstp	Md		: D9 /3
%insn fstp	Mq		: DD /3
%insn fstp	Mt		: DB /7
%insn fstp	F		: DD D8
%insn fild	Mw		: DF /0
%insn fild	Md		: DB /0
%insn fild	Mq		: DF /5
%insn fist	Mw		: DF /2
%insn fist	Md		: DB /2
%insn fistp	Mw		: DF /3
%insn fistp	Md		: DB /3
%insn fistp	Mq		: DF /7
%insn fbld	Mt		: DF /4
%insn fbstp	Mt		: DF /6
%insn fxch			: D9 C9
%insn fxch	F		: D9 C8
%insn ffree	F		: DD C0
%insn fld1			: D9 E8
%insn fldl2t			: D9 E9
%insn fldl2e			: D9 EA
%insn fldpi			: D9 EB
%insn fldlg2			: D9 EC
%insn fldln2			: D9 ED
%insn fldz			: D9 EE

# name st0, st1 has the opcode D8 and `to`; name st1, st0 has DC and `from`
%macro float name, digit, to, from
%insn f{name}	Md		: D8 /{digit}
%insn f{name}	Mq		: DC /{digit}
%insn f{name}	F		: D8 ({to})
%insn f{name}	F, f		: DC ({from})
%insn f{name}	f, F		: D8 ({to})
%insn f{name}p			: DE ({from}+1)
%insn f{name}p	F		: DE ({from})
%insn f{name}p	F, f		: DE ({from})
%insn fi{name}	Mw		: DE /{digit}
%insn fi{name}	Md		: DA /{digit}
%end
float add, 0, 0xC0, 0xC0
float mul, 1, 0xC8, 0xC8
float sub, 4, 0xE0, 0xE8
float subr, 5, 0xE8, 0xE0
float div, 6, 0xF0, 0xF8
float divr, 7, 0xF8, 0xF0

%macro float_compare name, digit, opcode
%insn f{name}			: D8 ({opcode}+1)
%insn f{name}	F		: D8 ({opcode})
%insn f{name}	Md		: D8 /{digit}
%insn f{name}	Mq		: DC /{digit}
%insn fi{name}	Mw		: DE /{digit}
%insn fi{name}	Md		: DA /{digit}
%end
float_compare com, 2, 0xD0
float_compare comp, 3, 0xD8
%insn fcompp			: DE D9
%insn fucom			: DD E1
%insn fucom	F		: DD E0
%insn fucomp			: DD E9
%insn fucomp	F		: DD E8
%insn fucompp			: DA E9
%insn ftst			: D9 E4
%insn fxam			: D9 E5

%insn fchs			: D9 E0
%insn fabs			: D9 E1
%insn f2xm1			: D9 F0
%insn fyl2x			: D9 F1
%insn fptan			: D9 F2
%insn fpatan			: D9 F3
%insn fxtract			: D9 F4
%insn fprem1			: D9 F5
%insn fdecstp			: D9 F6
%insn fincstp			: D9 F7
%insn fprem			: D9 F8
%insn fyl2xp1			: D9 F9
%insn fsqrt			: D9 FA
%insn fsincos			: D9 FB
%insn frndint			: D9 FC
%insn fscale			: D9 FD
%insn fsin			: D9 FE
%insn fcos			: D9 FF

# Floating point: the unit
%insn fnop			: D9 D0
%insn fwait			: 9B
%insn fninit			: DB E3
%insn finit			: 9B DB E3
%insn fnclex			: DB E2
%insn fclex			: 9B DB E2
%insn fldcw	M		: D9 /5
%insn fldcw	Mw		: D9 /5
%insn fnstcw	M		: D9 /7
%insn fnstcw	Mw		: D9 /7
%insn fstcw	M		: 9B D9 /7
%insn fstcw	Mw		: 9B D9 /7
%insn fnstsw	M		: DD /7
%insn fnstsw	Mw		: DD /7
%insn fnstsw	Aw		: DF E0
%insn fstsw	M		: 9B DD /7
%insn fstsw	Mw		: 9B DD /7
%insn fstsw	Aw		: 9B DF E0
%insn fldenv	M		: D9 /4
%insn fnstenv	M		: D9 /6
%insn fstenv	M		: 9B D9 /6
%insn frstor	M		: DD /4
%insn fnsave	M		: DD /6
%insn fsave	M		: 9B DD /6
