# make bench: the speed of the builder, as a table.
BENCH_SRC := verify/bench/bench.c verify/bench/clock.c

$(BUILD)/bench: $(call obj,$(BENCH_SRC)) $(LIB_OBJ)
	$(call link)

$(BUILD)/bench-work.o: verify/bench/work.c verify/guest/rt.h verify/guest/rules.mk
	$(guest_cc)

$(BUILD)/bench-work: $(BUILD)/bench-work.o $(GUEST_RUNTIME)
	$(call guest_ld,$(GUEST_AT))

# Each number is the best of three; let nothing else run. `make report` draws the table.
bench: $(BUILD)/seedbed $(BUILD)/bench $(BUILD)/bench-work $(BUILD)/guest/growth
	$(Q)$(BUILD)/bench > $(BUILD)/bench.new && mv $(BUILD)/bench.new $(BUILD)/bench.txt && cat $(BUILD)/bench.txt
