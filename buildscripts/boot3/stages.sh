# Stages for programs in C: to be sourced by a pipeline after pipeline_init.
#
#   c_compiler              scheme, link, cc.scm and the headers become inputs; $c_reads are the names
#   c_library               the library's modules, from the pipeline boot3, become inputs: $c_modules
#   c_module NAME INPUT...  a stage that compiles NAME.c, which may include INPUT..., to NAME.link
#   c_program NAME MODULE...  a stage that links NAME.link, MODULE... and the library to NAME

c_compiler() {
    _c_out=${_pl_out%/*}
    pipeline_input scheme "$_c_out/boot2/scheme"
    pipeline_input link "$_c_out/boot1/link"
    c_reads=
    for _c_file in buildscripts/boot3/*.scm buildscripts/libc/include/*.h buildscripts/libc/*.h; do
        _c_name=${_c_file##*/}
        case $_c_name in guile.scm | library.scm) continue ;; esac
        pipeline_input $_c_name $_c_file
        c_reads="$c_reads $_c_name"
    done
}

c_library() {
    c_modules=
    for _c_file in buildscripts/libc/*.c; do
        _c_name=${_c_file##*/} _c_name=${_c_name%.c}.link
        pipeline_input $_c_name "${_pl_out%/*}/boot3/$_c_name"
        c_modules="$c_modules $_c_name"
    done
}

c_module() {
    _c_name=$1
    shift
    stage scheme cc.scm -I . -o $_c_name.link $_c_name.c -- $c_reads $_c_name.c "$@" -- $_c_name.link
}

c_program() {
    _c_name=$1
    shift
    stage link --map $_c_name.map $_c_name $_c_name.link "$@" $c_modules \
        -- $_c_name.link "$@" $c_modules -- $_c_name $_c_name.map
}
