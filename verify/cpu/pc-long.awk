# The log of `make pc-long`: how many generated cases each witness has seen, kind by kind. Exit status 1 unless all of them were run and are the
# same. A test is called KIND-N-cases[-from-seed-N]-are-the-same-on-the-pc-and-in-WITNESS.
/^1\.\.[0-9]+$/ { planned = substr($1, 4) }
/^(not )?ok [0-9]+ - .*-cases(-from-seed-[0-9]+)?-are-the-same-on-the-pc-and-in-/ {
    name = $0
    sub(/^(not )?ok [0-9]+ - /, "", name)
    sub(/ # SKIP.*/, "", name)
    witness = name
    sub(/.*-in-/, "", witness)
    match(name, /-[0-9]+-cases/)
    row = sprintf("%-16s %-8s", substr(name, 1, RSTART - 1), witness)
    if (!(row in seen)) {
        seen[row] = 1
        rows[++count] = row
    }
    cases = substr(name, RSTART + 1, RLENGTH - 7)
    verdict = $1 != "ok" ? "bad" : / # SKIP/ ? "out" : "same"
    sum[row, verdict] += cases
    sum[verdict] += cases
    sum[witness] += verdict == "same" ? cases : 0
    results++
}
END {
    print ""
    for (n = 1; n <= count; n++)
        printf "%s %7d cases the same, %d in tests that failed, %d not run\n", rows[n], sum[rows[n], "same"], sum[rows[n], "bad"], sum[rows[n], "out"]
    if (results != planned || !planned)
        printf "%d of %d tests have no result\n", planned - results, planned
    printf "%d cases are the same in QEMU and %d in Bochs, %d are in tests that failed, %d were not run\n",
        sum["qemu"], sum["bochs"], sum["bad"], sum["out"]
    exit !(planned && results == planned && !sum["bad"] && !sum["out"])
}
