/* The ladder's folders are flat: what is here stands in sys_wait.h. */
#include <sys_wait.h>
