/* QEMU's monitor: few messages are sent, and few are understood. */
#include "images/machine/qmp.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "images/lib/util.h"

#define ASK(LINE, ID)                                                                              \
    "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"" LINE               \
    "\"},\"id\":\"" ID "\"}\n"

/* Without the stop, a processor in the middle of translated code shows an old EIP. */
static const char ask_state[] = ASK("info registers", "state");
static const char ask_sample[] =
    "{\"execute\":\"stop\"}\n" ASK("info registers", "sample") "{\"execute\":\"cont\"}\n";

/* Seconds that an answer of a stopped machine may take. */
static const double patience = 5;

static void send_text(struct qmp *q, const char *text) {
    /* A machine that has just ended is noticed by reading; the messages fit the socket's buffer. */
    if (send(q->fd, text, strlen(text), MSG_NOSIGNAL) < 0 && errno != EPIPE)
        q->ready = false;
}

void qmp_open(struct qmp *q, int fd) {
    *q = (struct qmp){.fd = fd};
}

void qmp_close(struct qmp *q) {
    close(q->fd);
    buffer_free(&q->in);
    buffer_free(&q->memory);
}

void qmp_ask(struct qmp *q, bool sample) {
    if (!q->ready || q->waiting || q->stop != QMP_RUNS)
        return;
    q->waiting = true;
    q->samples = sample;
    send_text(q, sample ? ask_sample : ask_state);
}

/* The number after `name` in the text, as strtoul reads it in that base; 0 without one. */
static uint32_t field(const char *text, const char *name, int base) {
    const char *at = strstr(text, name);
    return at ? (uint32_t)strtoul(at + strlen(name), NULL, base) : 0;
}

/* An event; the first reason to stop is the one that counts, what follows it is its consequence. */
static void note_event(struct qmp *q, const char *message) {
    enum qmp_stop stop = QMP_RUNS;
    if (strstr(message, "\"event\": \"SHUTDOWN\""))
        stop = strstr(message, "-reset\"") ? QMP_RESET : QMP_OFF;
    else if (strstr(message, "\"event\": \"BLOCK_IO_ERROR\"")) {
        q->failed = true;
        if (strstr(message, "\"action\": \"stop\""))
            stop = QMP_NO_ROOM;
    } else if (strstr(message, "\"event\": \"STOP\"") && !q->samples && !q->debugged)
        stop = QMP_STOPPED;
    if (q->stop == QMP_RUNS)
        q->stop = stop;
}

/* One message, a line of JSON. Returns true if it is an answer about the processor. */
static bool understand(struct qmp *q, const char *message, struct cpu_state *state) {
    if (strstr(message, "\"QMP\"")) {
        send_text(q, "{\"execute\":\"qmp_capabilities\",\"id\":\"ready\"}\n");
        return false;
    }
    if (strstr(message, "\"event\": ")) {
        note_event(q, message);
        return false;
    }
    if (strstr(message, "\"id\": \"ready\"")) {
        q->ready = true;
        return false;
    }
    if (strstr(message, "\"id\": \"memory\"") || strstr(message, "\"id\": \"saved\"")) {
        q->memory.len = 0;
        buffer_append(&q->memory, message, strlen(message) + 1);
        return false;
    }
    const char *cs = strstr(message, "CS =");
    bool sample = strstr(message, "\"id\": \"sample\"") != NULL;
    if (!sample && !strstr(message, "\"id\": \"state\""))
        return false;
    q->waiting = false;
    *state = (struct cpu_state){
        .sampled = sample,
        .halted = field(message, "HLT=", 10) != 0,
        .interrupt = (field(message, "EFL=", 16) & 0x200) != 0,
        .protected = (field(message, "CR0=", 16) & 1) != 0,
        .eip = field(message, "EIP=", 16) + (cs ? field(cs + 4, " ", 16) : 0),
        .esp = field(message, "ESP=", 16),
    };
    return strstr(message, "HLT=") != NULL;
}

int qmp_read(struct qmp *q, struct cpu_state *state) {
    ssize_t n = recv(q->fd, buffer_room(&q->in, 4096), 4096, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        return -1;
    q->in.len += n > 0 ? (size_t)n : 0;
    int answered = 0;
    uint8_t *newline;
    while (q->in.len && (newline = memchr(q->in.data, '\n', q->in.len))) {
        size_t used = (size_t)(newline - q->in.data) + 1;
        *newline = 0;
        if (understand(q, (const char *)q->in.data, state))
            answered = 1;
        memmove(q->in.data, q->in.data + used, q->in.len - used);
        q->in.len -= used;
    }
    return answered;
}

/* Reads until an answer about the processor has come, or one about memory. */
static int await(struct qmp *q, struct cpu_state *state) {
    double end = now() + patience;
    for (;;) {
        struct pollfd ready = {q->fd, POLLIN, 0};
        int left = (int)((end - now()) * 1000);
        if (left <= 0)
            return -1;
        if (poll(&ready, 1, left) <= 0)
            continue;
        int r = qmp_read(q, state);
        if (r < 0)
            return -1;
        if (r > 0 || q->memory.len)
            return 0;
    }
}

int qmp_cpu(struct qmp *q, struct cpu_state *state) {
    q->memory.len = 0;
    /* An answer that is on its way says no less: the machine has stopped before it. */
    if (!q->waiting)
        send_text(q, ask_state);
    return await(q, state);
}

/* Sends a question, frees it, and waits for its answer, in q->memory. Returns -1 without one. */
static int ask_for(struct qmp *q, char *question) {
    struct cpu_state state;
    q->memory.len = 0;
    send_text(q, question);
    free(question);
    while (!q->memory.len)
        if (await(q, &state) < 0)
            return -1;
    return 0;
}

int qmp_memory(struct qmp *q, uint32_t address, uint8_t *bytes, size_t n) {
    if (ask_for(q, xprintf(ASK("xp /%zuxw 0x%lx", "memory"), n / 4, (unsigned long)address)) < 0)
        return -1;
    /* Lines of an address, a colon, and words. */
    const char *at = (const char *)q->memory.data;
    for (size_t i = 0; i < n; i += 4) {
        if (!(at = strstr(at, " 0x")))
            return -1;
        uint32_t word = (uint32_t)strtoul(at + 1, NULL, 16);
        for (unsigned k = 0; k < 4; k++)
            bytes[i + k] = (uint8_t)(word >> 8 * k);
        at += 3;
    }
    return 0;
}

int qmp_save(struct qmp *q, uint32_t address, size_t n, const char *path) {
    if (ask_for(q, xprintf(ASK("pmemsave 0x%lx %zu \\\"%s\\\"", "saved"), (unsigned long)address, n,
                           path)) < 0)
        return -1;
    return strstr((char *)q->memory.data, "\"return\": \"\"") ? 0 : -1;
}
