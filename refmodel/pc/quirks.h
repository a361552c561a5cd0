/* What real firmware does to those who count on more than its interfaces promise. */
#ifndef REFMODEL_PC_QUIRKS_H
#define REFMODEL_PC_QUIRKS_H

#include <stdbool.h>
#include <stddef.h>

/* name, what N is where it is left out (0: takes none), what it is. In alphabetical order. */
#define QUIRK_LIST(Q)                                                                              \
    Q(A20_CLOSED, "a20-closed", 0, "the A20 gate is closed at the start; 2401h opens it")          \
    Q(A20_CLOSES, "a20-closes", 0, "every disk and screen service leaves the A20 gate closed")     \
    Q(A20_KEYBOARD, "a20-keyboard", 0, "2401h is not there; ports 92h and 64h open the gate")      \
    Q(A20_STUCK, "a20-stuck", 0, "closed, and nothing opens it")                                   \
    Q(A20_UNSUPPORTED, "a20-unsupported", 0, "2400h to 2403h are not there; the gate is open")     \
    Q(BPB, "bpb", 0, "bytes 3 to 61 of the boot sector are overwritten in memory")                 \
    Q(COUNT_KEPT, "count-kept", 0, "a transfer that fails leaves its count as it was")             \
    Q(COUNT_MORE, "count-more", 1, "a transfer reports N sectors more than asked")                 \
    Q(COUNT_NONE, "count-none", 1, "N transfers by LBA do nothing and report 0, then one works")   \
    Q(COUNT_SHORT, "count-short", 1, "transfers of more than N sectors do N and report them")      \
    Q(DIRECTION, "direction", 0, "every service leaves DF set")                                    \
    Q(DMA, "dma", 0, "transfers across a 64 KiB boundary fail")                                    \
    Q(DRIVE, "drive", 0x81, "the disk is drive N")                                                 \
    Q(DRIVE_WRONG, "drive-wrong", 0x00, "DL is 0 at the start though the disk is 80h")             \
    Q(E820_24, "e820-24", 0, "entries have 24 bytes, and ECX says so")                             \
    Q(E820_CARRY, "e820-carry", 0, "carry is set with the last entry")                             \
    Q(E820_FAIL, "e820-fail", 0, "E820h is not there")                                             \
    Q(E820_HOLE, "e820-hole", 0, "RAM ends at 9D1F000h, a hole, and goes on behind it")            \
    Q(E820_MANY, "e820-many", 100, "N entries more, reserved ones of a page")                      \
    Q(E820_OVERLAP, "e820-overlap", 0, "a reserved entry lies in the middle of a usable one")      \
    Q(E820_TYPE, "e820-type", 0, "an entry in the middle of RAM has type 101h")                    \
    Q(E820_UNSIGNED, "e820-unsigned", 0, "entries come, but EAX stays as it was")                  \
    Q(E820_UNSORTED, "e820-unsorted", 0, "the last entry comes first")                             \
    Q(EDD_BX, "edd-bx", 0, "41h leaves BX as it was, and 42h to 48h say yes and do nothing")       \
    Q(EDD_NONE, "edd-none", 0, "41h to 48h are not there")                                         \
    Q(ERRORS, "errors", 2, "every transfer fails N times before it succeeds")                      \
    Q(ERRORS_FROM, "errors-from", 1, "sectors from LBA N on can never be read or written")         \
    Q(ERRORS_LARGE, "errors-large", 1, "transfers of more than N sectors fail")                    \
    Q(ERRORS_LATE, "errors-late", 15, "transfers beyond LBA 100 fail N times before they succeed") \
    Q(ERRORS_STAY, "errors-stay", 0,                                                               \
      "after an error all transfers fail until 00h resets the disk")                               \
    Q(ESP_DIRTY, "esp-dirty", 0, "every service leaves the upper half of ESP dirty")               \
    Q(GDT, "gdt", 0, "services need the GDTR of the firmware, or the machine resets")              \
    Q(GEOMETRY, "geometry", 1, "a disk of one head, with N sectors a track")                       \
    Q(GREY, "grey", 0, "10h shows characters of page 0 and colour 7 alone")                        \
    Q(INTERRUPTS_LEFT, "interrupts-left-off", 0, "every service leaves IF clear")                  \
    Q(INTERRUPTS_OFF, "interrupts-off", 0, "IF is clear at the start")                             \
    Q(MASK, "mask", 0, "services need the interrupt mask of the firmware, or the machine resets")  \
    Q(PACKET, "packet", 0, "the disk address packet is changed by every transfer")                 \
    Q(PACKET_16, "packet-16", 0,                                                                   \
      "a packet not at a multiple of 16, or not of 16 bytes, is refused")                          \
    Q(PARAMETERS_NONE, "parameters-none", 0, "08h is not there")                                   \
    Q(PARAMETERS_ZERO, "parameters-zero", 0, "08h says that a track has no sectors")               \
    Q(PIC, "pic", 1000, "N timer interrupts a second")                                             \
    Q(RAM_DIRTY, "ram-dirty", 0, "memory is not zeros at the start")                               \
    Q(RELOADS, "reloads", 0, "every service pushes and pops DS and ES")                            \
    Q(SECTOR_4096, "sector-4096", 0, "48h says that sectors have 4096 bytes, and they have")       \
    Q(SEGMENTS, "segments", 0, "every service changes DS, ES, FS and GS")                          \
    Q(STACK, "stack", 2300, "every service writes to N bytes of the stack")                        \
    Q(STACK_16, "stack-16", 0, "services need SS as real mode has it, or the machine resets")      \
    Q(START_07C0, "start-07c0", 0, "the boot sector is started at 07C0:0000")                      \
    Q(TRASH, "trash", 0, "every service changes the general registers it may change")              \
    Q(UPPER, "upper", 0, "upper halves of registers are dirty, that of ESP at the start too")      \
    Q(WAITS, "waits", 0,                                                                           \
      "disk services and the start of the memory map wait for a tick, for ever with IF = 0")

#define QUIRK_NAME(name, text, number, what) QUIRK_##name,
enum quirk { QUIRK_LIST(QUIRK_NAME) QUIRKS };

struct pc;

/* Reads a list of NAME or NAME=N, comma-separated. False: `bad` gets the one that is none. */
bool quirks_read(struct pc *pc, const char *list, char *bad, size_t n);

#endif
