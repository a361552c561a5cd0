# PIPELINE_BOOT=all: one boot in which run.scm runs the stages of all pipelines, one after the
# other, on the ladder's Scheme. A plan is a folder with
#
#   plan     the stages, as run.scm reads them
#   files    the lines of the build file that bring the files of the host
#   outputs  what the stages make, to be packed
#   made     HOST_PATH|MACHINE_PATH of each export, for the pipelines that come later
#
# The files of pipeline NAME are in /NAME of the machine, or in the root if it says pipeline_root.

# _pl_new_plan PLAN: makes the folder of an empty plan.
_pl_new_plan() {
    rm -rf "$1" && mkdir -p "$1" && : >"$1/plan" && : >"$1/files" && : >"$1/outputs" &&
        : >"$1/made" || _pl_error "cannot make $1"
}

# _pl_add_to_plan PLAN: adds the pipeline at hand.
_pl_add_to_plan() {
    _pl_made=' '
    _pl_home=$(cd "$_pl_staging" && pwd)
    printf 'in %s/\n' "$_pl_folder" >>"$1/plan"
    while IFS='|' read -r _pl_word _pl_path; do
        printf 'copy %s %s\n' "$_pl_path" "$_pl_word" >>"$1/plan"
        _pl_made="$_pl_made$_pl_word "
    done <"$_pl_staging/links"
    cat "$_pl_plan" >>"$1/plan"
    while IFS= read -r _pl_line; do
        _pl_parse "$_pl_line"
        for _pl_word in ${_pl_command%% *} $_pl_inputs; do
            case $_pl_made in
            *" $_pl_word "*) continue ;;
            esac
            grep -q "^@file $_pl_folder/$_pl_word " "$1/files" || # two may share the root
                printf '@file %s/%s %s/files/%s\n' "$_pl_folder" "$_pl_word" "$_pl_home" \
                    "$_pl_word" >>"$1/files"
            _pl_made="$_pl_made$_pl_word "
        done
        _pl_made="$_pl_made$_pl_outputs "
        for _pl_word in $_pl_outputs; do
            printf ' %s/%s' "$_pl_folder" "$_pl_word" >>"$1/outputs"
        done
    done <"$_pl_plan"
    for _pl_word in $_pl_exports; do
        printf '%s|%s/%s\n' "$_pl_out/$_pl_word" "$_pl_folder" "$_pl_word" >>"$1/made"
    done
}

# _pl_boot_all DRIVER ROOM PLAN...: boots a machine for the plans; what is made comes into the
# folder ROOM. The first plan is run by the host's copy of Scheme, the next ones by /boot2/scheme,
# which that has made.
_pl_boot_all() {
    _pl_driver=$1 _pl_room=$2
    shift 2
    [ -f "$PIPELINE_SCHEME" ] && [ -f "$PIPELINE_DUMP" ] ||
        _pl_error "no $PIPELINE_SCHEME or $PIPELINE_DUMP; run the native pipelines first"
    rm -rf "$_pl_room" "$_pl_room.cpio" && mkdir "$_pl_room" &&
        cp -f "$PIPELINE_SCHEME" "$_pl_room.scheme" && cp -f "$PIPELINE_DUMP" "$_pl_room.dump" &&
        cp -f "$_pl_dir/run.scm" "$_pl_room.scm" || _pl_error "cannot make $_pl_room"
    _pl_base=$(basename "$_pl_room")
    {
        printf '@file /.scheme %s.scheme\n@file /.dump %s.dump\n@file /.run.scm %s.scm\n@dir /dev\n' \
            "$_pl_base" "$_pl_base" "$_pl_base"
        _pl_program=/.scheme
        for _pl_folder do
            cat "$_pl_folder/files"
            printf '@file %s %s/plan\n' "/.$(basename "$_pl_folder")" \
                "$(cd "$_pl_folder" && pwd)"
            printf '%s /.run.scm /.%s\n' $_pl_program "$(basename "$_pl_folder")"
            _pl_program=/boot2/scheme
        done
        printf '/.dump /dev/hda'
        for _pl_folder do
            cat "$_pl_folder/outputs"
        done
        printf '\n'
    } >"$_pl_room.build"
    build/seedbed build --engine "$(_pl_engine)" --quiet --timeout "${PIPELINE_SECONDS:-60}" \
        --log "$_pl_room.log" -o "$_pl_room.cpio" "$_pl_room.build" >"$_pl_room.messages" 2>&1 || {
        _pl_reason=$(grep -a '^ERROR: ' "$_pl_room.log" 2>/dev/null | head -n 1)
        _pl_error "${_pl_reason:-$(tail -n 1 "$_pl_room.messages")}"
    }
    (cd "$_pl_room" && cpio -i -d --quiet --no-absolute-filenames) <"$_pl_room.cpio" \
        2>"$_pl_room.messages" || _pl_error "$_pl_room.cpio: no archive"
}

# _pl_take ROOM: moves what the pipeline at hand has made from ROOM to its files.
_pl_take() {
    while IFS= read -r _pl_line <&4; do
        _pl_parse "$_pl_line"
        for _pl_word in $_pl_outputs; do
            mv -f "$1$_pl_folder/$_pl_word" "$_pl_staging/files/$_pl_word" ||
                _pl_error "$_pl_where: $_pl_word is not in the archive"
        done
    done 4<"$_pl_todo"
}
