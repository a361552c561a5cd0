/* Bochs as a machine, see bochs.h. */
#include "images/machine/bochs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/machine/image.h"
#include "images/machine/spoken.h"

enum { ROM_SIZE = 512, CYLINDER = 16 * 63 * SECTOR };

void bochs_pad(struct buffer *image) {
    size_t more = CYLINDER - image->len % CYLINDER;
    more += more < SECTOR ? CYLINDER : 0;
    memset(buffer_room(image, more), 0, more);
    image->len += more;
}

int bochs_write_rom(const char *path, struct problem *p) {
    struct buffer rom = {0};
    uint8_t sum = 0;
    int status = home_compile("images/machine/console.hex0", &rom, p);
    if (status == 0 && rom.len >= ROM_SIZE) {
        status = problem_set(p, "images/machine/console.hex0: too large for a ROM");
    }
    if (status == 0) {
        memset(buffer_room(&rom, ROM_SIZE), 0, ROM_SIZE - rom.len);
        for (size_t i = 0; i < rom.len; i++) {
            sum = (uint8_t)(sum + rom.data[i]);
        }
        rom.data[ROM_SIZE - 1] = (uint8_t)(0 - sum);
        status = write_file(path, rom.data, ROM_SIZE, p);
    }
    buffer_free(&rom);
    return status;
}

/* Debian's Bochs stops in its debugger first, and shows its screen to whoever asks for it. */
static int write_config(const char *folder, const char *config, const char *commands,
                        const struct run_request *request, struct problem *p) {
    struct buffer text = {0};
    buffer_printf(&text, "megs: %u\n", (unsigned)(request->mem_mib > 0 ? request->mem_mib : 1024));
    buffer_printf(&text, "romimage: file=/usr/share/bochs/BIOS-bochs-latest\n");
    buffer_printf(&text, "optromimage1: file=\"%s/rom\", address=0xd0000\n", folder);
    buffer_printf(&text, "ata0-master: type=disk, path=\"%s\", mode=flat\n", request->image);
    buffer_printf(&text, "boot: disk\nlog: \"%s/bochs.log\"\n", folder);
    buffer_printf(&text, "display_library: rfb, options=\"timeout=0\"\n");
    buffer_printf(&text, "port_e9_hack: enabled=1\npanic: action=fatal\nerror: action=ignore\n");
    buffer_printf(&text, "plugin_ctrl: speaker=0\n"); /* it dies where there is no sound */
    buffer_printf(&text, "info: action=ignore\ndebug: action=ignore\n");
    int status = write_file(config, text.data, text.len, p);
    buffer_free(&text);
    return status == 0 ? write_file(commands, "c\nq\n", 4, p) : status;
}

/* Bochs, killed, leaves the lock of its disk behind, and would not open that disk again. */
static void remove_lock(const char *image) {
    char *lock = xprintf("%s.lock", image);
    unlink(lock);
    free(lock);
}

int bochs_boot(const char *folder, const struct run_request *request, struct run_result *result,
               struct problem *p) {
    char *config = xprintf("%s/bochsrc", folder);
    char *commands = xprintf("%s/commands", folder);
    char *rom = xprintf("%s/rom", folder);
    char *argv[] = {"bochs", "-q", "-f", config, "-rc", commands, NULL};
    int status = bochs_write_rom(rom, p);
    if (status == 0) {
        status = write_config(folder, config, commands, request, p);
    }
    if (status == 0) {
        status = spoken_run(argv, request, result, p);
        remove_lock(request->image);
    }
    free(rom);
    free(commands);
    free(config);
    return status;
}
