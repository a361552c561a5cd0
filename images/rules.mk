# The host tools, the rebuild chain, and what is handed out.
HOST_SRC += $(sort $(wildcard images/*.c images/*/*.c))
TOOLS += qemu-system-i386:qemu-system-x86 xxd:xxd sha256sum:coreutils

SEEDS := $(addprefix $(BUILD)/seeds/,mini.bin stage1.bin seedbed.bin)
$(BUILD)/seeds/mini.bin: hex0/mini.hex0
$(BUILD)/seeds/stage1.bin: stage1/stage1.hex0
$(BUILD)/seeds/seedbed.bin: hex0/boot.hex0 hex0/kernel.hex0

# No compiler of ours has a hand in the seeds.
$(SEEDS): | deps
	@mkdir -p $(@D)
	$(call say,XXD,$@)
	$(Q)cat $^ | cut -d'#' -f1 | cut -d';' -f1 | xxd -r -p > $@

chain: $(BUILD)/seedbed $(SEEDS) deps
	$(Q)$(BUILD)/seedbed make $(BUILD)/seeds $(BUILD)

# The names under which live-bootstrap's builder-hex0 folder expects such files.
DIST := $(BUILD)/dist
dist: chain
	$(call say,DIST,$(DIST))
	$(Q)rm -rf $(DIST) && mkdir -p $(DIST)
	$(Q)cp stage1/stage1.hex0 $(DIST)/builder-hex0-x86-stage1.hex0
	$(Q)cp $(BUILD)/stage1.bin $(DIST)/builder-hex0-x86-stage1.img
	$(Q)cp hex0/kernel.hex0 $(DIST)/builder-hex0-x86-stage2.hex0
	$(Q)cp hex0/mini.hex0 $(DIST)/builder-hex0-x86-mini.hex0
	$(Q)cp $(BUILD)/mini.bin $(DIST)/builder-hex0-x86-mini.img
	$(Q)cat hex0/boot.hex0 hex0/kernel.hex0 > $(DIST)/builder-hex0-x86-full.hex0
	$(Q)cp $(BUILD)/seedbed.bin $(DIST)/builder-hex0-x86-full.img
	$(Q)cd $(DIST) && sha256sum * > SHA256SUMS && cat SHA256SUMS
