/*
 * The subcommands of build/seedbed. Each takes its own name as argv[0] and returns the exit
 * status: 0, 1 after an error (one line on stderr), 2 after wrong usage, 3 where a machine or the
 * host failed.
 */
#ifndef IMAGES_COMMANDS_H
#define IMAGES_COMMANDS_H

int cmd_build(int argc, char **argv);
int cmd_hex0(int argc, char **argv);
int cmd_image(int argc, char **argv);
int cmd_make(int argc, char **argv);
int cmd_pack(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_hexfmt(int argc, char **argv);
int cmd_symbols(int argc, char **argv);
int cmd_model(int argc, char **argv);
int cmd_write(int argc, char **argv);
int cmd_read(int argc, char **argv);

#endif
