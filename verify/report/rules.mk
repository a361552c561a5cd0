# make report: one page of all that was run.
# It shows what the other targets have left under build/, and says which were not run.
REPORT_SRC := $(sort $(wildcard verify/report/*.c)) verify/matrix/cells.c

$(BUILD)/reporter: $(call obj,$(REPORT_SRC)) $(LIB_OBJ)
	$(call link)

.PHONY: report
report: $(BUILD)/reporter rebuild test-deps ## one HTML page of all that was run, and the provenance of the build
	$(Q)$(BUILD)/reporter $(BUILD)/report.html
	$(Q)sh verify/report/provenance.sh > $(BUILD)/provenance.json
	$(call say,REPORT,$(BUILD)/report.html $(BUILD)/provenance.json)

test: $(BUILD)/reporter
