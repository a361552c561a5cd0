/* The loop in which programs run, and what makes it stop. */
#include "refmodel/builder/run.h"

#include "refmodel/builder/console.h"
#include "refmodel/builder/machine.h"
#include "refmodel/builder/syscalls.h"

/* How many instructions may run before somebody looks at the clock: at most a few hundredths. */
enum { SLICE = 1 << 22 };

static uint64_t next_slice(const struct seedbed *s) {
    uint64_t limit = s->config.max_instructions;
    uint64_t left = limit - s->cpu.count;
    uint64_t slice = limit && left < SLICE ? left : SLICE;
    uint64_t every = s->config.sample_every;
    return every && every < slice ? every : slice;
}

static void check_limits(struct seedbed *s) {
    if (s->config.max_instructions && s->cpu.count >= s->config.max_instructions)
        build_stop(s, SEEDBED_LIMIT, "more than %llu instructions",
                   (unsigned long long)s->config.max_instructions);
    if (s->config.max_seconds > 0 && seconds_since(&s->began) >= s->config.max_seconds)
        build_stop(s, SEEDBED_LIMIT, "more than %g seconds", s->config.max_seconds);
    if (s->config.tick && s->config.tick(s->config.user))
        build_stop(s, SEEDBED_STOPPED, "stopped");
}

static void stopped(struct seedbed *s, enum stop why) {
    unsigned long eip = s->cpu.eip;
    switch (why) {
    case STOP_SYSCALL:
        s->profile.program[s->profile.current].calls++;
        system_call(s);
        break;
    case STOP_FAULT:
        build_error(s, "fault %02X at %08lX", (unsigned)s->cpu.vector, eip);
        break;
    case STOP_HALT:
        build_stop(s, SEEDBED_HALTED, "a program halted the machine before %08lX", eip);
        break;
    case STOP_UNSUPPORTED:
        if (s->memory.unpaged)
            build_stop(s, SEEDBED_UNSUPPORTED, "the machine was taken over at %08lX",
                       (unsigned long)s->cpu.fault_eip);
        build_stop(s, SEEDBED_UNSUPPORTED, "instruction at %08lX that the model does not have",
                   (unsigned long)s->cpu.fault_eip);
        break;
    default:
        check_limits(s);
        break;
    }
}

uint32_t seedbed_where(const struct seedbed *s, const char **program) {
    *program = s->process ? s->profile.program[s->process->program].path : NULL;
    return s->cpu.eip;
}

/* Tells the listener where the program is, if it is time. */
static void sample(struct seedbed *s, uint64_t *sampled) {
    const char *program;
    if (!s->config.sample_every || s->cpu.count - *sampled < s->config.sample_every)
        return;
    *sampled = s->cpu.count;
    uint32_t eip = seedbed_where(s, &program);
    if (program)
        s->config.sample(s->config.user, program, eip);
}

void run_programs(struct seedbed *s) {
    uint64_t looked = s->cpu.count, sampled = s->cpu.count;
    while (s->process && !s->ended) {
        stopped(s, cpu_run(&s->cpu, next_slice(s)));
        sample(s, &sampled);
        if (s->cpu.count - looked >= SLICE || next_slice(s) == 0) {
            looked = s->cpu.count;
            check_limits(s);
        }
        if (s->memory.pool.full)
            build_error(s, "%s: no memory", s->command);
        if (s->memory.exhausted || s->files.exhausted || s->cpu.out_of_memory)
            build_stop(s, SEEDBED_NO_MEMORY, "the host has no memory left");
    }
    proc_free_all(s);
}
