/* QEMU's monitor: three messages are sent, one is understood. */
#include "images/machine/qmp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REGISTERS(ID)                                                                              \
    "{\"execute\":\"human-monitor-command\",\"arguments\":"                                        \
    "{\"command-line\":\"info registers\"},\"id\":\"" ID "\"}\n"

/* Without the stop, a processor in the middle of translated code shows an old EIP. */
static const char ask_state[] = REGISTERS("state");
static const char ask_sample[] =
    "{\"execute\":\"stop\"}\n" REGISTERS("sample") "{\"execute\":\"cont\"}\n";

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
}

void qmp_ask(struct qmp *q, bool sample) {
    if (!q->ready || q->waiting)
        return;
    q->waiting = true;
    send_text(q, sample ? ask_sample : ask_state);
}

/* The number after `name` in the text, as strtoul reads it in that base; 0 without one. */
static uint32_t field(const char *text, const char *name, int base) {
    const char *at = strstr(text, name);
    return at ? (uint32_t)strtoul(at + strlen(name), NULL, base) : 0;
}

/* One message, a line of JSON. Returns true if it is an answer. */
static bool understand(struct qmp *q, const char *message, struct cpu_state *state) {
    if (strstr(message, "\"QMP\"")) {
        send_text(q, "{\"execute\":\"qmp_capabilities\",\"id\":\"ready\"}\n");
        return false;
    }
    if (strstr(message, "\"id\": \"ready\"")) {
        q->ready = true;
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
