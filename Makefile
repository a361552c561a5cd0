# Seedbed: a bare PC that rebuilds its own kernel from hex text.
# `make` builds the host program and runs the rebuild chain; `make help` lists the targets.

BUILD := build
CFLAGS ?= -O2 -g
STRICT := -std=c11 -Wall -Wextra -Werror
POSIX := -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L
# Commands whose files are not there yet are left out of the table.
POSIX += $(if $(wildcard verify/hexfmt.c),-DHAVE_HEXFMT) $(if $(wildcard refmodel/cmd_model.c),-DHAVE_MODEL)

# V=1 shows the commands instead of one short line a recipe.
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' $(1) $(2))

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all help host chain check-hex test bench dist clean deps test-deps format

all: chain

# Each folder adds its sources to HOST_SRC (the program build/seedbed), its targets, and the
# tools its targets run, as command:package, to TOOLS (`make`) or TEST_TOOLS (`make test`).
HOST_SRC :=
TOOLS :=
TEST_TOOLS :=
obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
# What other programs (the tests) link: everything in build/seedbed except its main().
LIB_OBJ = $(filter-out $(BUILD)/obj/images/main.o,$(call obj,$(HOST_SRC)))

include $(sort $(wildcard */rules.mk))

host: $(BUILD)/seedbed

$(BUILD)/seedbed: $(call obj,$(HOST_SRC))
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

# The model is plain C11 and libc; only the command that drives it may use POSIX.
$(BUILD)/obj/refmodel/%.o: DEFINES =
$(BUILD)/obj/refmodel/cmd_%.o: DEFINES = $(POSIX)
DEFINES = $(POSIX)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(STRICT) $(DEFINES) $(CPPFLAGS) $(CFLAGS) -I. -MMD -MP -c -o $@ $<

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

clean:
	$(call say,CLEAN,$(BUILD))
	$(Q)rm -rf $(BUILD)
