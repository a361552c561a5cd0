# The test program, and make test.
TEST_TOOLS += qemu-system-i386:qemu-system-x86 nasm:nasm xxd:xxd hex2:mescc-tools
MORE_TOOLS += gdb:gdb tmux:tmux zsh:zsh

# The frame, the tests, and what they link of the other folders.
VERIFY_SRC = $(sort $(wildcard verify/harness/*.c verify/warm/*.c verify/tests/*/*.c)) \
	$(filter-out %/main.c,$(wildcard verify/facts/*.c)) \
	$(filter-out %/fuzz.c %/host.c,$(sort $(wildcard verify/fuzz/*.c)))

$(BUILD)/verify: $(call obj,$(VERIFY_SRC)) $(LIB_OBJ)
	$(call link)

# The frame alone, with tests that end in every way, for its own test.
SAMPLE_SRC := $(wildcard verify/harness/*.c verify/harness/sample/*.c)

$(BUILD)/verify-sample: $(call obj,$(SAMPLE_SRC)) $(LIB_OBJ)
	$(call link)

# One test or a few: make test FILTER=word; what computes the longest: SLOWEST=n; JOBS=n at a time.
test: $(BUILD)/seedbed $(BUILD)/verify $(BUILD)/verify-sample $(SEEDS) test-deps
	$(Q)$(BUILD)/verify $(if $(FILTER),--filter $(FILTER)) $(if $(SLOWEST),--slowest $(SLOWEST)) $(if $(JOBS),--jobs $(JOBS))

# For a phony target: makes a program of the tests if all tools of a list are here, which is looked
# up after `test-deps`; otherwise the tests of that program are skipped.
optional = $(if $(call missing,$(2)),@printf '  %-8s %s\n' SKIP '$(1): no $(call missing,$(2))',\
	$(Q)$(MAKE) --no-print-directory $(1))
