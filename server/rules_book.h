/* rules_book.h — inside of rules.c: the dispatch book from the reply of rules_load(). */
#ifndef SERVER_RULES_BOOK_H
#define SERVER_RULES_BOOK_H

#include <jansson.h>
#include "../routing/dispatch.h"

/* The catalogue with precedents, practice, absences and loads; NULL when memory is out. */
struct dispatch_book *rules_book_read(const json_t *reply);
/* [[dept, open, usual, staffed], …]; false: memory is out, the book is as it was. */
bool rules_book_weigh(struct dispatch_book *book, const json_t *loads);

#endif
