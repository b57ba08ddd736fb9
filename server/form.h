/* form.h — bodies in application/x-www-form-urlencoded, read without trust. Pure: no I/O, no clock. */
#ifndef SERVER_FORM_H
#define SERVER_FORM_H

#include <jansson.h>
#include <stddef.h>

enum { FORM_FIELDS_MOST = 200, FORM_NAME_MOST = 100 };

/* A new object {"name": ["value", …]} in the order of the form, names and values decoded; empty values
 * stay. NULL: it is no such form (broken %, bytes that are no UTF-8, NUL, too many fields or too long a
 * name), and *ret_fault says what is wrong. */
json_t *form_parse(const char *text, size_t len, const char **ret_fault);

/* The only value of a field; NULL when it is absent, empty or given several times. */
const char *form_value(const json_t *form, const char *name);

#endif
