# make report: one page of all that was run.
# It shows what the other targets have left under build/, and says which were not run.
REPORT_SRC := $(sort $(wildcard verify/report/*.c)) verify/matrix/cells.c

$(BUILD)/reporter: $(call obj,$(REPORT_SRC)) $(LIB_OBJ)
	$(call link)

.PHONY: report
report: $(BUILD)/reporter rebuild more-deps ## one HTML page of all that was run, and the provenance of the build
	$(Q)$(BUILD)/reporter $(BUILD)/report.html
	$(Q)sh verify/report/provenance.sh > $(BUILD)/provenance.json
	$(call say,REPORT,$(BUILD)/report.html $(BUILD)/provenance.json)

# openssl genpkey -algorithm ed25519 -out KEY; openssl pkey -in KEY -pubout -out PUBLIC
sign-provenance: ## sign build/provenance.json with KEY=file (a private Ed25519 key)
	$(Q)openssl pkeyutl -sign -inkey $(KEY) -rawin -in $(BUILD)/provenance.json -out $(BUILD)/provenance.json.sig

verify-provenance: ## check sources and binaries against build/provenance.json; PUBLIC=file: its signature, too
	$(Q)sh verify/report/verify.sh $(BUILD)/provenance.json $(PUBLIC)

.PHONY: sign-provenance verify-provenance
test: $(BUILD)/reporter
