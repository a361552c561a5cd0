/* Whether KVM can run the kernel: tried once with a small image of our own. */
#ifndef IMAGES_MACHINE_PROBE_H
#define IMAGES_MACHINE_PROBE_H

#include "images/machine/engine.h"

/*
 * Boots images/machine/probe.hex0 with `kvm`, at most two seconds. *why becomes a new string that
 * says why KVM works or not. The answer is kept in build/kvm-probe and taken from there as long as
 * /dev/kvm, QEMU and the running system stay the same.
 */
bool probe_kvm(const struct engine *kvm, char **why);

#endif
