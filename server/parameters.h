/* parameters.h — check the parameters of a command against its row's text ("id:id text:text(40)?").
 * Unknown names are errors: a typing mistake must not be ignored. Texts are trimmed in place. */
#ifndef SERVER_PARAMETERS_H
#define SERVER_PARAMETERS_H

#include <jansson.h>
#include <stdbool.h>

/* true when params fit. Otherwise *ret_faults is a new object {"field":"what is wrong and what to
 * do"} with every fault found. A phone is replaced by its normalised digits. */
bool parameters_check(const char *spec, json_t *params, json_t **ret_faults);

/* The members of a value of type `filter`, itself a spec: what a search of tickets asks (sql/functions/search.sql
 * says what they mean). Faults of members are named "filter.text". */
extern const char parameter_filter_spec[];

/* One word of a spec: name:type(argument)? */
struct parameter {
	char name[32], type[16];
	char argument[96];       /* between the parentheses, "" without */
	bool optional;
};
/* Reads one parameter of a spec and steps over it: 1 = read, 0 = end of the spec, -1 = malformed. */
int parameter_next(const char **at, struct parameter *ret);

/* Whether a spec text itself is well-formed; asked for every row at start and by a unit test. */
bool parameters_spec_ok(const char *spec);

#endif
