/* Taking a route. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/process.h"
#include "images/machine/boot.h"
#include "images/machine/image.h"
#include "images/routes/routes.h"
#include "refmodel/hex0.h"

static const double time_limit = 60; /* seconds; QEMU takes less than one */
static const uint64_t disk_size = 4 << 20;

/* The first of the tools that is not here (allocated), or null. */
static char *missing_tool(const char *tools) {
    char *list = xstrdup(tools ? tools : "");
    char *missing = NULL;
    for (char *word = strtok(list, " "); word && !missing; word = strtok(NULL, " "))
        if (!process_found(word))
            missing = xstrdup(word);
    free(list);
    return missing;
}

/* The script of the kernel that makes /dev/hda of the text. */
static struct buffer make_script(const struct buffer *text) {
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\nsrc %zu /a.hex0\n", text->len);
    buffer_append(&script, text->data, text->len);
    buffer_printf(&script, "hex0 /a.hex0 /dev/hda\n");
    return script;
}

static int by_hex0(const struct program *program, struct buffer *made, struct problem *p) {
    struct hex0_error e;
    const struct buffer *text = &program->text;
    uint8_t *room = buffer_room(made, hex0_bound(text->len));
    if (hex0_compile(text->data, text->len, true, room, &made->len, &e) < 0)
        return problem_set(p, "%s: line %zu of the text: %s", program->name, e.line, e.what);
    return 0;
}

/* Writes FOLDER/PROGRAM.SUFFIX; the name (allocated) becomes the environment's variable. */
static int put(const struct routes *r, const struct program *program, const char *variable,
               const struct buffer *content, struct problem *p) {
    char *path = xprintf("%s/%s.%s", r->folder, program->name, variable);
    int status = write_file(path, content->data, content->len, p);
    setenv(variable, path, 1);
    free(path);
    return status;
}

static int by_shell(const struct routes *r, const struct route *route, struct buffer *made,
                    struct problem *p) {
    const struct program *program = &r->programs[route->program];
    struct buffer script = make_script(&program->text);
    struct buffer output = {0};
    char *sources =
        xprintf("%s %s", program->sources[0], program->sources[1] ? program->sources[1] : "");
    char *out = xprintf("%s/%s.bin", r->folder, route->name);
    char *argv[] = {"sh", "-c", (char *)route->shell, NULL};
    setenv("SOURCES", sources, 1);
    setenv("OUT", out, 1);
    unlink(out);
    int status = put(r, program, "TEXT", &program->text, p);
    if (status == 0)
        status = put(r, program, "SCRIPT", &script, p);
    if (status == 0)
        status = process_output(argv, &output, p);
    if (status == 0)
        status = read_file(out, made, p);
    buffer_free(&output);
    buffer_free(&script);
    free(out);
    free(sources);
    return status;
}

/* The program that makes the bytes: the seed of it, or what another route has made. */
static const struct buffer *maker_of(const struct routes *r, const struct route *route) {
    for (const struct route *other = ROUTES; route->with && other->name; other++)
        if (strcmp(other->name, route->with) == 0 && route_made(r, other)->len)
            return route_made(r, other);
    enum program_id id = route->maker == BY_MINI ? MINI : route->maker == BY_STAGE1 ? STAGE1 : FULL;
    return &r->programs[id].seed;
}

/* What stands on the disk before the script. */
static int make_head(const struct routes *r, const struct route *route, struct buffer *head,
                     struct problem *p) {
    const struct buffer *maker = maker_of(r, route);
    if (route->maker != BY_STAGE1) {
        buffer_append(head, maker->data, maker->len);
        return 0;
    }
    struct buffer kernel = {0};
    char *path = home_path(r->programs[FULL].sources[1]);
    int status = read_file(path, &kernel, p);
    if (status == 0)
        status = image_head_staged(maker, &kernel, head, p);
    buffer_free(&kernel);
    free(path);
    return status;
}

/* Takes what the maker has left; that it ended as it should is checked first. */
static int take(const struct program *program, enum maker maker, const struct run_result *result,
                struct buffer *made, struct problem *p) {
    if (maker == BY_MINI && result->end == RUN_RESET)
        return run_disk(result, 0, program->seed.len, made, p);
    if (maker != BY_MINI && result->end == RUN_FINISHED)
        return run_artifact(result, made, p);
    if (result->end == RUN_FINISHED)
        return problem_set(p, "a kernel's end where mini's was expected");
    if (result->end == RUN_ERROR)
        return problem_set(p, "%s", result->message);
    struct buffer tail = {0};
    run_log_tail(result, 1, &tail);
    buffer_append(&tail, "", 1);
    tail.data[strcspn((char *)tail.data, "\n")] = 0;
    problem_set(p, "%s; last on the console:%s", result->message,
                tail.len > 1 ? (char *)tail.data + 1 : " nothing");
    buffer_free(&tail);
    return -1;
}

static int by_machine(const struct routes *r, const struct route *route,
                      const struct engine *engine, struct buffer *made, struct problem *p) {
    const struct program *program = &r->programs[route->program];
    struct buffer head = {0}, script = make_script(&program->text);
    struct run_request request = {.head = &head,
                                  .text = route->maker == BY_MINI ? &program->text : &script,
                                  .size = disk_size,
                                  .timeout = time_limit};
    struct run_result result = {0};
    int status = make_head(r, route, &head, p);
    if (status == 0)
        status = boot(engine, &request, &result, p);
    if (status == 0)
        status = take(program, route->maker, &result, made, p);
    run_result_free(&result);
    buffer_free(&script);
    buffer_free(&head);
    return status;
}

/* The same, if the engine can be used here. */
static int by_engine(const struct routes *r, const struct route *route, struct buffer *made,
                     struct problem *p) {
    char *why = NULL;
    const struct engine *engine = r->engine;
    if (route->engine && !(engine = engine_choose(route->engine, NULL, p)))
        return -1;
    if (route->engine && engine->works && !engine->works(&why)) {
        problem_set(p, "%s", why);
        free(why);
        return 1;
    }
    free(why);
    if (engine->script_only && route->maker != BY_KERNEL) {
        problem_set(p, "%s runs scripts alone", engine->name);
        return 1;
    }
    return by_machine(r, route, engine, made, p);
}

int route_take(struct routes *r, const struct route *route, struct problem *p) {
    struct program *program = &r->programs[route->program];
    struct buffer *made = route_made(r, route);
    char *missing = missing_tool(route->tools);
    int status = 0;
    made->len = 0;
    if (missing) {
        problem_set(p, "no %s here", missing);
        free(missing);
        return 1;
    }
    if (route->maker == BY_SEED)
        buffer_append(made, program->seed.data, program->seed.len);
    else if (route->maker == BY_HEX0)
        status = by_hex0(program, made, p);
    else if (route->maker == BY_SHELL)
        status = by_shell(r, route, made, p);
    else
        status = by_engine(r, route, made, p);
    if (status == 0)
        program_compare(program, route->what, made);
    return status;
}
