/* The ladder's folders are flat: what is here stands in sys_stat.h. */
#include <sys_stat.h>
