/* public_view.h — a ticket as its citizen may see it: what the database gave, without the people in it. */
#ifndef SERVER_PUBLIC_VIEW_H
#define SERVER_PUBLIC_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct seal;

/* The text with every occurrence of each secret starred out; malloc'ed. Secrets shorter than two
 * Chinese characters are left: they would tear holes into words. */
char *public_redact(const char *text, const char *const secrets[], size_t count);

/* Make the reply of public_view (sql/functions/public.sql) into what is sent: contact data out of
 * every text, words for grades, and "can", the moves that the law gives a citizen now. false: the
 * contact data does not open (logged), and nothing may be sent. */
bool public_view_finish(const struct seal *seal, json_t *view);

/* The same of the reply of public_case (sql/functions/public_case.sql): contact data out of every text but the
 * number. false: as above. */
bool public_case_finish(const struct seal *seal, json_t *view);

#endif
