/* rules_book.h — inside of rules.c: the dispatch book from the reply of rules_load(). */
#ifndef SERVER_RULES_BOOK_H
#define SERVER_RULES_BOOK_H

#include <jansson.h>
#include "../routing/dispatch.h"

/* The catalogue with precedents, practice, absences and loads; NULL when memory is out. */
struct dispatch_book *rules_book_read(const json_t *reply);
/* [[dept, open, usual, staffed], …]; false: memory is out, the book is as it was. */
bool rules_book_weigh(struct dispatch_book *book, const json_t *loads);
/* Zeroed room for the rows of an array; never NULL. What stands in a column: "" and 0 where there is nothing. */
void *rows_new(const json_t *array, size_t size);
const char *cell_text(const json_t *row, size_t column);
int cell_number(const json_t *row, size_t column);

#endif
