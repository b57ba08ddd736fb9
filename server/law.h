/* law.h — is the flow in the database the flow that this program was compiled from? */
#ifndef SERVER_LAW_H
#define SERVER_LAW_H

#include <stdbool.h>

/* law: JSON text of the reply of SQL function flow_load, NULL when there was none. The first
 * difference is logged. */
bool law_matches(const char *law);

#endif
