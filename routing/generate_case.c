/* Prints what others need of case_flow.def: SQL rows, TypeScript, the docs' picture. */
#include <stdio.h>

#include "case_flow.h"
#include "generate.h"

enum { STATE_END = 100 };

static const struct { unsigned bit; const char *name, *term; } needs[] = {
	{ CASE_NEED_TEXT, "text", "文字" }, { CASE_NEED_REASON, "reason", "理由" }, { CASE_NEED_BASIS, "basis", "依据" },
	{ CASE_NEED_UNTIL, "until", "日期" }, { CASE_NEED_DEPT, "to_dept", "单位" }, { CASE_NEED_GRADE, "grade", "评价等级" },
};
static const struct { unsigned bit; const char *name, *term; } parts[] = {
	{ PART_WINDOW, "window", "收件窗口" }, { PART_LEAD, "lead", "牵头单位" }, { PART_UNIT, "unit", "承办部门" },
	{ PART_SUPERVISOR, "supervisor", "督办员" }, { PART_SYSTEM, "system", "系统" },
};
static const enum case_level kinds[] = { LEVEL_CASE, LEVEL_TASK };    /* whose states there are */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *kind_name(enum case_level level) {
	return level == LEVEL_CASE ? "case" : "work";
}

void case_print_sql(void) {
	const struct case_edge *edge;
	size_t count = case_edges(&edge);
	const char *comma = "";
	puts("-- made by routing/generate_case.c from routing/case_flow.def; do not edit\n"
	     "-- Makes the law of the cases in the database equal to the law in the program; may be run again at any time.\n\n"
	     "insert into case_state (level, state, name, term, open, owner) values");
	for (size_t k = 0; k < COUNT(kinds); k++)
		for (int s = 0; s < STATE_END; s++) {
			if (!case_state_name(kinds[k], s))
				continue;
			printf("%s    ('%s', %d, '%s', '%s', %s, '%s')", comma, kind_name(kinds[k]), s, case_state_name(kinds[k], s),
			       case_state_term(kinds[k], s), case_state_is_open(kinds[k], s) ? "true" : "false",
			       case_owner_name(kinds[k], s));
			comma = ",\n";
		}
	puts("\non conflict (level, state) do update set\n"
	     "    name = excluded.name, term = excluded.term, open = excluded.open, owner = excluded.owner;\n\n"
	     "insert into case_edge (level, action, from_state, to_state, who, needs, clock, look) values");
	for (size_t i = 0; i < count; i++)
		printf("    ('%s', '%s', %d, %d, %u, %u, '%s', %s)%s\n", case_level_name(edge[i].level),
		       case_action_name(edge[i].action), edge[i].from, edge[i].to, edge[i].who, edge[i].needs,
		       case_clock_name(edge[i].clock), edge[i].look ? "true" : "false", i + 1 < count ? "," : "");
	puts("on conflict (level, action, from_state, to_state) do update set\n"
	     "    who = excluded.who, needs = excluded.needs, clock = excluded.clock, look = excluded.look;\n\n"
	     "delete from case_edge where (level, action, from_state, to_state) not in (values");
	for (size_t i = 0; i < count; i++)
		printf("    ('%s', '%s', %d, %d)%s\n", case_level_name(edge[i].level), case_action_name(edge[i].action),
		       edge[i].from, edge[i].to, i + 1 < count ? "," : ");");
}

static void ts_states(const char *list, enum case_level level) {
	printf("export const %s = [\n", list);
	for (int s = 0; s < STATE_END; s++)
		if (case_state_name(level, s))
			printf("  { number: %d, name: '%s', term: '%s', open: %s, owner: '%s' },\n", s, case_state_name(level, s),
			       case_state_term(level, s), case_state_is_open(level, s) ? "true" : "false", case_owner_name(level, s));
	puts("] as const satisfies readonly CaseStateRow[]");
}

void case_print_ts(void) {
	const struct case_edge *edge;
	size_t count = case_edges(&edge);
	puts("// made by routing/generate_case.c from routing/case_flow.def; do not edit\n\n"
	     "export interface CaseStateRow {\n"
	     "  readonly number: number; readonly name: string; readonly term: string\n"
	     "  readonly open: boolean; readonly owner: 'nobody' | 'window' | 'lead' | 'unit'\n"
	     "}\n"
	     "export interface CaseEdge {\n"
	     "  readonly level: 'case' | 'matter' | 'task'; readonly action: string\n"
	     "  readonly from: number; readonly to: number; readonly who: number; readonly needs: number\n"
	     "}\n\n/** 办件状态 */");
	ts_states("caseStates", LEVEL_CASE);
	puts("\n/** 事项和任务的状态 */");
	ts_states("workStates", LEVEL_TASK);
	puts("\n/** 动作 */\nexport const caseActions: Readonly<Record<string, string>> = {");
	for (int a = 0; a < CASE_ACTION_COUNT; a++)
		printf("  %s: '%s',\n", case_action_name((enum case_action)a), case_action_term((enum case_action)a));
	puts("}\n\n/** What somebody is to a case, as bits of `who`. */\nexport const CasePart = {");
	for (size_t i = 0; i < COUNT(parts); i++)
		printf("  %s: %u,\n", parts[i].name, parts[i].bit);
	puts("} as const\n\n/** What a move must carry, as bits of `needs`. */\nexport const CaseNeed = {");
	for (size_t i = 0; i < COUNT(needs); i++)
		printf("  %s: %u,\n", needs[i].name, needs[i].bit);
	puts("} as const\n\nexport const caseEdges = [");
	for (size_t i = 0; i < count; i++)
		printf("  { level: '%s', action: '%s', from: %d, to: %d, who: %u, needs: %u },\n", case_level_name(edge[i].level),
		       case_action_name(edge[i].action), edge[i].from, edge[i].to, edge[i].who, edge[i].needs);
	puts("] as const satisfies readonly CaseEdge[]");
}

static void md_bits(unsigned bits, bool who) {
	const char *comma = "";
	for (size_t i = 0; i < (who ? COUNT(parts) : COUNT(needs)); i++) {
		if (!(bits & (who ? parts[i].bit : needs[i].bit)))
			continue;
		printf("%s%s", comma, who ? parts[i].term : needs[i].term);
		comma = ", ";
	}
}

static void md_picture(enum case_level level, const struct case_edge *edge, size_t count) {
	puts("```mermaid\nstateDiagram-v2");
	for (int s = 1; s < STATE_END; s++)
		if (case_state_name(level, s))
			printf("    state \"%s\" as %s\n", case_state_term(level, s), case_state_name(level, s));
	for (size_t i = 0; i < count; i++)
		if (edge[i].level == level && !edge[i].look && edge[i].from != edge[i].to)
			printf("    %s --> %s: %s\n", edge[i].from == 0 ? "[*]" : case_state_name(level, edge[i].from),
			       case_state_name(level, edge[i].to), case_action_term(edge[i].action));
	puts("```\n");
}

static void md_edges(enum case_level level, const struct case_edge *edge, size_t count) {
	puts("| action | from | to | who | needs | clock |\n| --- | --- | --- | --- | --- | --- |");
	for (size_t i = 0; i < count; i++) {
		if (edge[i].level != level || edge[i].look)
			continue;
		printf("| %s %s | %s | %s | ", case_action_term(edge[i].action), case_action_name(edge[i].action),
		       case_state_term(level, edge[i].from), case_state_term(level, edge[i].to));
		md_bits(edge[i].who, true);
		fputs(" | ", stdout);
		md_bits(edge[i].needs, false);
		printf(" | %s |\n", case_clock_name(edge[i].clock));
	}
	puts("");
}

void case_print_md(void) {
	static const char *const heads[LEVEL_COUNT] = { "Cases", "Matters", "Tasks" };
	const struct case_edge *edge;
	size_t count = case_edges(&edge);
	puts("<!-- made by routing/generate_case.c from routing/case_flow.def; do not edit -->\n"
	     "# The way of a “一件事” case\n\n"
	     "The rules behind it are in [CASES.md](CASES.md). Looks (查看, 催办, 超时 …) are left out here.\n");
	for (int level = 0; level < LEVEL_COUNT; level++) {
		printf("## %s\n\n", heads[level]);
		if (level != LEVEL_MATTER)
			md_picture((enum case_level)level, edge, count);
		md_edges((enum case_level)level, edge, count);
	}
}
