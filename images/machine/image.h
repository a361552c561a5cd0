/* Disk images (CONTRACT.md section 1): what stands before the script, and how large they are. */
#ifndef IMAGES_MACHINE_IMAGE_H
#define IMAGES_MACHINE_IMAGE_H

#include "images/lib/outfile.h"
#include "images/lib/util.h"

enum { SECTOR = 512, KERNEL_MAX = 3584 };

/*
 * Appends to *head what a full image has before its script (boot.hex0 and kernel.hex0, compiled),
 * or a staged one (stage1.hex0, compiled, and the text of kernel.hex0 with at least one NUL).
 * Whole sectors.
 */
int image_head(bool staged, struct buffer *head, struct problem *p);

/* The same from bytes at hand. `boot` is one sector. */
int image_head_full(const struct buffer *boot, const struct buffer *kernel, struct buffer *head,
                    struct problem *p);
int image_head_staged(const struct buffer *stage1, const struct buffer *text, struct buffer *head,
                      struct problem *p);

/*
 * Gives the image its size once the script is in it: `size` bytes, rounded up to whole sectors,
 * or 0 for the usual size: 1 GiB, or more where the script takes more. `end` is where the script
 * ends; at least one NUL follows it. The zeros are a hole in the file. Devices keep their size.
 * Less than 504 KiB is an error: a BIOS may not boot it.
 */
int image_set_size(int fd, const char *name, uint64_t end, uint64_t size, struct problem *p);

/*
 * Where the script starts in an image: after our own full image, or after the kernel's text in
 * a staged one. 0 where it is neither.
 */
uint64_t image_find_script(const char *path);

/* Copies the first n bytes of the image to a file that was opened as `name`, and ends that: it is
   whole then, or was never there. */
int image_extract(int image, uint64_t n, struct outfile *to, const char *name, struct problem *p);

/* The same for a whole image, without its holes. */
int image_copy(int image, struct outfile *to, const char *name, struct problem *p);

/* What the file at `path` is if it is no disk image, as words for a message; null: it may be one.
 */
const char *image_wrong(const char *path);

#endif
