/* command_table.c — the tables of commands, refusals and statements, compiled from their .def files. */
#include <string.h>
#include "../routing/flow.h"
#include "command_table.h"
#include "log.h"
#include "parameters.h"

/* The judges stand in rooms above this one; the table knows them by name alone. */
judge_fn judge_hello, judge_feed, judge_seat, judge_wrapup, judge_phone, judge_submit, judge_split, judge_task,
	judge_move, judge_rate, judge_clock, judge_part, judge_order, judge_calendar, judge_similar, judge_show,
	judge_suggest, judge_draft, judge_try, judge_trial, judge_channel, judge_webhook, judge_apply,
	judge_danger, judge_hand_over, judge_intake_hand_over, judge_police_platform, judge_police_word,
	judge_filter, judge_erasure, judge_export;
finish_fn finish_hello, finish_unseal, finish_code, finish_calendar_try, finish_calendar_set, finish_similar, finish_try,
	finish_candidates, finish_secret, finish_case, finish_suggest, finish_filter, finish_case_code, finish_police_words;

enum { LANE_NONE = -1 };

static const struct command commands[] = {
#define COMMAND(name, who, lane, statement, judge, finish, parameters, sentence) \
	{ name, who, LANE_##lane, statement, judge, finish, parameters, sentence },
#include "commands.def"
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const struct { const char *name; int number; bool retry; const char *sentence; } refusals[] = {
#define REFUSAL(name, number, retry, sentence) { #name, number, retry, sentence },
#include "refusals.def"
#undef REFUSAL
};

static const char *const own_statements[] = {
#define STATEMENT(name) #name,
#include "statements.def"
#undef STATEMENT
};

/* account, request, parameters */
enum { STATEMENT_PARAMETERS = 3 };
static struct store_statement statements[COMMAND_COUNT + STATEMENT_COUNT];
static size_t statement_count;
static size_t number_of_command[COMMAND_COUNT], number_of_own[STATEMENT_COUNT];

static size_t statement_add(const char *function)
{
	for (size_t i = 0; i < statement_count; i++)
		if (strcmp(statements[i].function, function) == 0)
			return i;
	statements[statement_count] =
		(struct store_statement){ .function = function, .parameters = STATEMENT_PARAMETERS };
	return statement_count++;
}

static void statements_gather(void)
{
	if (statement_count > 0)
		return;
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (commands[i].statement)
			number_of_command[i] = statement_add(commands[i].statement);
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		number_of_own[i] = statement_add(own_statements[i]);
}

size_t command_table(const struct command **ret_table)
{
	*ret_table = commands;
	return COMMAND_COUNT;
}

size_t statement_table(const struct store_statement **ret_table)
{
	statements_gather();
	*ret_table = statements;
	return statement_count;
}

size_t command_statement(size_t command)
{
	statements_gather();
	return number_of_command[command];
}

size_t statement_number(enum statement statement)
{
	statements_gather();
	return number_of_own[statement];
}

bool command_find(const char *name, size_t *ret_command)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0) {
			*ret_command = i;
			return true;
		}
	return false;
}

static bool row_ok(size_t row)
{
	const struct command *command = &commands[row];
	size_t first;

	if (!parameters_spec_ok(command->parameters)) {
		log_text(LOG_ERROR, "command", "commands.def: parameters of %s cannot be read", command->name);
		return false;
	}
	if (command_find(command->name, &first) && first != row) {
		log_text(LOG_ERROR, "command", "commands.def: %s stands there twice", command->name);
		return false;
	}
	if (command->lane == LANE_NONE ? command->judge == NULL : command->statement == NULL) {
		log_text(LOG_ERROR, "command", "commands.def: nothing answers %s", command->name);
		return false;
	}
	return true;
}

bool command_table_ok(void)
{
	bool ok = true;

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		ok = row_ok(i) && ok;
	return ok;
}

enum refusal refusal_find(const char *name)
{
	for (size_t i = 0; i < REFUSAL_COUNT; i++)
		if (strcmp(refusals[i].name, name) == 0)
			return (enum refusal)i;
	return REFUSE_internal;
}

int refusal_number(enum refusal why)
{
	return refusals[why].number;
}

const char *refusal_sentence(enum refusal why)
{
	return refusals[why].sentence;
}

const char *refusal_name(enum refusal why)
{
	return refusals[why].name;
}

bool refusal_retry(enum refusal why)
{
	return refusals[why].retry;
}
