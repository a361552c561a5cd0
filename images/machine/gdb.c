/* The PC under gdb, see gdb.h. */
#include "images/machine/gdb.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "images/lib/stop.h"
#include "images/machine/gdb_where.h"

enum { BREAKPOINTS = 64, PACKET = 4096, STEPS = 1 << 18, SLICE = 1 << 22, INTERRUPT = 3 };
enum { REGISTERS = 16, EIP = 8, EFLAGS = 9 };

struct gdb {
    int fd;
    struct pc *pc;
    uint32_t breakpoint[BREAKPOINTS];
    unsigned breakpoints;
    char packet[PACKET + 1]; /* the last one, without its frame */
    struct buffer in;
    bool gone;
    bool killed;
    bool (*idle)(void *arg);
    void *arg;
    enum pc_end end;
};

static int hex_digit(char c) {
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

static void send_bytes(struct gdb *g, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t done = send(g->fd, bytes, n, MSG_NOSIGNAL);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            g->gone = true;
            return;
        }
        bytes += done;
        n -= (size_t)done;
    }
}

static void answer(struct gdb *g, const char *text) {
    unsigned sum = 0;
    for (const char *c = text; *c; c++)
        sum += (unsigned char)*c;
    char *framed = xprintf("$%s#%02x", text, sum & 0xFF);
    send_bytes(g, framed, strlen(framed));
    free(framed);
}

/* Reads what has come; waits for it if asked to. */
static void receive(struct gdb *g, bool wait) {
    struct pollfd ready = {g->fd, POLLIN, 0};
    if (poll(&ready, 1, wait ? 100 : 0) <= 0)
        return;
    ssize_t n = recv(g->fd, buffer_room(&g->in, 4096), 4096, 0);
    if (n > 0)
        g->in.len += (size_t)n;
    else if (n == 0 || errno != EINTR)
        g->gone = true;
}

static void drop(struct gdb *g, size_t n) {
    memmove(g->in.data, g->in.data + n, g->in.len - n);
    g->in.len -= n;
}

/* Takes one packet from what has come. */
static bool take_packet(struct gdb *g) {
    uint8_t *start = g->in.len ? memchr(g->in.data, '$', g->in.len) : NULL;
    if (!start)
        return false;
    drop(g, (size_t)(start - g->in.data));
    uint8_t *hash = memchr(g->in.data, '#', g->in.len);
    size_t n = hash ? (size_t)(hash - g->in.data) : 0;
    if (!hash || g->in.len < n + 3)
        return false;
    size_t kept = n - 1 < PACKET ? n - 1 : PACKET;
    memcpy(g->packet, g->in.data + 1, kept);
    g->packet[kept] = 0;
    drop(g, n + 3);
    send_bytes(g, "+", 1);
    return true;
}

static void add_word(struct buffer *b, uint32_t v) {
    for (int k = 0; k < 4; k++, v >>= 8)
        buffer_printf(b, "%02x", (unsigned)(v & 0xFF));
}

static const uint8_t selectors[6] = {1, 2, 3, 0, 4, 5}; /* cs ss ds es fs gs of ES CS SS... */

static uint32_t *register_of(struct pc_registers *r, unsigned n, uint32_t *other) {
    if (n < 8)
        return &r->general[n];
    if (n == EIP)
        return &r->eip;
    if (n == EFLAGS)
        return &r->eflags;
    *other = r->selector[selectors[n - 10]];
    return other;
}

static void read_registers(struct gdb *g) {
    struct pc_registers r;
    struct buffer text = {0};
    uint32_t other;
    pc_registers(g->pc, &r);
    r.eip += r.code_base;
    for (unsigned n = 0; n < REGISTERS; n++)
        add_word(&text, *register_of(&r, n, &other));
    buffer_append(&text, "", 1);
    answer(g, (char *)text.data);
    buffer_free(&text);
}

static bool read_word(const char **at, uint32_t *v) {
    *v = 0;
    for (int k = 0; k < 8; k++) {
        int digit = hex_digit((*at)[k]);
        if (digit < 0)
            return false;
        *v |= (uint32_t)digit << (8 * (k / 2) + (k % 2 ? 0 : 4));
    }
    *at += 8;
    return true;
}

/* Loads the segment register of gdb's number n, if that changes it. */
static bool set_selector(struct gdb *g, unsigned n, uint32_t v) {
    struct pc_registers r;
    unsigned segment = selectors[n - 10];
    pc_registers(g->pc, &r);
    return v == r.selector[segment] ||
           (v <= 0xFFFF && pc_set_selector(g->pc, segment, (uint16_t)v));
}

/* `G` sets all, `P n=v` one. */
static bool set_registers(struct gdb *g) {
    struct pc_registers r;
    const char *at = g->packet + 1;
    unsigned first = 0, last = REGISTERS - 1;
    uint32_t other;
    char *equals;
    pc_registers(g->pc, &r);
    r.eip += r.code_base;
    if (g->packet[0] == 'P') {
        first = last = (unsigned)strtoul(at, &equals, 16);
        at = equals + (*equals == '=');
    }
    for (unsigned n = first; n <= last && n < REGISTERS; n++)
        if (!read_word(&at, register_of(&r, n, &other)) ||
            (n > EFLAGS && !set_selector(g, n, other)))
            return false;
    struct pc_registers now;
    pc_registers(g->pc, &now); /* CS may be another */
    r.eip -= now.code_base;
    pc_set_registers(g->pc, &r);
    return true;
}

static void write_registers(struct gdb *g) {
    answer(g, set_registers(g) ? "OK" : "E01");
}

static void memory(struct gdb *g) {
    char *end;
    uint32_t address = (uint32_t)strtoul(g->packet + 1, &end, 16);
    size_t n = *end == ',' ? strtoul(end + 1, &end, 16) : 0;
    uint8_t bytes[PACKET / 2];
    struct buffer text = {0};
    bool ok = n <= sizeof bytes;
    if (g->packet[0] == 'm') {
        size_t k = 0;
        while (ok && k < n && pc_peek(g->pc, address + (uint32_t)k, &bytes[k], 1))
            buffer_printf(&text, "%02x", bytes[k++]);
        ok = k > 0;
    } else {
        const char *at = end + (*end == ':');
        for (size_t k = 0; ok && k < n; k++, at += 2) {
            ok = hex_digit(at[0]) >= 0 && hex_digit(at[1]) >= 0;
            bytes[k] = ok ? (uint8_t)(hex_digit(at[0]) << 4 | hex_digit(at[1])) : 0;
        }
        ok = ok && pc_poke(g->pc, address, bytes, n);
        buffer_printf(&text, "OK");
    }
    buffer_append(&text, "", 1);
    answer(g, ok ? (char *)text.data : "E14");
    buffer_free(&text);
}

/* Z0 Z1 z0 z1: an address where to stop. */
static void breakpoint(struct gdb *g) {
    uint32_t address = (uint32_t)strtoul(g->packet + 3, NULL, 16);
    bool set = g->packet[0] == 'Z';
    if (g->packet[1] != '0' && g->packet[1] != '1') {
        answer(g, "");
        return;
    }
    unsigned n = 0;
    while (n < g->breakpoints && g->breakpoint[n] != address)
        n++;
    if (set && n == BREAKPOINTS) {
        answer(g, "E01");
        return;
    }
    if (set && n == g->breakpoints)
        g->breakpoint[g->breakpoints++] = address;
    else if (!set && n < g->breakpoints)
        g->breakpoint[n] = g->breakpoint[--g->breakpoints];
    answer(g, "OK");
}

static bool at_breakpoint(const struct gdb *g) {
    struct pc_registers r;
    pc_registers(g->pc, &r);
    for (unsigned n = 0; n < g->breakpoints; n++)
        if (g->breakpoint[n] == r.code_base + r.eip)
            return true;
    return false;
}

/* Runs a while: with breakpoints one instruction at a time. True: it stands at one. */
static bool run_on(struct gdb *g) {
    if (!g->breakpoints) {
        g->end = pc_run(g->pc, SLICE);
        return false;
    }
    for (int n = 0; n < STEPS && g->end == PC_RUNNING; n++) {
        g->end = pc_step(g->pc);
        if (at_breakpoint(g))
            return true;
    }
    return false;
}

static void say_why(struct gdb *g) {
    answer(g, g->end == PC_RUNNING ? "S05" : "W00");
}

static void go_on(struct gdb *g) {
    bool stopped = false;
    while (g->end == PC_RUNNING && !stopped && !g->gone) {
        stopped = run_on(g);
        receive(g, false);
        if (g->in.len && memchr(g->in.data, INTERRUPT, g->in.len)) {
            g->in.len = 0;
            stopped = true;
        }
        if (g->idle(g->arg))
            g->killed = g->gone = true;
    }
    say_why(g);
}

/* `monitor WORD`, in hexadecimal digits, as is the answer. */
static void monitor(struct gdb *g) {
    char word[16] = "";
    const char *at = g->packet + 6;
    for (size_t n = 0; n + 1 < sizeof word && hex_digit(at[0]) >= 0; n++, at += 2)
        word[n] = (char)(hex_digit(at[0]) << 4 | hex_digit(at[1]));
    struct buffer text = {0}, hex = {0};
    struct pc_registers r;
    pc_registers(g->pc, &r);
    if (strcmp(word, "where") == 0)
        gdb_where(&r, &text);
    else
        buffer_printf(&text, "monitor where: mode, CS:EIP, segments, tables\n");
    for (size_t n = 0; n < text.len; n++)
        buffer_printf(&hex, "%02x", text.data[n]);
    buffer_append(&hex, "", 1);
    answer(g, (char *)hex.data);
    buffer_free(&text);
    buffer_free(&hex);
}

static void obey(struct gdb *g) {
    switch (g->packet[0]) {
    case '?':
        say_why(g);
        break;
    case 'g':
        read_registers(g);
        break;
    case 'G':
    case 'P':
        write_registers(g);
        break;
    case 'm':
    case 'M':
        memory(g);
        break;
    case 'Z':
    case 'z':
        breakpoint(g);
        break;
    case 's':
        g->end = pc_step(g->pc);
        say_why(g);
        break;
    case 'c':
        go_on(g);
        break;
    case 'k':
        g->killed = g->gone = true;
        break;
    case 'D':
        answer(g, "OK");
        g->gone = true;
        break;
    case 'H':
        answer(g, "OK");
        break;
    case 'q':
        if (strncmp(g->packet, "qRcmd,", 6) == 0) {
            monitor(g);
            break;
        }
        answer(g, strncmp(g->packet, "qSupported", 10) == 0 ? "PacketSize=1000"
                  : strncmp(g->packet, "qAttached", 9) == 0 ? "1"
                                                            : "");
        break;
    default:
        answer(g, "");
        break;
    }
}

/* A connection from gdb, or -1. */
static int wait_for_gdb(uint64_t port, bool (*idle)(void *arg), void *arg, struct problem *p) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fd = -1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, 1) < 0) {
        problem_set(p, "port %llu: %s", (unsigned long long)port, strerror(errno));
        close(listener);
        return -1;
    }
    fprintf(stderr, "seedbed: waiting for gdb: target remote :%llu\n", (unsigned long long)port);
    while (fd < 0 && !idle(arg)) {
        struct pollfd ready = {listener, POLLIN, 0};
        if (poll(&ready, 1, 100) > 0)
            fd = accept(listener, NULL, NULL);
    }
    close(listener);
    if (fd < 0)
        problem_set(p, "no gdb came");
    return fd;
}

int gdb_run(struct pc *pc, uint64_t port, bool (*idle)(void *arg), void *arg, enum pc_end *end,
            bool *killed, struct problem *p) {
    struct gdb g = {.pc = pc, .idle = idle, .arg = arg, .end = PC_RUNNING};
    g.fd = wait_for_gdb(port, idle, arg, p);
    if (g.fd < 0)
        return -1;
    while (!g.gone) {
        receive(&g, true);
        while (!g.gone && take_packet(&g))
            obey(&g);
        if (!g.gone && g.end == PC_RUNNING && stop_wanted())
            g.gone = g.killed = true;
    }
    close(g.fd);
    buffer_free(&g.in);
    *end = g.end;
    *killed = g.killed;
    return 0;
}
