# Seedbed: a bare PC that rebuilds its own kernel from hex text.
# `make` builds the host program and has everything rebuild itself; `make help` lists the targets.

BUILD := build
CFLAGS ?= -O2 -g
STRICT := -std=c11 -Wall -Wextra -Werror
POSIX := -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L

# What a source includes is found out while it is compiled; tcc has fewer options for that.
DEPENDS := $(if $(findstring tcc,$(notdir $(CC))),-MD,-MMD -MP)

# V=1 shows the commands instead of one short line a recipe.
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' '$(strip $(1))' '$(strip $(2))')

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all help host rebuild check-hex test bench dist clean deps test-deps more-deps format

# The text after ## is what `make help` shows.
all: rebuild ## build the host program and have everything rebuild itself (what plain `make` does)
host: $(BUILD)/seedbed ## the host program, build/seedbed
check-hex: ## check every byte of the hex0 sources against their asm column
test: ## run all tests; FILTER=word runs those that have it in their name
bench: ## measure the kernel
dist: ## drop-in files for live-bootstrap, in build/dist

# Each folder adds its sources to HOST_SRC (the program build/seedbed), its targets, and the
# tools its targets run, as command:package or /file:package, to TOOLS (`make`), TEST_TOOLS
# (`make test`) or MORE_TOOLS (`make test ALL=1`: more witnesses).
HOST_SRC :=
TOOLS :=
TEST_TOOLS :=
MORE_TOOLS :=
obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
# What other programs (the tests) link: everything in build/seedbed except its main().
LIB_OBJ = $(filter-out $(BUILD)/obj/images/main.o,$(call obj,$(HOST_SRC)))

include $(sort $(wildcard */rules.mk))

# Links a program from the objects it needs; $(1): libraries.
link = $(call say,LINK,$@)$(newline)$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(1)

$(BUILD)/seedbed: $(call obj,$(HOST_SRC))
	$(call link)

# The model is plain C11 and libc.
DEFINES = $(POSIX)
$(BUILD)/obj/refmodel/%.o: DEFINES =

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(STRICT) $(DEFINES) $(CPPFLAGS) $(CFLAGS) -I. $(DEPENDS) -c -o $@ $<

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# Packages of the tools in the list that are not here. Looked up only where a recipe asks, and anew each time.
found = $(if $(filter /%,$(1)),$(shell ls $(1) 2>/dev/null),$(shell command -v $(1)))
missing = $(sort $(foreach tool,$(1),$(if $(call found,$(firstword $(subst :, ,$(tool)))),,\
	$(lastword $(subst :, ,$(tool))))))
install = $(if $(call missing,$(1)),$(call say,APT,$(call missing,$(1)))$(newline)$(Q)sh \
	images/install.sh $(BUILD)/apt.log $(call missing,$(1)),@:)
define newline


endef

deps: ## install the Debian packages that `make` needs
	$(call install,$(TOOLS))

test-deps: deps ## install those that `make test` needs; ALL=1: every witness there is
	$(call install,$(TOOLS) $(TEST_TOOLS) $(if $(ALL),$(MORE_TOOLS)),|| echo "seedbed: going on without them" >&2)

more-deps: deps
	$(call install,$(TOOLS) $(TEST_TOOLS) $(MORE_TOOLS),|| echo "seedbed: going on without them" >&2)

C_FILES = $(shell find refmodel images buildscripts verify -name "*.[ch]")
format: ## lay out all C files as .clang-format says
	$(call say,FORMAT,all C files)
	$(Q)clang-format -i $(C_FILES)

clean: ## remove build/
	$(call say,CLEAN,$(BUILD))
	$(Q)rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
	awk -F'|' '{ printf "%-20s%s\n", $$1, $$2 }'
