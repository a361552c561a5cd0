/*
 * Traces of system calls, as strace and the model print them, and whether two of them agree. A
 * trace is a set of processes that forked from each other, each a sequence of calls; calls of
 * different processes have no order among each other.
 */
#ifndef VERIFY_TESTS_MODEL_TRACE_H
#define VERIFY_TESTS_MODEL_TRACE_H

#include "verify/harness/harness.h"

struct trace_call {
    char *text;   /* name and arguments, without the closing parenthesis */
    char *result; /* what stands behind " = " */
};

struct trace_process {
    long pid;
    struct trace_call *calls;
    size_t count;
    size_t room;
    char *unfinished; /* a call that another process has interrupted in the trace, or null */
};

struct trace {
    struct trace_process *processes; /* the first one began */
    size_t count;
    size_t room;
};

/*
 * A difference that the contract wants: a call that begins like this and has results that begin
 * like these. A list ends with a null call.
 */
struct trace_rule {
    const char *call;
    const char *linux_result;
    const char *model_result;
    const char *why;
    bool ends; /* what this process does afterwards is not compared */
};

/*
 * Reads lines "PID CALL(...) = RESULT" (strace -f) or "[PID] CALL(...) = RESULT" (the model) from
 * the execve of `program` on; null: from the first line on. Returns an empty trace if there is no
 * such line.
 */
struct trace trace_read(const char *text, const char *program);

/*
 * Compares call by call. Process numbers are translated, addresses are not compared, and calls
 * that the contract does not have are passed over, as is what goes to /dev/hda. Returns null if
 * they agree, else a new string that says where they do not.
 */
char *trace_compare(const struct trace *linux_trace, const struct trace *model,
                    const struct trace_rule *rules, size_t *compared);

void trace_free(struct trace *t);

#endif
