/* The pictures of how everything is built. */
#include <string.h>

#include "verify/report/report.h"

enum { WIDTH = 360, BOX = 44, GAP = 46 };

/* A box of a chain, and the arrow that leads to the next. */
struct box {
    const char *title;
    const char *sub;
    const char *by;   /* who makes what the arrow carries */
    const char *file; /* whose hash stands on the arrow */
};

static const struct box CHAIN[] = {
    {"hex0/mini.hex0", "text, read by people", "sed and printf", "build/seeds/mini.bin"},
    {"mini, the seed", "one boot sector; compiles text on disk", "mini", "build/mini.bin"},
    {"mini, built by mini", "the same bytes", "mini, from stage1.hex0", "build/stage1.bin"},
    {"stage1", "boot sector that compiles the kernel", "mini, from boot.hex0 and kernel.hex0",
     "build/seedbed.bin"},
    {"seedbed", "boot sector and kernel", "seedbed, from its own text", "build/seedbed.bin"},
    {"seedbed, built by itself", "and by stage1, the model, Linux...", NULL, NULL},
};
/* The loop: a trunk, and two branches that end in the same bytes. build/loop/made is what the first
   machine of `make loop` has made. */
static const struct box LOOP[] = {
    {"stage1.hex0, boot.hex0, kernel.hex0", "text, and all that follows is text, too",
     "stage1, at boot", "build/loop/seedbed.bin"},
    {"seedbed", "4,096 bytes: boot sector and kernel", "its hex0, then hex0, hex1, hex2, M0",
     "build/loop/made/boot0/kaem"},
    {"boot0", "hex1, hex2, M0, kaem", "M0 and hex2", "build/loop/made/boot1/pp"},
    {"boot1", "pp and link", "pp and link", "build/loop/made/boot2/scheme"},
    {"boot2", "Scheme, which runs cc.scm", NULL, NULL},
};
static const struct box LOOP_BY_CC[] = {
    {"cc.scm", "C in Scheme, for refmodel", "cc.scm", "build/loop/made/out/model-cc"},
    {"model", "the machine as a program", "model, of the text of the top",
     "build/loop/made/out/seedbed-by-cc"},
    {"seedbed", "4,096 bytes, those of the top", "cc.scm", "build/loop/made/out/pc-cc"},
    {"pc", "a PC as a program", "pc, which boots that, of the text",
     "build/loop/made/out/seedbed-by-pc-cc"},
    {"seedbed", "once more the same", NULL, NULL},
};
static const struct box LOOP_BY_TCC[] = {
    {"cc.scm", "C in Scheme, for the source of tcc", "cc.scm", "build/loop/made/out/tcc0"},
    {"tcc0", "a C compiler, by one in Scheme", "tcc0", "build/loop/made/out/tcc1"},
    {"tcc1", "by itself from here on", "tcc1, then tcc2", "build/loop/made/out/tcc3"},
    {"tcc2 = tcc3", "and what a tcc of gcc makes", "tcc3, of refmodel",
     "build/loop/made/out/model-tcc"},
    {"model", "the machine as a program", "model, of the text of the top",
     "build/loop/made/out/seedbed-by-tcc"},
    {"seedbed", "4,096 bytes, those of the top", "tcc3, of refmodel", "build/loop/made/out/pc-tcc"},
    {"pc", "a PC as a program", "pc, which boots that, of the text",
     "build/loop/made/out/seedbed-by-pc-tcc"},
    {"seedbed", "once more the same", NULL, NULL},
};

static void add_boxes(struct node *page, const char *name, const char *title,
                      const struct box *boxes, int count) {
    struct node *part = node_add(page, name);
    node_put(part, "title", "%s", title);
    node_put(part, "width", "%d", WIDTH);
    node_put(part, "height", "%d", count * (BOX + GAP) - GAP + 2);
    for (int i = 0; i < count; i++) {
        struct node *box = node_add(part, "box");
        node_put(box, "y", "%d", i * (BOX + GAP) + 1);
        node_put(box, "title", "%s", boxes[i].title);
        node_put(box, "sub", "%s", boxes[i].sub);
        if (!boxes[i].by)
            continue;
        struct node *arrow = node_add(box, "arrow");
        struct digest d = digest_of(boxes[i].file);
        node_put(arrow, "by", "%s", boxes[i].by);
        node_put(arrow, "hash", "%.32s%s", d.hash[0] ? d.hash : "not built",
                 d.hash[0] ? "..." : "");
    }
}

void add_chain(struct node *page) {
    add_boxes(page, "chain", "the chain", CHAIN, sizeof CHAIN / sizeof CHAIN[0]);
}

void add_loop_picture(struct node *page) {
    add_boxes(page, "loop_trunk", "from text to Scheme", LOOP, sizeof LOOP / sizeof LOOP[0]);
    add_boxes(page, "loop_branch", "by cc.scm", LOOP_BY_CC,
              sizeof LOOP_BY_CC / sizeof LOOP_BY_CC[0]);
    add_boxes(page, "loop_branch", "by tcc", LOOP_BY_TCC,
              sizeof LOOP_BY_TCC / sizeof LOOP_BY_TCC[0]);
}
