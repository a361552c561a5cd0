# pp and link in C, which the ladder's own are compared with: build/pp-host and build/link-host.
PP_HOST_SRC := $(sort $(wildcard verify/ladder/pp*.c))
LINK_HOST_SRC := $(sort $(wildcard verify/ladder/link*.c))

$(BUILD)/pp-host: $(call obj,$(PP_HOST_SRC))
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

$(BUILD)/link-host: $(call obj,$(LINK_HOST_SRC))
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

test: $(BUILD)/pp-host $(BUILD)/link-host
