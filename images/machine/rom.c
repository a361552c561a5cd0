/* The option ROM that makes port 0xE9 the console of an emulated PC. */
#include "images/machine/rom.h"

#include <unistd.h>

#include "images/lib/home.h"

enum { ROM_SIZE = 512 };

static const char source[] = "images/machine/console.hex0";

/* All bytes of a ROM add up to 0; the last one sees to it. */
static int make(struct buffer *rom, struct problem *p) {
    uint8_t sum = 0;
    if (home_compile(source, rom, p) < 0)
        return -1;
    if (rom->len >= ROM_SIZE)
        return problem_set(p, "%s: too large for a ROM", source);
    while (rom->len < ROM_SIZE)
        buffer_append(rom, "", 1);
    for (size_t i = 0; i < ROM_SIZE; i++)
        sum = (uint8_t)(sum + rom->data[i]);
    rom->data[ROM_SIZE - 1] = (uint8_t)(0 - sum);
    return 0;
}

int rom_file(struct problem *p) {
    struct buffer rom = {0};
    int fd = make(&rom, p) == 0 ? temp_file(p) : -1;
    if (fd >= 0 && write_all(fd, rom.data, rom.len, "console ROM", p) < 0) {
        close(fd);
        fd = -1;
    }
    buffer_free(&rom);
    return fd;
}
