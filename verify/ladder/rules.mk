# pp and link in C, which the ladder's own are compared with: build/pp-host and build/link-host.
# build/pp-forms writes an instruction of every form for the comparison with NASM.
PP_HOST_SRC := $(sort $(wildcard verify/ladder/pp*.c)) verify/ladder/slice.c
LINK_HOST_SRC := $(sort $(wildcard verify/ladder/link*.c)) verify/ladder/slice.c

$(BUILD)/pp-host: $(call obj,$(PP_HOST_SRC))
$(BUILD)/link-host: $(call obj,$(LINK_HOST_SRC))
$(BUILD)/pp-forms: $(call obj,$(filter-out %/pp_main.c,$(PP_HOST_SRC)) verify/ladder/forms.c)

$(BUILD)/pp-host $(BUILD)/link-host $(BUILD)/pp-forms:
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

test: $(BUILD)/pp-host $(BUILD)/link-host $(BUILD)/pp-forms
