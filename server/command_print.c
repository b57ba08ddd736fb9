/* command_print.c — the tables of commands and refusals as a document and as TypeScript. */
#include <string.h>
#include "../routing/flow.h"
#include "../routing/terms.h"
#include "command_table.h"
#include "parameters.h"

static void print_roles(FILE *out, unsigned who)
{
	const struct term *roles;
	size_t count = terms_all(TERMS_ROLE, &roles);
	const char *before = "";

	if (who == 0)
		fputs("未登录也可", out);
	for (size_t i = 0; i < count; i++)
		if (who & (unsigned)roles[i].number) {
			fprintf(out, "%s%s", before, roles[i].term);
			before = "、";
		}
}

/* Bars would end a cell of the table. */
static void print_cell(FILE *out, const char *text)
{
	for (; *text; text++)
		fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
}

static const char *lane_name(int lane)
{
	switch (lane) {
	case LANE_WRITE: return "write";
	case LANE_READ: return "read";
	case LANE_SLOW: return "slow";
	default: return "none";
	}
}

static void print_refusals_markdown(FILE *out)
{
	fputs("\n## Refusals\n\n| code | data.name | retry | message |\n| --- | --- | --- | --- |\n", out);
	for (int i = 0; i < REFUSAL_COUNT; i++)
		fprintf(out, "| %d | %s | %s | %s |\n", refusal_number(i), refusal_name(i),
		        refusal_retry(i) ? "yes" : "no", refusal_sentence(i));
}

void command_print_markdown(FILE *out)
{
	const struct command *table;
	size_t count = command_table(&table);

	fputs("# Commands\n\nMade from server/commands.def and server/refusals.def by `hotlined commands --markdown`; "
	      "do not edit.\nHow they travel: [PROTOCOL.md](PROTOCOL.md). A command of lane `write` also carries "
	      "`request`, a UUID.\n\n| command | who | lane | parameters | meaning |\n"
	      "| --- | --- | --- | --- | --- |\n", out);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "| %s | ", table[i].name);
		print_roles(out, table[i].who);
		fprintf(out, " | %s | ", lane_name(table[i].lane));
		print_cell(out, table[i].parameters);
		fprintf(out, " | %s |\n", table[i].sentence);
	}
	fputs("\nMembers of a `filter` ([SEARCH.md](SEARCH.md)): ", out);
	print_cell(out, parameter_filter_spec);
	fputs(".\n", out);
	print_refusals_markdown(out);
}

/* ---- TypeScript ----------------------------------------------------------------------------- */

/* 'a' | 'b' of "a|b". */
static void print_words(FILE *out, const char *words)
{
	fputs("'", out);
	for (; *words; words++)
		if (*words == '|')
			fputs("' | '", out);
		else
			fputc(*words, out);
	fputs("'", out);
}

static void print_type(FILE *out, const struct parameter *field)
{
	if (strcmp(field->type, "words") == 0)
		print_words(out, field->argument);
	else if (strcmp(field->type, "list") == 0) {
		fputs("(", out);
		print_words(out, field->argument);
		fputs(")[]", out);
	} else if (strcmp(field->type, "seen") == 0)
		fputs("Seen", out);
	else if (strcmp(field->type, "filter") == 0)
		fputs("Filter", out);
	else if (strcmp(field->type, "texts") == 0 || strcmp(field->type, "codes") == 0)
		fputs("string[]", out);
	else if (strcmp(field->type, "ids") == 0 || strcmp(field->type, "ints") == 0)
		fputs("number[]", out);
	else if (strcmp(field->type, "bool") == 0)
		fputs("boolean", out);
	else if (strcmp(field->type, "text") == 0 || strcmp(field->type, "code") == 0 ||
	         strcmp(field->type, "phone") == 0 || strcmp(field->type, "date") == 0)
		fputs("string", out);
	else
		fputs("number", out);
}

static void print_members(FILE *out, const char *spec, const char *indent)
{
	struct parameter field;

	while (parameter_next(&spec, &field) > 0) {
		fprintf(out, "%s%s%s: ", indent, field.name, field.optional ? "?" : "");
		print_type(out, &field);
		fputs(";\n", out);
	}
}

static void print_parameters(FILE *out, const struct command *command)
{
	fprintf(out, "  /** %s */\n  '%s': ", command->sentence, command->name);
	if (!*command->parameters) {
		fputs("Record<string, never>;\n", out);
		return;
	}
	fputs("{\n", out);
	print_members(out, command->parameters, "    ");
	fputs("  };\n", out);
}

static void print_refusals_typescript(FILE *out)
{
	fputs("\n/** Error codes by the name that data.name gives. */\nexport const refusals = {\n", out);
	for (int i = 0; i < REFUSAL_COUNT; i++)
		fprintf(out, "  %s: { code: %d, retry: %s, sentence: '%s' },\n", refusal_name(i), refusal_number(i),
		        refusal_retry(i) ? "true" : "false", refusal_sentence(i));
	fputs("} as const;\n\nexport type RefusalName = keyof typeof refusals;\n", out);
}

void command_print_typescript(FILE *out)
{
	const struct command *table;
	size_t count = command_table(&table);

	fputs("// Made from server/commands.def and server/refusals.def by `hotlined commands --typescript`; do not edit.\n"
	      "\n/** What the desk saw of a ticket when it decided. */\nexport interface Seen {\n  ver: number;\n"
	      "  state: number;\n  kind: number;\n  urgency: number;\n  matter: string | null;\n}\n\n"
	      "/** What a search asks; all of it must hold, of a list any one (docs/SEARCH.md). */\n"
	      "export interface Filter {\n", out);
	print_members(out, parameter_filter_spec, "  ");
	fputs("}\n\n/** Parameters of each command; a writing one also carries its request id, which the link adds. */\n"
	      "export interface CommandParameters {\n", out);
	for (size_t i = 0; i < count; i++)
		print_parameters(out, &table[i]);
	fputs("}\n\nexport type CommandName = keyof CommandParameters;\n\n"
	      "/** who: roles that may call it, as bits (0 = before login too); write: needs a request id. */\n"
	      "export const commands: Record<CommandName, { who: number; write: boolean; sentence: string }> = {\n", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "  '%s': { who: %u, write: %s, sentence: '%s' },\n", table[i].name, table[i].who,
		        table[i].lane == LANE_WRITE ? "true" : "false", table[i].sentence);
	fputs("};\n", out);
	print_refusals_typescript(out);
}
