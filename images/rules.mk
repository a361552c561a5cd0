# The host tools, the rebuild, and what is handed out.
HOST_SRC += $(sort $(wildcard images/*.c images/*/*.c))
# What the program carries inside; written anew only where it is another.
TEXTS := hex0/boot.hex0 hex0/kernel.hex0 hex0/mini.hex0 stage1/stage1.hex0 \
	images/machine/console.hex0 images/machine/probe.hex0
HOST_SRC += $(BUILD)/texts.c
$(BUILD)/texts.c: always
	@mkdir -p $(@D)
	$(Q)sh images/install/texts.sh $@ $(TEXTS)
.PHONY: always install uninstall
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

# make install PREFIX=/usr/local DESTDIR=: the program, its pages and completions, and the model as a
# library. make uninstall removes the same files.
PREFIX ?= /usr/local
DESTDIR ?=
MODEL_OBJ = $(call obj,$(sort $(wildcard refmodel/*.c refmodel/*/*.c)))
MODEL_VERSION = $(shell git describe --tags --always 2>/dev/null || sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)

$(BUILD)/libseedbed.a: $(MODEL_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/seedbed.pc: images/install/seedbed.pc.in always
	$(Q)sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(MODEL_VERSION)|' $< > $@

# Source and place of each file, and its mode.
INSTALLED = \
	$(BUILD)/seedbed:bin/seedbed:755 \
	$(BUILD)/libseedbed.a:lib/libseedbed.a:644 \
	$(BUILD)/seedbed.pc:lib/pkgconfig/seedbed.pc:644 \
	refmodel/seedbed.h:include/seedbed.h:644 \
	images/install/seedbed.1:share/man/man1/seedbed.1:644 \
	images/install/seedbed-build.5:share/man/man5/seedbed-build.5:644 \
	images/install/seedbed.bash:share/bash-completion/completions/seedbed:644 \
	images/install/_seedbed:share/zsh/site-functions/_seedbed:644 \
	README.md:share/doc/seedbed/README.md:644 \
	CONTRACT.md:share/doc/seedbed/CONTRACT.md:644 \
	docs/HARDWARE.md:share/doc/seedbed/HARDWARE.md:644 \
	docs/LIVE-BOOTSTRAP.md:share/doc/seedbed/LIVE-BOOTSTRAP.md:644
part = $(word $(2),$(subst :, ,$(1)))

install: $(BUILD)/seedbed $(BUILD)/libseedbed.a $(BUILD)/seedbed.pc ## put it below PREFIX (/usr/local); DESTDIR goes before that
	$(call say,INSTALL,$(DESTDIR)$(PREFIX))
	$(Q)$(foreach f,$(INSTALLED),install -D -m $(call part,$(f),3) $(call part,$(f),1) \
		'$(DESTDIR)$(PREFIX)/$(call part,$(f),2)' &&) true

uninstall: ## remove what `make install` has put there
	$(call say,REMOVE,$(DESTDIR)$(PREFIX))
	$(Q)$(foreach f,$(INSTALLED),rm -f '$(DESTDIR)$(PREFIX)/$(call part,$(f),2)' &&) true
	$(Q)rmdir '$(DESTDIR)$(PREFIX)/share/doc/seedbed' 2>/dev/null || true
