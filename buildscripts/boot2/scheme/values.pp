# ----------------------------------------------------------------------
# Values
#
# A value is one word. Its low bits say what it is:
#
#   ....1   fixnum, 31 bits, the number times two and one
#   ..000   object: address of its header
#   ..100   pair: the address of its first word, plus 4; a pair has no header
#   ..010   immediate: the low byte is its kind, a character is CHAR + 256 code
#   ..110   header of an object: type in the low byte, 24 bits of size above
#
# On the stack there are also return addresses, an address within a code object
# plus 2, each with its closure in the word above. The collector knows every word
# by these bits and by whether it points into the heap: numbers that are no
# values may lie on the stack or in an object as long as they are below the heap
# or above it, which small numbers and addresses of this program are.
# ----------------------------------------------------------------------
FALSE       = 0x002
TRUE        = 0x102
NIL         = 0x202
UNSPECIFIED = 0x302
EOF         = 0x402
UNBOUND     = 0x502
MOVED       = 0x602          # first word of a pair that the collector has moved
CHAR        = 0x00A

# Types of objects. Those up to T_NEGATIVE hold no values.
T_STRING    = 0x06           # length (fixnum), bytes
T_BYTES     = 0x0E           # the same
T_POSITIVE  = 0x16           # digits of 32 bits, the lowest first
T_NEGATIVE  = 0x1E
T_CHUNK     = 0x26           # a piece of stack
T_VECTOR    = 0x2E
T_CLOSURE   = 0x36           # code, captured values
T_CODE      = 0x3E           # CODE_*
T_SYMBOL    = 0x46           # SYMBOL_*
T_PRIM      = 0x4E           # PRIM_*
T_RECORD    = 0x56           # type, fields
T_PORT      = 0x5E           # PORT_*
T_VALUES    = 0x66
T_BOX       = 0x6E
T_TABLE     = 0x76           # TABLE_*
T_ALIAS     = 0x7E           # ALIAS_*
T_NODE      = 0x86           # NODE_*
T_VARIABLE  = 0x8E           # VAR_*
T_LAMBDA    = 0x96           # LAMBDA_*
T_MACRO     = 0x9E           # MACRO_*
T_FRAME     = 0xA6           # FRAME_*

# Where the words of objects are: fields prefix, name... names them from the second on.
%macro fields prefix, *names
%set offset = 0
        fields_of {prefix}, {names}
%end
%macro fields_of prefix, name, *rest
%set offset = offset + 4
{prefix}_{name} = offset
%if "{rest}" != ""
        fields_of {prefix}, {rest}
%end
%end
LENGTH      = 4                 # of strings and bytevectors
DATA        = 8
VALUE       = 4                 # of a box
        fields  CODE, ARGS, INFO, START # arguments, or -1 - those required before a rest list;
                                        # vector: name, file, ((offset . line) ...); instructions
        fields  SYMBOL, VALUE, NAME, SYNTAX, HASH # syntax: FALSE, a fixnum (special form: its procedure)
                                        # or a macro; hash: fixnum
        fields  PRIM, ENTRY, MIN, MAX, NAME, DATA # MAX 255: no limit; DATA: of record accessors and continuations
        fields  ALIAS, ID, ENV
        fields  MACRO, EXPANDER, ENV
        fields  FRAME, CLOSURE, OFFSET, CHUNK, START, NEXT # where to go on: closure and, a fixnum, offset in its code;
                                        # its stack, and the offset of the first word in it, a fixnum
        fields  VAR, NAME, OWNER, SLOT, FLAGS # the lambda; place in the frame, counted from the first argument
SELF        = -1                # the slot of the name of a named let, which is the closure that runs
BOXED       = 1                 # flag: in a box: set!, or captured before it is initialised
LATER       = 4                 # flag: not yet initialised, while the body is expanded
        fields  LAMBDA, VARS, ARGS, FREE, PARENT, NAME, BODY, COUNT # ARGS as CODE_ARGS; FREE: variables that its
                                        # closure captures; COUNT: of variables
        fields  NODE, MAKE, LINE, A, B, C # MAKE: what generates it
        fields  TABLE, BUCKETS, COUNT, EQUAL, STAMP, MOVES # vector, its length a power of two; fixnum; TRUE: by equal?,
                                        # else eqv?; fixnum, collections when it was built; TRUE: keys are hashed by
                                        # address
        fields  PORT, FD, BUFFER, NEXT, END, FLAGS, LINE, NAME # FD -1: a string port; NEXT, END: indices in the buffer
PORT_LIMIT  = 0x08000000        # bytes in a buffer: numbers of a port must be below the heap
INPUT       = 1
OUTPUT      = 2
BINARY      = 4
CLOSED      = 8

SYS_EXIT    = 1
SYS_FORK    = 2
SYS_READ    = 3
SYS_WRITE   = 4
SYS_EXECVE  = 11
SYS_BRK     = 45
STRESS      = 0                 # 1: every allocation collects
READ_DELIMITERS = 5             # kinds of bytes below this end a token
READ_OTHER  = 10                # the kind of a byte of no other kind
