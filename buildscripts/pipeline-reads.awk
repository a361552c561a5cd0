# pipeline-reads.awk TODO TRACE: finds in the model's trace of a run what a stage has read or
# written without having named it. Prints `NUMBER|COMMAND|what is wrong` for the first such call.
#
# TODO has a stage a line: NUMBER|BIN ARG...|INPUT...|OUTPUT...; the stages are the machine's first
# programs in this order. A program's calls end with its exit, and its children's lie in between.
# The variable `names` has all names of the pipeline, with a space around each. If `boot` is scheme,
# the first program runs the stages, as its children; what it does itself is not looked at.

# The absolute name that `path` has in directory `dir`.
function resolve(dir, path,    parts, n, i, depth, stack, name) {
    n = split(path ~ /^\// ? path : dir "/" path, parts, "/")
    depth = 0
    for (i = 1; i <= n; i++) {
        if (parts[i] == "..") {
            depth -= depth > 0
        } else if (parts[i] != "" && parts[i] != ".") {
            stack[++depth] = parts[i]
        }
    }
    name = ""
    for (i = 1; i <= depth; i++) {
        name = name "/" stack[i]
    }
    return name == "" ? "/" : name
}

function blame(what) {
    print number[stage] "|" command[stage] "|" what
    exit
}

# Starts on the next stage: only its program and its inputs are there.
function next_stage(    words, n, i) {
    stage++
    top = ""
    split("", readable)
    split("", own)
    readable["/"] = 1
    n = split(inputs[stage], words, " ")
    for (i = 1; i <= n; i++) {
        readable["/" words[i]] = 1
    }
    split(command[stage], words, " ")
    readable[resolve("/", words[1])] = 1
    n = split(outputs[stage], words, " ")
    for (i = 1; i <= n; i++) {
        own["/" words[i]] = 1
    }
}

function wants_to_read(file) {
    if (!(file in readable)) {
        blame("it reads " substr(file, 2) ", which is not named as an input")
    }
}

function wants_to_write(file) {
    if (!(file in own) && index(names, " " substr(file, 2) " ") > 0) {
        blame("it writes " substr(file, 2) ", which is not its output")
    }
    readable[file] = 1
}

FILENAME == ARGV[1] {
    split($0, field, "|")
    stages++
    number[stages] = field[1]
    command[stages] = field[2]
    inputs[stages] = field[3]
    outputs[stages] = field[4]
    next
}

FNR == 1 {
    next_stage()
    runner = boot == "scheme" ? $1 : ""
}

runner != "" && $1 == runner {
    if ($2 ~ /^fork\(/ && $0 !~ / = -/) {
        result = $0
        sub(/.* = /, "", result)
        top = "[" result "]"
        directory[top] = "/"
    }
    next
}

stage > stages {
    exit
}

{
    process = $1
    if (top == "") {
        top = process
        directory[process] = "/"
    }
    call = $2
    sub(/\(.*/, "", call)
    result = $0
    sub(/.* = /, "", result)
    failed = result ~ /^-/
    path = $0
    sub(/^[^"]*"/, "", path)
    sub(/".*/, "", path)
}

call == "fork" && !failed {
    directory["[" result "]"] = directory[process]
}

call == "chdir" && !failed {
    directory[process] = resolve(directory[process], path)
}

call == "mkdir" && !failed {
    readable[resolve(directory[process], path)] = 1
}

call == "unlink" && !failed {
    wants_to_write(resolve(directory[process], path))
}

call == "open" && !failed {
    file = resolve(directory[process], path)
    if ($0 ~ /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/) {
        wants_to_write(file)
    } else {
        wants_to_read(file)
    }
}

(call == "execve" || call == "access") && !failed {
    wants_to_read(resolve(directory[process], path))
}

call == "exit" && process == top {
    next_stage()
}
