# make matrix: the same build on every machine there is.
# Restricted: make matrix MATRIX_ARGS="machine=q35 mem=64M,1G". Over several hosts that have this
# folder at the same place: PARALLEL_ARGS="--sshlogin one,two --workdir $PWD". Stopped, it goes on
# where it was (the joblog), unless the builder has changed since.
MORE_TOOLS += parallel:parallel jq:jq
MATRIX := $(BUILD)/matrix
MATRIX_JOBS ?= 2
CELLS_SRC := $(sort $(wildcard verify/matrix/*.c))

$(BUILD)/cells: $(call obj,$(CELLS_SRC)) $(LIB_OBJ)
	$(call link)

.PHONY: matrix
matrix: $(BUILD)/cells $(SEEDS) $(BUILD)/boot0/hex0-seed more-deps ## build on every machine there is, in parallel; MATRIX_ARGS restricts
	$(Q)sh verify/matrix/matrix.sh $(MATRIX) $(MATRIX_JOBS) "$(PARALLEL_ARGS)" $(MATRIX_ARGS)

test: $(BUILD)/cells
