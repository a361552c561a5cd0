# The plan of pipelines (buildscripts/pipeline-all.sh) as commands for those who can run them by then. The first pipeline goes to standard output as
# commands of the builder's shell, with whole paths; the others go to the file SCRIPT, for the kaem that the first one makes.

$1 == "in" {
    folder = $2
    if (++pipelines > 1)
        printf "echo stage: %s\ncd %s\n", substr(folder, 2, length(folder) - 2), folder > SCRIPT
    next
}
$1 == "copy" {
    printf "/boot0/catm %s %s\n", $3, $2 > SCRIPT
    next
}
{
    split($0, part, "|")
    if (pipelines > 1) {
        print "./" part[2] > SCRIPT
        next
    }
    files = " " part[3] " " part[4] " "
    n = split(part[2], word, " ")
    for (i = 1; i <= n; i++)
        printf "%s%s%s", i == 1 || index(files, " " word[i] " ") ? folder : "", word[i], i < n ? " " : "\n"
}
