# The rules of the house: which folder may use which, how C is written.
$(BUILD)/house: $(call obj,verify/house/house.c) $(LIB_OBJ)
	$(call link)

.PHONY: check-layers check-format
check-layers: $(BUILD)/house ## check that folders use only what is below them, and the other rules of the house
	$(call say,CHECK,layers)
	$(Q)$(BUILD)/house

MORE_TOOLS += clang-format:clang-format
check-format: ## check that all C files are laid out as .clang-format says
	$(call say,CHECK,format)
	$(Q)clang-format --dry-run -Werror $(C_FILES)

test: $(BUILD)/house
