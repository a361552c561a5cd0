# Scheme beside others: guile on generated programs, and how fast.
.PHONY: test-scheme
test-scheme: $(BUILD)/scheme $(BUILD)/scheme-stress $(BUILD)/verify ## Scheme against guile on 10,000 generated programs; SCHEME_SEED=n: others
	$(Q)SCHEME_CASES=10000 $(BUILD)/verify --filter scheme-agrees-with-guile-on

$(BUILD)/scheme-bench: verify/scheme/bench.c
	$(call say,LINK,$@)
	$(Q)$(CC) $(STRICT) $(CPPFLAGS) $(CFLAGS) -o $@ $< -lm

.PHONY: bench-scheme
bench: bench-scheme
bench-scheme: $(BUILD)/scheme $(BUILD)/scheme-bench ## Scheme's speed beside guile, tinyscheme and csi
	$(Q)$(BUILD)/scheme-bench
