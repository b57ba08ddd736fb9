/* parameter_types.h — the types of parameters.c: each with the argument it takes and its check. */
#ifndef SERVER_PARAMETER_TYPES_H
#define SERVER_PARAMETER_TYPES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "parameters.h"

enum { FAULT_ROOM = 200 };

/* A check looks at the value, may replace it in params, and writes a sentence when it is wrong. */
typedef bool check_fn(const struct parameter *field, json_t *params, json_t *value, char fault[FAULT_ROOM]);

struct parameter_type {
	const char *name;
	enum { ARGUMENT_NONE, ARGUMENT_LENGTH, ARGUMENT_RANGE, ARGUMENT_WORDS, ARGUMENT_LIST } argument;
	check_fn *check;
};

/* NULL if there is no such type. */
const struct parameter_type *parameter_type_find(const char *name);
bool parameter_argument_ok(const struct parameter_type *type, const char *text);
/* Half-width and full-width white space at both ends goes. */
const char *text_trim(const char *text, size_t *len);

#endif
