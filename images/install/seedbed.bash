# bash completion for seedbed
_seedbed() {
    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local machine="--engine --mem --timeout --log --times --files --file --keep --machine --disk --cpu --console --bios --trace --checkpoint --every --resume --gdb --qemu --sample --plain --quiet"
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "hex0 pack image run build make hexfmt symbols model write read --help --version" -- "$cur"))
        return
    fi
    case $previous in
        --engine) COMPREPLY=($(compgen -W "auto qemu-kvm qemu-tcg bochs pc model" -- "$cur")); return ;;
        --machine) COMPREPLY=($(compgen -W "pc q35 isapc" -- "$cur")); return ;;
        --disk) COMPREPLY=($(compgen -W "ahci ide virtio virtio-scsi usb scsi nvme" -- "$cur")); return ;;
        --console) COMPREPLY=($(compgen -W "port serial" -- "$cur")); return ;;
    esac
    case $cur in
        -*)
            case ${COMP_WORDS[1]} in
                build) set -- -o --size --staged $machine --help ;;
                run) set -- -o --snapshot $machine --help ;;
                image) set -- -o --size --staged --help ;;
                pack) set -- -o --help ;;
                hex0) set -- --strict --help ;;
                hexfmt) set -- --check --help ;;
                make) set -- --engine --help ;;
                symbols) set -- -o --help ;;
                model) set -- -o --mem --timeout --max-instructions --script-lba --trace --map --profile --help ;;
                write) set -- --force --all --help ;;
                read) set -- --length -o --help ;;
            esac
            COMPREPLY=($(compgen -W "$*" -- "$cur"))
            ;;
        *) COMPREPLY=($(compgen -f -- "$cur")) ;;
    esac
}
complete -o filenames -F _seedbed seedbed
