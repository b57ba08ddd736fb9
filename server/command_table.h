/* command_table.h — commands.def and statements.def as one list of statements to prepare. */
#ifndef SERVER_COMMAND_TABLE_H
#define SERVER_COMMAND_TABLE_H

#include <stdio.h>
#include "command.h"
#include "room.h"

/* Every SQL function that this binary calls, each once: what store_open() prepares. */
size_t statement_table(const struct store_statement **ret_table);
/* The number in statement_table() of a command's statement; only for commands that have one. */
size_t command_statement(size_t command);
/* The command of that name; false if there is none. */
bool command_find(const char *name, size_t *ret_command);
/* Whether the same request may be sent again unchanged. */
bool refusal_retry(enum refusal why);
/* Whether every row can be read: names differ, specs are well-formed. Logs each fault. */
bool command_table_ok(void);

/* The tables as documents: docs/COMMANDS.md and web-agent/src/generated/commands.ts. */
void command_print_markdown(FILE *out);
void command_print_typescript(FILE *out);

#endif
