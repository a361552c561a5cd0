/* The ladder's folders are flat: what is here stands in sys_types.h. */
#include <sys_types.h>
