# The part of pipeline.sh that runs stages. _pl_todo is the file with the stages to be run, one a
# line: NUMBER|BIN ARG...|INPUT...|OUTPUT..., as pipeline.sh has checked them. The stage at hand is in
# _pl_count, _pl_command, _pl_inputs, _pl_outputs, and for messages in _pl_where.

# _pl_parse LINE: makes the stage of a line the stage at hand.
_pl_parse() {
    _pl_count=${1%%|*} _pl_rest=${1#*|}
    _pl_command=${_pl_rest%%|*} _pl_rest=${_pl_rest#*|}
    _pl_inputs=${_pl_rest%%|*} _pl_outputs=${_pl_rest#*|}
    _pl_where="stage $_pl_count ($_pl_command)"
}

# _pl_hash FILE...: the SHA-256 of each, in one line.
_pl_hash() {
    sha256sum -- "$@" | cut -d " " -f 1 | tr "\n" " "
}

# _pl_key: what the outputs of the stage at hand depend on, as one line.
_pl_key() {
    (
        cd "$_pl_staging/files" || exit 1
        printf '%s|%s|%s|%s\n' "$_pl_id" "$_pl_command" "$_pl_inputs" "$_pl_outputs"
        sha256sum -- "${_pl_command%% *}" $_pl_inputs
    ) | sha256sum
}

# _pl_fresh: whether the outputs of the stage at hand are there and made from its inputs as they
# are.
_pl_fresh() {
    for _pl_word in $_pl_outputs; do
        [ -f "$_pl_staging/files/$_pl_word" ] || return 1
    done
    [ -f "$_pl_staging/keys/$_pl_count" ] &&
        [ "$(cat "$_pl_staging/keys/$_pl_count")" = "$(_pl_key)" ]
}

# _pl_keep: notes that the outputs of the stages in _pl_todo have just been made.
_pl_keep() {
    while IFS= read -r _pl_line <&4; do
        _pl_parse "$_pl_line"
        _pl_key >"$_pl_staging/keys/$_pl_count"
        _pl_ran=$((_pl_ran + 1))
    done 4<"$_pl_todo"
}

# _pl_select: writes to _pl_todo the stages that are not fresh and those that build on them.
_pl_select() {
    : >"$_pl_todo"
    _pl_pending=' '
    while IFS= read -r _pl_line <&3; do
        _pl_parse "$_pl_line"
        _pl_stale=no
        for _pl_word in ${_pl_command%% *} $_pl_inputs; do
            case $_pl_pending in
            *" $_pl_word "*) _pl_stale=yes ;;
            esac
        done
        if [ $_pl_stale = no ] && _pl_fresh; then
            continue
        fi
        printf '%s\n' "$_pl_line" >>"$_pl_todo"
        _pl_pending="$_pl_pending$_pl_outputs "
    done 3<"$_pl_plan"
}

# _pl_run_native: runs the stage at hand in a fresh folder with nothing but its inputs; or all
# stages, by run.scm.
_pl_run_native() {
    if [ "$_pl_boot" = scheme ]; then
        _pl_run_native_scheme
        return
    fi
    _pl_room=$_pl_staging/room
    _pl_log=$_pl_staging/stage-$_pl_count.log
    rm -rf "$_pl_room" && mkdir "$_pl_room" || _pl_error "$_pl_where: cannot make $_pl_room"
    for _pl_word in ${_pl_command%% *} $_pl_inputs; do
        cp -f "$_pl_staging/files/$_pl_word" "$_pl_room/" || _pl_error "$_pl_where: cannot copy"
        chmod 755 "$_pl_room/$_pl_word"
    done
    build/pipeline-native "${PIPELINE_SECONDS:-60}" "$_pl_room" $_pl_command \
        >"$_pl_log" 2>&1 ||
        _pl_error "$_pl_where: exit status $?: $(tail -n 1 "$_pl_log")"
    for _pl_word in ${_pl_command%% *} $_pl_inputs; do
        cmp -s "$_pl_staging/files/$_pl_word" "$_pl_room/$_pl_word" ||
            _pl_error "$_pl_where: it has changed its input $_pl_word"
    done
    for _pl_word in $_pl_outputs; do
        [ -f "$_pl_room/$_pl_word" ] || _pl_error "$_pl_where: it has not made $_pl_word"
        mv -f "$_pl_room/$_pl_word" "$_pl_staging/files/$_pl_word"
    done
    rm -rf "$_pl_room"
}

# _pl_list_inputs: what the stages of _pl_todo need and do not make, a name a line.
_pl_list_inputs() {
    _pl_made=' '
    while IFS= read -r _pl_line <&4; do
        _pl_parse "$_pl_line"
        for _pl_word in ${_pl_command%% *} $_pl_inputs; do
            case $_pl_made in
            *" $_pl_word "*) continue ;;
            esac
            printf '%s\n' "$_pl_word"
            _pl_made="$_pl_made$_pl_word "
        done
        _pl_made="$_pl_made$_pl_outputs "
    done 4<"$_pl_todo"
}

# _pl_find_scheme: copies the interpreter to STAGING/scheme, and run.scm beside it.
_pl_find_scheme() {
    _pl_scheme=${PIPELINE_SCHEME:-build/pipelines/out/native/boot2/scheme}
    [ -f "$_pl_scheme" ] ||
        _pl_error "no $_pl_scheme; run the native pipelines boot0, boot1 and boot2, or set PIPELINE_SCHEME"
    cp -f "$_pl_scheme" "$_pl_staging/scheme" && cp -f "$_pl_dir/run.scm" "$_pl_staging/run.scm" ||
        _pl_error "cannot copy $_pl_scheme"
}

# _pl_run_native_scheme: runs the stages of _pl_todo in one folder, one process after the other.
_pl_run_native_scheme() {
    _pl_room=$_pl_staging/room
    _pl_log=$_pl_staging/native.log
    _pl_find_scheme
    rm -rf "$_pl_room" && mkdir "$_pl_room" || _pl_error "cannot make $_pl_room"
    for _pl_word in $(_pl_list_inputs); do
        cp -f "$_pl_staging/files/$_pl_word" "$_pl_room/" || _pl_error "cannot copy $_pl_word"
        chmod 755 "$_pl_room/$_pl_word"
    done
    cp -f "$_pl_staging/scheme" "$_pl_room/.scheme" &&
        cp -f "$_pl_staging/run.scm" "$_pl_room/.run.scm" && cp -f "$_pl_todo" "$_pl_room/.plan" ||
        _pl_error "cannot copy to $_pl_room"
    chmod 755 "$_pl_room/.scheme"
    : >"$_pl_staging/messages"
    build/pipeline-native "${PIPELINE_SECONDS:-60}" "$_pl_room" .scheme .run.scm .plan \
        >"$_pl_log" 2>&1 || _pl_blame
    _pl_collect
}

# _pl_write_build: writes the build file that runs the stages of _pl_todo and packs their outputs.
# A program called as a command of the builder's shell gets ./ in front.
_pl_write_build() {
    if [ "$_pl_boot" = scheme ]; then
        for _pl_word in $(_pl_list_inputs); do
            printf '@file /%s files/%s\n' "$_pl_word" "$_pl_word"
        done
        printf '@file /.scheme scheme\n@file /.run.scm run.scm\n@file /.plan todo\n'
        printf '/.scheme /.run.scm /.plan\n@file /.dump dump\n@dir /dev\n/.dump /dev/hda'
        while IFS= read -r _pl_line <&4; do
            _pl_parse "$_pl_line"
            printf ' %s' $_pl_outputs
        done 4<"$_pl_todo"
        printf '\n'
        return
    fi
    _pl_made=' '
    _pl_present=' '
    while IFS= read -r _pl_line <&4; do
        _pl_parse "$_pl_line"
        for _pl_word in ${_pl_command%% *} $_pl_inputs; do
            case "$_pl_made$_pl_present" in
            *" $_pl_word "*) continue ;;
            esac
            printf '@file /%s files/%s\n' "$_pl_word" "$_pl_word"
            _pl_present="$_pl_present$_pl_word "
        done
        case ${_pl_command%% *} in
        src | hex0 | f) printf './' ;;
        esac
        printf '%s\n' "$_pl_command"
        _pl_made="$_pl_made$_pl_outputs "
    done 4<"$_pl_todo"
    printf '@file /.dump dump\n@dir /dev\n/.dump /dev/hda%s\n' "${_pl_made% }"
}

# _pl_prepare_machine: the build file with its dump program; _pl_build is its path.
_pl_prepare_machine() {
    _pl_build=$_pl_staging/$_pl_driver.build
    _pl_log=$_pl_staging/$_pl_driver.log
    _pl_archive=$_pl_staging/$_pl_driver.cpio
    _pl_dump=${PIPELINE_DUMP:-build/pipelines/out/native/boot0/dump}
    [ -f "$_pl_dump" ] ||
        _pl_error "no $_pl_dump; run the native pipeline boot0, or set PIPELINE_DUMP"
    cp -f "$_pl_dump" "$_pl_staging/dump"
    [ "$_pl_boot" != scheme ] || _pl_find_scheme
    _pl_write_build >"$_pl_build"
    rm -f "$_pl_archive" "$_pl_log"
}

# _pl_blame: ends the pipeline with the stage that the machine's log shows last.
_pl_blame() {
    # run.scm says why before the builder's shell says that it has failed.
    _pl_reason=$(grep -a '^ERROR: ' "$_pl_log" 2>/dev/null | head -n 1)
    _pl_reason=${_pl_reason:-$(tail -n 1 "$_pl_staging/messages")}
    while IFS= read -r _pl_line <&4; do
        _pl_parse "$_pl_line"
        for _pl_word in $_pl_outputs; do
            if grep -a -q -e "^dump: $_pl_word: cannot be read" -e "^ERROR: $_pl_word: not made" \
                "$_pl_log"; then
                _pl_error "$_pl_where: it has not made $_pl_word"
            fi
        done
    done 4<"$_pl_todo"
    # The commands in the log are in the order of _pl_todo: the last one that is there has failed.
    _pl_last='before the first stage'
    while IFS= read -r _pl_line <&4; do
        _pl_parse "$_pl_line"
        grep -a -q -x -F -e "$_pl_command" -e "./$_pl_command" "$_pl_log" || break
        _pl_last=$_pl_where
    done 4<"$_pl_todo"
    _pl_error "$_pl_last: $_pl_reason"
}

# _pl_unpack: moves what the machine has packed to the files of the pipeline.
_pl_unpack() {
    rm -rf "$_pl_staging/room" && mkdir "$_pl_staging/room" &&
        (cd "$_pl_staging/room" && cpio -i --quiet --no-absolute-filenames) <"$_pl_archive" ||
        _pl_error "$_pl_archive: no archive"
    _pl_collect
}

# _pl_collect: moves the outputs of the stages of _pl_todo from the room to the files.
_pl_collect() {
    while IFS= read -r _pl_line <&4; do
        _pl_parse "$_pl_line"
        for _pl_word in $_pl_outputs; do
            mv -f "$_pl_staging/room/$_pl_word" "$_pl_staging/files/$_pl_word" ||
                _pl_error "$_pl_where: $_pl_word has not been made"
        done
    done 4<"$_pl_todo"
    rm -rf "$_pl_staging/room"
}

# _pl_engine: the engine of the driver, for build/seedbed.
_pl_engine() {
    case $_pl_driver in
    qemu) echo "${PIPELINE_QEMU:-qemu-tcg}" ;;
    *) echo "$_pl_driver" ;;
    esac
}

# _pl_run_qemu, _pl_run_pc: boot the kernel for the stages of _pl_todo.
_pl_run_pc() {
    _pl_run_qemu
}
_pl_run_qemu() {
    _pl_prepare_machine
    build/seedbed build --engine "$(_pl_engine)" --quiet --timeout "${PIPELINE_SECONDS:-60}" --log "$_pl_log" \
        -o "$_pl_archive" "$_pl_build" >"$_pl_staging/messages" 2>&1 || _pl_blame
    _pl_unpack
}

# _pl_run_model: the same on the model, whose trace also tells what the programs have read.
_pl_run_model() {
    _pl_prepare_machine
    _pl_trace=$_pl_staging/trace
    : >"$_pl_trace"
    build/seedbed pack -o "$_pl_staging/model.src" "$_pl_build" >"$_pl_staging/messages" 2>&1 &&
        build/seedbed model --timeout "${PIPELINE_SECONDS:-60}" --trace "$_pl_trace" \
            -o "$_pl_archive" "$_pl_staging/model.src" >"$_pl_log" 2>"$_pl_staging/messages"
    _pl_status=$?
    _pl_found=$(awk -v names=" $_pl_names " -v boot="$_pl_boot" -f "$_pl_dir/pipeline-reads.awk" "$_pl_todo" \
        "$_pl_trace") || _pl_error "$_pl_trace: cannot be understood"
    if [ -n "$_pl_found" ]; then
        _pl_word=${_pl_found#*|}
        _pl_error "stage ${_pl_found%%|*} (${_pl_word%%|*}): ${_pl_word#*|}"
    fi
    [ $_pl_status -eq 0 ] || _pl_blame
    _pl_unpack
}
