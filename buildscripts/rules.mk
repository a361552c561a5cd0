# Pipelines and the chain.
TEST_TOOLS += hex2:mescc-tools nasm:nasm cpio:cpio guile:guile-3.0 tinyscheme:tinyscheme
MORE_TOOLS += csi:chicken-bin

# The seed of the chain: hex0 from its text.
$(BUILD)/boot0/hex0-seed: buildscripts/boot0/hex0.hex0 $(BUILD)/seedbed
	@mkdir -p $(@D)
	$(call say,HEX0,$@)
	$(Q)$(BUILD)/seedbed hex0 --strict $< $@ && chmod +x $@

$(BUILD)/pipeline-native: buildscripts/native.c
	$(call say,LINK,$@)
	$(Q)$(CC) $(STRICT) $(CPPFLAGS) $(CFLAGS) -o $@ $<

.PHONY: pipelines
# Or on some: make pipelines DRIVERS="native qemu".
pipelines: $(BUILD)/seedbed $(BUILD)/pipeline-native $(BUILD)/boot0/hex0-seed test-deps ## run every pipeline on every driver and compare
	$(Q)sh buildscripts/run-pipelines.sh $(DRIVERS)

# What the tests of pipelines run.
test: $(BUILD)/pipeline-native $(BUILD)/boot0/hex0-seed

include buildscripts/boot2/rules.mk
include buildscripts/boot3/rules.mk

.PHONY: fixpoint
fixpoint: pipelines ## the ladder builds itself again, from what its own run has made, on every driver
	$(Q)sh buildscripts/fixpoint.sh $(DRIVERS)
