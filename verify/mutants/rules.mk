# make mutants: does anybody notice when an instruction of the kernel is broken?
MUTANTS_SRC := $(sort $(wildcard verify/mutants/*.c))
MUTANTS_OBJ := $(filter-out $(call obj,verify/fuzz/fuzz.c),$(FUZZ_OBJ))

$(BUILD)/mutants: $(call obj,$(MUTANTS_SRC)) $(MUTANTS_OBJ) $(LIB_OBJ)
	$(call link,-lcapstone)

# All but the one that waits for two seconds.
MUTANTS_PROGRAMS := $(filter-out %/interrupts,$(patsubst verify/cases/programs/%.asm,$(BUILD)/mutants-programs/%,\
	$(wildcard verify/cases/programs/*.asm)))

$(BUILD)/mutants-programs/%: verify/cases/programs/%.asm verify/guest/elf.inc
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)nasm -f bin -I verify/guest/ -DPLACE=0x10000 -DFILL=600 -o $@ $<

$(BUILD)/mutants-%.o: verify/mutants/guest/%.c $(GUEST_HEADERS)
	$(guest_cc)

$(BUILD)/mutants-tables $(BUILD)/mutants-edges: %: %.o $(GUEST_RUNTIME)
	$(call guest_ld,$(GUEST_AT))

MUTANTS_NEED := $(BUILD)/mutants $(BUILD)/mutants-tables $(BUILD)/mutants-edges $(BUILD)/fuzz-calls $(BUILD)/fuzz-program $(MUTANTS_PROGRAMS)

# LABEL="a b": only what stands behind these labels.
.PHONY: mutants
mutants: $(MUTANTS_NEED) guest ## break each instruction of the kernel in turn, on the PC, and name what nobody notices
	$(Q)$(BUILD)/mutants --jobs $(or $(JOBS),$(shell nproc)) --reasons verify/mutants/reasons $(addprefix --label ,$(LABEL))

.PHONY: test-mutants
# Behind the audit: both make the sources of the host program, and not at a time.
test-mutants: test-audit
	+$(call optional,$(MUTANTS_NEED),$(AUDIT_TOOLS))

test: test-mutants
