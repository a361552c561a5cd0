/* build/facts [ROOT]: says where facts that stand in several places disagree. */
#include <stdio.h>

#include "verify/facts/facts.h"

int main(int argc, char **argv) {
    struct buffer complaints = {0};
    size_t count = facts_check(argc > 1 ? argv[1] : ".", NULL, &complaints);
    fwrite(complaints.data ? (const char *)complaints.data : "", 1, complaints.len, stdout);
    printf("%zu places disagree\n", count);
    buffer_free(&complaints);
    return count > 0;
}
