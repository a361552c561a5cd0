/* How tcc is configured on the ladder: static programs for i386, no -run (it needs mmap), files
 * under /lib and /include. */
#define TCC_VERSION "0.9.27"
#define CONFIG_TCC_STATIC 1
#define CONFIG_TCCDIR "/lib/tcc"
#define CONFIG_TCC_CRTPREFIX "/lib"
#define CONFIG_TCC_LIBPATHS "/lib"
#define CONFIG_TCC_SYSINCLUDEPATHS "/include"
