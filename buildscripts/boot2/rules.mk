# The Scheme interpreter of boot2, built by the host's pp and link: for tests and for use on this machine.
# build/scheme-stress is the same with the collector at every allocation.
SCHEME := buildscripts/boot2/scheme
SCHEME_SRC := buildscripts/boot1/i386.pp $(patsubst %,$(SCHEME)/%.pp,macros values memory vm numbers \
	data ports reader expand generate errors start tables)

$(BUILD)/boot2/pack: buildscripts/boot1/i386.pp buildscripts/boot2/pack.pp $(BUILD)/pp-host $(BUILD)/link-host
	@mkdir -p $(@D)
	$(Q)$(BUILD)/pp-host $@.link buildscripts/boot1/i386.pp buildscripts/boot2/pack.pp
	$(Q)$(BUILD)/link-host $@ $@.link && chmod +x $@

$(BUILD)/boot2/library.link: $(SCHEME)/prelude.scm $(BUILD)/boot2/pack
	$(Q)$(BUILD)/boot2/pack $@ library $<

$(BUILD)/scheme: $(SCHEME_SRC) $(BUILD)/boot2/library.link $(BUILD)/pp-host $(BUILD)/link-host
	$(call say,LINK,$@)
	$(Q)$(BUILD)/pp-host $(BUILD)/boot2/scheme.link $(SCHEME_SRC)
	$(Q)$(BUILD)/link-host --map $@.map $@ $(BUILD)/boot2/scheme.link $(BUILD)/boot2/library.link
	$(Q)chmod +x $@

$(BUILD)/boot2/stress.pp: $(SCHEME)/values.pp
	@mkdir -p $(@D)
	$(Q)sed 's/^STRESS *= 0/STRESS = 1/' $< > $@

$(BUILD)/scheme-stress: $(BUILD)/boot2/stress.pp $(BUILD)/scheme
	$(call say,LINK,$@)
	$(Q)$(BUILD)/pp-host $(BUILD)/boot2/stress.link $(patsubst %/values.pp,$<,$(SCHEME_SRC))
	$(Q)$(BUILD)/link-host $@ $(BUILD)/boot2/stress.link $(BUILD)/boot2/library.link
	$(Q)chmod +x $@

test: $(BUILD)/scheme $(BUILD)/scheme-stress
