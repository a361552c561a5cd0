# make mutants: does anybody notice when an instruction of the kernel is broken?
MUTANTS_SRC := $(sort $(wildcard verify/mutants/*.c))

$(BUILD)/mutants: $(call obj,$(MUTANTS_SRC)) $(LIB_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -lcapstone

.PHONY: mutants
mutants: $(BUILD)/mutants guest ## break each instruction of the kernel in turn, on the PC, and name what nobody notices
	$(Q)$(BUILD)/mutants --jobs $(or $(JOBS),$(shell nproc)) --reasons verify/mutants/reasons
