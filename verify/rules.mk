# check-hex, and what the folders add.
HEX0_SOURCES = $(wildcard hex0/boot.hex0 hex0/kernel.hex0 hex0/mini.hex0 stage1/stage1.hex0 images/machine/*.hex0 buildscripts/boot0/*.hex0)

# The bytes and label addresses of every hex0 source are what its asm column assembles to.
check-hex: $(BUILD)/seedbed
	$(call say,CHECK,$(HEX0_SOURCES))
	$(Q)$(if $(HEX0_SOURCES),$(BUILD)/seedbed hexfmt --check $(HEX0_SOURCES))

# harness/ and guest/ first: what they define is used by others.
VERIFY_FIRST := verify/harness/rules.mk verify/guest/rules.mk
include $(VERIFY_FIRST) $(sort $(filter-out $(VERIFY_FIRST),$(wildcard verify/*/rules.mk)))

.PHONY: maps-long
maps-long: $(BUILD)/seedbed $(BUILD)/verify ## 1,000 memory maps made at random
	$(Q)SEEDBED_MAPS=1000 $(BUILD)/verify --filter e820-maps --jobs 1
