/* Whether KVM can run the kernel: tried once with a small image of our own. */
#ifndef IMAGES_PROBE_H
#define IMAGES_PROBE_H

#include <stdbool.h>

/*
 * Boots images/machine/probe.hex0 under KVM, at most two seconds. *why becomes a new string that says
 * why KVM works or not. The answer is kept in build/kvm-probe and taken from there as long as
 * /dev/kvm, QEMU and the running system stay the same.
 */
bool probe_kvm(char **why);

#endif
