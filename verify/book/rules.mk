# make coverage: which instructions of boot, kernel, mini and stage1 the tests reach, counted on the
# PC, and the book: the same sources as pages, with the counts.
BOOK_SRC := $(sort $(wildcard verify/book/*.c))

$(BUILD)/book-writer: $(call obj,$(BOOK_SRC)) $(LIB_OBJ)
	$(call link)

test: $(BUILD)/book-writer

# The quick suite of the mutants reaches nearly all of the kernel; the tests named here, all of them on
# the PC, the rest. Fewer of them: make coverage COVERAGE_TESTS="quirk- mini".
COVERAGE_TESTS ?= quirk- boot-sector- -on-pc bios- mini linux trace-is case- script-behind
.PHONY: coverage
coverage: $(BUILD)/seedbed $(BUILD)/verify $(BUILD)/book-writer $(MUTANTS_NEED) $(SEEDS) guest ## count what the tests reach of the kernel, on the PC; writes build/book/
	$(Q)$(BUILD)/mutants --count $(BUILD)/coverage
	$(Q)for f in $(COVERAGE_TESTS); do \
		SEEDBED_ENGINE=pc SEEDBED_COVERAGE=$(CURDIR)/$(BUILD)/coverage $(BUILD)/verify --filter $$f \
		> $(BUILD)/coverage.log || { grep '^not ok' -A2 $(BUILD)/coverage.log; }; done
	$(Q)$(BUILD)/book-writer --reasons verify/book/reasons $(BUILD)/coverage $(BUILD)/book > $(BUILD)/coverage.txt; \
		s=$$?; tail -20 $(BUILD)/coverage.txt; exit $$s
