# make facts: whether contract, kernel, model, guest programs and help texts say the same.
FACTS_SRC := $(sort $(wildcard verify/facts/*.c))

$(BUILD)/facts: $(call obj,$(FACTS_SRC)) $(LIB_OBJ)
	$(call link)

.PHONY: facts
facts: $(BUILD)/facts ## where facts that stand in several places disagree, with file and line
	$(Q)$(BUILD)/facts
