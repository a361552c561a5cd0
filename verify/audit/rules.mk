# make audit: a second reading of every byte of the hex0 sources.
# A library is no command: it is on the list while its header is not here.
CAPSTONE_HEADER := $(wildcard /usr/include/capstone/capstone.h /usr/local/include/capstone/capstone.h)
TEST_TOOLS += $(if $(CAPSTONE_HEADER),,capstone.h:libcapstone-dev)
AUDIT_SRC := $(sort $(wildcard verify/audit/*.c))

$(call obj,$(AUDIT_SRC)): | $(if $(CAPSTONE_HEADER),,test-deps)

$(BUILD)/hexaudit: $(call obj,$(AUDIT_SRC)) $(LIB_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -lcapstone

.PHONY: audit
audit: $(BUILD)/hexaudit ## decode every instruction again, without NASM, and compare with its text
	$(Q)mkdir -p $(BUILD)/audit
	$(Q)$(BUILD)/hexaudit --listing $(BUILD)/audit $(HEX0_SOURCES) > $(BUILD)/audit/summary.txt; \
	status=$$?; cat $(BUILD)/audit/summary.txt; exit $$status

test: $(BUILD)/hexaudit
