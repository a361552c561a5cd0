# check-hex and the test program.
TEST_TOOLS += gdb:gdb qemu-system-i386:qemu-system-x86 nasm:nasm xxd:xxd hex2:mescc-tools

# For a phony target: makes a program of the tests if all tools of a list are here, which is looked
# up after `test-deps`; otherwise the tests of that program are skipped.
optional = $(if $(call missing,$(2)),@printf '  %-8s %s\n' SKIP '$(1): no $(call missing,$(2))',\
	$(Q)$(MAKE) --no-print-directory $(1))

HEX0_SOURCES = $(wildcard hex0/boot.hex0 hex0/kernel.hex0 hex0/mini.hex0 stage1/stage1.hex0 images/machine/*.hex0 buildscripts/boot0/*.hex0)

# The bytes and label addresses of every hex0 source are what its asm column assembles to.
check-hex: $(BUILD)/seedbed
	$(call say,CHECK,$(HEX0_SOURCES))
	$(Q)$(if $(HEX0_SOURCES),$(BUILD)/seedbed hexfmt --check $(HEX0_SOURCES))

VERIFY_SRC = $(sort $(wildcard verify/harness/*.c verify/tests/*/*.c)) $(filter-out %/main.c,$(wildcard verify/facts/*.c)) $(filter-out %/fuzz.c %/host.c,$(sort $(wildcard verify/fuzz/*.c)))

# The frame alone, with tests that end in every way, for its own test.
SAMPLE_SRC := $(wildcard verify/harness/*.c verify/harness/sample/*.c)

$(BUILD)/verify-sample: $(call obj,$(SAMPLE_SRC)) $(LIB_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

$(BUILD)/verify: $(call obj,$(VERIFY_SRC)) $(LIB_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

# One test or a few: make test FILTER=word; the times of the slowest: SLOWEST=n; JOBS=n at a time.
test: $(BUILD)/seedbed $(BUILD)/verify $(BUILD)/verify-sample $(SEEDS) test-deps
	$(Q)$(BUILD)/verify $(if $(FILTER),--filter $(FILTER)) $(if $(SLOWEST),--slowest $(SLOWEST)) $(if $(JOBS),--jobs $(JOBS))

# guest/ first: what it defines is used by others.
include verify/guest/rules.mk $(sort $(filter-out verify/guest/%,$(wildcard verify/*/rules.mk)))
