# The reference model, and the hex0 compiler that everything else uses too.
REFMODEL_SRC := $(sort $(wildcard refmodel/*.c refmodel/*/*.c))
REFMODEL_H := $(wildcard refmodel/*.h refmodel/*/*.h)
HOST_SRC += $(REFMODEL_SRC)

TEST_TOOLS += strace:strace
