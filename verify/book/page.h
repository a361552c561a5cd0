/* The pages of the book. */
#ifndef VERIFY_BOOK_PAGE_H
#define VERIFY_BOOK_PAGE_H

#include "images/hexfmt/listing.h"

/* Appends the page of a listing as HTML; `style` is the text of the style sheet. */
void page_listing(const struct listing *l, const char *style, struct buffer *out);

/* Appends the first page: the listings with what of them has run. `links` are their pages. */
void page_index(const struct listing *all, const char *const *links, size_t n, const char *style,
                struct buffer *out);

#endif
