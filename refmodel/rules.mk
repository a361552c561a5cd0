# The reference model, and the hex0 compiler that everything else uses too.
HOST_SRC += $(sort $(wildcard refmodel/*.c))

TEST_TOOLS += strace:strace

include verify/cpu/cpu.mk verify/ports/ports.mk
