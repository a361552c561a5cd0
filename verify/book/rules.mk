# make coverage: which instructions of boot, kernel, mini and stage1 the tests reach, counted on the
# PC, and the book: the same sources as pages, with the counts.
BOOK_SRC := $(sort $(wildcard verify/book/*.c))

$(BUILD)/book-writer: $(call obj,$(BOOK_SRC)) $(LIB_OBJ)
	$(call link)

test: $(BUILD)/book-writer

.PHONY: coverage
coverage: $(BUILD)/seedbed $(BUILD)/verify $(BUILD)/book-writer $(SEEDS) guest ## count what the tests reach of the kernel, on the PC; writes build/book/
	$(Q)rm -f $(BUILD)/coverage
	$(Q)for f in quirk- -on-pc bios- mini stage1- linux trace-is case- script-behind; do \
		SEEDBED_ENGINE=pc SEEDBED_COVERAGE=$(CURDIR)/$(BUILD)/coverage $(BUILD)/verify --filter $$f \
		> $(BUILD)/coverage.log || { grep '^not ok' -A2 $(BUILD)/coverage.log; }; done
	$(Q)$(BUILD)/book-writer --reasons verify/book/reasons $(BUILD)/coverage $(BUILD)/book > $(BUILD)/coverage.txt; \
		s=$$?; tail -20 $(BUILD)/coverage.txt; exit $$s
