# Pipelines: the wiring of a build, written once and run natively, on the model or on the machine.
# To be sourced by a POSIX shell from the top folder of the project.
#
#   pipeline_init STAGING OUT DRIVER     where to work, where results go, and how to run
#   pipeline_input NAME HOST_PATH        a file from the host
#   stage BIN ARG... -- INPUT... -- OUTPUT...
#                                        BIN, an input or an earlier output, is run with argv =
#                                        BIN ARG...; it may read INPUT... and must make OUTPUT...
#   pipeline_export NAME                 an input or output that goes to OUT
#   pipeline_root                        where pipelines share a machine, its files are in the root
#   pipeline_run                         runs what has to be run
#
# All names are in one flat name space: letters, digits and . _ + - without a dot or dash in front.
# Drivers: native (i386 Linux), model (build/seedbed model), pc (the kernel, in our own PC), qemu (the
# kernel, in QEMU).
#
# A stage is run again only if its program, its arguments, its inputs or the machine have changed;
# STAGING holds the files of the name space, and what each was made from, in between.
#
# Environment
#   PIPELINE_QEMU=ENGINE  qemu-kvm, or qemu-tcg, which is what the driver qemu takes otherwise
#   PIPELINE_BOOT=stage   model, pc and qemu start the machine anew for every stage
#   PIPELINE_BOOT=scheme  one process of boot2's Scheme runs all stages (run.scm), on every driver
#   PIPELINE_SCHEME=FILE  that program (boot2/scheme, built)
#   PIPELINE_PLAN=DIR, PIPELINE_RESULTS=DIR
#                         of run-pipelines.sh, which can run all pipelines in one boot
#   PIPELINE_DUMP=FILE    the program that packs results on the machine (boot0/dump.M1, built)
#   PIPELINE_SEED=FILE    the hex0 that boot0 begins with (build/boot0/hex0-seed)
#   PIPELINE_SECONDS=N    a run that takes longer has failed (60)
#
# An error is one line on stderr that names the stage, and exit status 1.

_pl_dir=buildscripts
. "$_pl_dir/pipeline-run.sh"
. "$_pl_dir/pipeline-all.sh"

# _pl_error MESSAGE: ends the pipeline.
_pl_error() {
    printf 'seedbed: pipeline %s: %s\n' "${_pl_name:-?}" "$*" >&2
    exit 1
}

# _pl_known NAME: whether NAME is an input or an output of a stage so far.
_pl_known() {
    case " $_pl_names " in
    *" $1 "*) return 0 ;;
    esac
    return 1
}

# _pl_check_name WHERE NAME: NAME can be a name.
_pl_check_name() {
    case $2 in
    '' | [.-]* | *[!A-Za-z0-9._+-]*)
        _pl_error "$1: '$2' cannot be a name; use letters, digits, . _ + -" ;;
    esac
}

pipeline_init() {
    [ $# -eq 3 ] || _pl_error 'pipeline_init wants STAGING OUT DRIVER'
    _pl_staging=$1 _pl_out=$2 _pl_driver=$3
    _pl_name=$(basename "$_pl_staging")
    _pl_folder=/$_pl_name
    _pl_names= _pl_exports= _pl_count=0
    case $_pl_driver in
    native | model | pc | qemu) ;;
    *) _pl_error "no driver '$_pl_driver'; there are native, model, pc and qemu" ;;
    esac
    mkdir -p "$_pl_staging/files" "$_pl_staging/keys" "$_pl_out" &&
        touch "$_pl_staging/exports" ||
        _pl_error "cannot make $_pl_staging and $_pl_out"
    while IFS= read -r _pl_word; do
        [ -z "$_pl_word" ] || rm -f "$_pl_out/$_pl_word" # what the last run has left
    done <"$_pl_staging/exports"
    _pl_plan=$_pl_staging/plan
    : >"$_pl_plan"
    : >"$_pl_staging/links"
}

pipeline_root() {
    _pl_folder=
}

pipeline_input() {
    [ $# -eq 2 ] || _pl_error 'pipeline_input wants NAME HOST_PATH'
    _pl_check_name "input $1" "$1"
    ! _pl_known "$1" || _pl_error "input $1: the name is taken"
    _pl_names="$_pl_names $1"
    if [ -n "${PIPELINE_PLAN-}" ]; then
        _pl_path=$(sed -n "s#^$2|##p" "$PIPELINE_PLAN/made")
        if [ -n "$_pl_path" ]; then # an earlier pipeline of the same boot makes it
            printf '%s|%s\n' "$1" "$_pl_path" >>"$_pl_staging/links"
            return
        fi
    fi
    [ -f "$2" ] || _pl_error "input $1: no file $2"
    cmp -s "$2" "$_pl_staging/files/$1" || cp -f "$2" "$_pl_staging/files/$1" ||
        _pl_error "input $1: cannot copy $2"
}

pipeline_export() {
    [ $# -eq 1 ] || _pl_error 'pipeline_export wants NAME'
    _pl_known "$1" || _pl_error "export $1: neither an input nor the output of a stage"
    _pl_exports="$_pl_exports $1"
}

stage() {
    _pl_count=$((_pl_count + 1))
    _pl_where="stage $_pl_count ($*)"
    _pl_part=1 _pl_command= _pl_inputs= _pl_outputs=
    for _pl_word do
        if [ "$_pl_word" = -- ]; then
            _pl_part=$((_pl_part + 1))
            continue
        fi
        case $_pl_word in
        '' | *[[:space:]]* | *'|'*)
            _pl_error "$_pl_where: the word '$_pl_word' is empty or holds a blank or |" ;;
        esac
        case $_pl_part in
        1) _pl_command="$_pl_command $_pl_word" ;;
        2) _pl_inputs="$_pl_inputs $_pl_word" ;;
        3) _pl_outputs="$_pl_outputs $_pl_word" ;;
        esac
    done
    [ $_pl_part -eq 3 ] ||
        _pl_error "$_pl_where: $((_pl_part - 1)) separators; BIN ARG... -- INPUT... -- OUTPUT... has two"
    [ -n "$_pl_command" ] || _pl_error "$_pl_where: no program before the first --"
    [ -n "$_pl_outputs" ] || _pl_error "$_pl_where: no output after the second --"
    for _pl_word in $_pl_inputs "$1"; do
        _pl_known "$_pl_word" ||
            _pl_error "$_pl_where: $_pl_word is neither an input nor the output of an earlier stage"
    done
    for _pl_word in $_pl_outputs; do
        _pl_check_name "$_pl_where" "$_pl_word"
        ! _pl_known "$_pl_word" || _pl_error "$_pl_where: the name $_pl_word is taken"
        _pl_names="$_pl_names $_pl_word"
    done
    printf '%s|%s|%s|%s\n' $_pl_count "${_pl_command# }" "${_pl_inputs# }" \
        "${_pl_outputs# }" >>"$_pl_plan"
}

pipeline_run() {
    printf '%s\n' $_pl_exports >"$_pl_staging/exports"
    case $_pl_driver in
    native) _pl_id=native ;;
    model) _pl_id="model $(_pl_hash build/seedbed)" ;;
    pc) _pl_id="pc $(_pl_hash build/seedbed hex0/boot.hex0 hex0/kernel.hex0)" ;;
    qemu) _pl_id="qemu $(_pl_hash hex0/boot.hex0 hex0/kernel.hex0)" ;;
    esac || exit 1
    _pl_todo=$_pl_staging/todo
    _pl_ran=0
    _pl_boot=${PIPELINE_BOOT-}
    if [ -n "${PIPELINE_PLAN-}" ]; then
        _pl_add_to_plan "$PIPELINE_PLAN"
        exit 0 # the results come later, and with them the rest of the script
    elif [ -n "${PIPELINE_RESULTS-}" ]; then
        cp "$_pl_plan" "$_pl_todo"
        _pl_take "$PIPELINE_RESULTS"
        _pl_keep
    elif [ "$_pl_driver" = native ] && [ "$_pl_boot" != scheme ] || [ "$_pl_boot" = stage ]; then
        while IFS= read -r _pl_line <&3; do
            _pl_parse "$_pl_line"
            _pl_fresh && continue
            printf '%s\n' "$_pl_line" >"$_pl_todo"
            "_pl_run_$_pl_driver"
            _pl_keep
        done 3<"$_pl_plan"
    else
        _pl_select
        if [ -s "$_pl_todo" ]; then
            "_pl_run_$_pl_driver"
            _pl_keep
        fi
    fi
    for _pl_word in $_pl_exports; do
        cp -f "$_pl_staging/files/$_pl_word" "$_pl_out/$_pl_word" ||
            _pl_error "export $_pl_word: cannot write to $_pl_out"
    done
    printf '%-14s %-7s %3d stages, %d run\n' "$_pl_name" "$_pl_driver" \
        "$(wc -l <"$_pl_plan")" "$_pl_ran"
}
