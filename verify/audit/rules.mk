# make audit: a second reading of every byte of the hex0 sources.
# A library is no command: its header stands for it.
AUDIT_TOOLS := /usr/include/capstone/capstone.h:libcapstone-dev
TEST_TOOLS += $(AUDIT_TOOLS)
AUDIT_SRC := $(sort $(wildcard verify/audit/*.c))

$(BUILD)/hexaudit: $(call obj,$(AUDIT_SRC)) $(LIB_OBJ)
	$(call link,-lcapstone)

.PHONY: audit test-audit
audit: test-audit ## decode every instruction again, without NASM, and compare with its text
	$(Q)mkdir -p $(BUILD)/audit
	$(Q)$(BUILD)/hexaudit --listing $(BUILD)/audit $(HEX0_SOURCES) > $(BUILD)/audit/summary.txt; \
	status=$$?; cat $(BUILD)/audit/summary.txt; exit $$status

# The host program first: what both link is not to be compiled twice at a time.
test-audit: test-deps $(BUILD)/seedbed
	+$(call optional,$(BUILD)/hexaudit,$(AUDIT_TOOLS))

test: test-audit
