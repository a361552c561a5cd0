/* The ladder's folders are flat: what is here stands in sys_time.h. */
#include <sys_time.h>
