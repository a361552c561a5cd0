# The host tools, the rebuild, and what is handed out.
HOST_SRC += $(sort $(wildcard images/*.c images/*/*.c))
TOOLS += sha256sum:coreutils

SEEDS := $(addprefix $(BUILD)/seeds/,mini.bin stage1.bin seedbed.bin)
$(BUILD)/seeds/mini.bin: hex0/mini.hex0
$(BUILD)/seeds/stage1.bin: stage1/stage1.hex0
$(BUILD)/seeds/seedbed.bin: hex0/boot.hex0 hex0/kernel.hex0

# No compiler of ours has a hand in the seeds.
$(SEEDS): | deps
	@mkdir -p $(@D)
	$(call say,PRINTF,$@)
	$(Q)env printf "$$(sed 's/[#;].*//; s/[^0-9A-Fa-f]//g; s/../\\x&/g' $^ | tr -d '\n')" > $@

rebuild: $(BUILD)/seedbed $(SEEDS) deps
	$(Q)$(BUILD)/seedbed make $(BUILD)/seeds $(BUILD)

# Drop-in files for live-bootstrap, from the seeds; `make dist` rebuilds them, too, which
# must have led to the same binaries.
DIST := $(BUILD)/dist
$(DIST)/SHA256SUMS: $(SEEDS) images/dist.sh docs/LIVE-BOOTSTRAP.md
	$(call say,DIST,$(DIST))
	$(Q)sh images/dist.sh $(DIST) $(BUILD)/seeds hex0/kernel.hex0

dist: rebuild $(DIST)/SHA256SUMS
	$(Q)cmp $(BUILD)/stage1.bin $(DIST)/builder-hex0-x86-stage1.img
	$(Q)cmp $(BUILD)/mini.bin $(DIST)/builder-hex0-x86-mini.img
	$(Q)cmp $(BUILD)/seedbed.bin $(DIST)/builder-hex0-x86-full.img
	$(Q)cat $(DIST)/SHA256SUMS

test: $(DIST)/SHA256SUMS
