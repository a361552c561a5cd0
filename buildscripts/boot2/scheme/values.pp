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

LENGTH      = 4              # of strings and bytevectors
DATA        = 8
VALUE       = 4              # of a box

CODE_ARGS   = 4              # arguments, or -1 - those required before a rest list
CODE_INFO   = 8              # vector: name, file, ((offset . line) ...)
CODE_START  = 12

SYMBOL_VALUE = 4
SYMBOL_NAME = 8
SYMBOL_SYNTAX = 12           # FALSE, a fixnum (special form) or a macro
SYMBOL_HASH = 16           # fixnum

PRIM_ENTRY  = 4
PRIM_MIN    = 8
PRIM_MAX    = 12             # 255: no limit
PRIM_NAME   = 16
PRIM_DATA   = 20             # of record accessors and continuations

ALIAS_ID    = 4
ALIAS_ENV   = 8

MACRO_EXPANDER = 4
MACRO_ENV   = 8

FRAME_CLOSURE = 4            # where to go on
FRAME_OFFSET = 8            # fixnum, within its code
FRAME_CHUNK = 12           # its stack
FRAME_START = 16           # fixnum, offset of the first word in the chunk
FRAME_NEXT  = 20

VAR_NAME    = 4
VAR_OWNER   = 8                 # lambda
VAR_SLOT    = 12                # place in the frame, counted from the first argument
VAR_FLAGS   = 16
SELF        = -1                # the slot of the name of a named let, which is the closure that runs
BOXED       = 1                 # in a box: set!, or captured before it is initialised
LATER       = 4                 # not yet initialised, while the body is expanded

LAMBDA_VARS   = 4
LAMBDA_ARGS   = 8               # as CODE_ARGS
LAMBDA_FREE   = 12              # variables that its closure captures
LAMBDA_PARENT = 16
LAMBDA_NAME   = 20
LAMBDA_BODY   = 24
LAMBDA_COUNT  = 28              # of variables

NODE_MAKE   = 4                 # what generates it
NODE_LINE   = 8
NODE_A      = 12
NODE_B      = 16
NODE_C      = 20

PORT_FD     = 4                 # -1: a string port
PORT_BUFFER = 8                 # a bytevector or string
PORT_NEXT   = 12                # index in it
PORT_END    = 16
PORT_FLAGS  = 20
PORT_LINE   = 24
PORT_NAME   = 28
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

%enum 1                         # special forms: as the tables have them
        SPECIAL_QUOTE
        SPECIAL_IF
        SPECIAL_SET
        SPECIAL_BEGIN
        SPECIAL_LAMBDA
        SPECIAL_DEFINE
        SPECIAL_LET
        SPECIAL_AND
        SPECIAL_OR
        SPECIAL_DEFINE_SYNTAX
        SPECIAL_LET_SYNTAX
        SPECIAL_LETREC_SYNTAX
%end
