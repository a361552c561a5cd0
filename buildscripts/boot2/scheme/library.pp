# The part of the library that is written in Scheme, as it is in prelude.scm.
section rodata
library:	bytes prelude.scm
.end:
