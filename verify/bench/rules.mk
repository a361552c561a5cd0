# make bench: the speed of the builder, as a table.
BENCH_SRC := verify/bench/bench.c verify/bench/clock.c

$(BUILD)/bench: $(call obj,$(BENCH_SRC)) $(LIB_OBJ)
	$(call link)

$(BUILD)/bench-work.o: verify/bench/work.c verify/guest/rt.h verify/guest/rules.mk
	$(call say,CC,$<)
	$(Q)$(CC) $(GUEST_CFLAGS) -c -o $@ $<

$(BUILD)/bench-work: $(BUILD)/bench-work.o $(GUEST_RUNTIME)
	$(call say,LD,$@)
	$(Q)$(LD) $(GUEST_LDFLAGS) -Ttext-segment=0x08048000 -o $@ $(filter %.o,$^)

# Each number is the best of three; let nothing else run. `make report` draws the table.
bench: $(BUILD)/seedbed $(BUILD)/bench $(BUILD)/bench-work
	$(Q)$(BUILD)/bench > $(BUILD)/bench.new && mv $(BUILD)/bench.new $(BUILD)/bench.txt && cat $(BUILD)/bench.txt
