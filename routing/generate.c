/* Prints what others need of flow.def and terms.def: SQL rows, TypeScript, the docs' picture. */
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "generate.h"
#include "terms.h"

enum { STATE_END = 100 };   /* states have two digits */

static const struct { unsigned bit; const char *name, *term; } needs[] = {
	{ NEED_DEPT, "dept", "承办单位" },
	{ NEED_REASON, "reason", "理由" },
	{ NEED_TEXT, "text", "文字" },
	{ NEED_GRADE, "grade", "评价等级" },
	{ NEED_BASIS, "basis", "依据" },
	{ NEED_CAUSE, "cause", "原因条款" },
	{ NEED_OTHER, "other", "另一张工单" },
	{ NEED_DAYS, "days", "天数" },
	{ NEED_UNTIL, "until", "恢复日期" },
	{ NEED_PART, "part", "承办单" },
	{ NEED_ORDER, "order", "督办件" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The next existing state from `number` on; STATE_END after the last. */
static int state_from(int number) {
	while (number < STATE_END && !flow_state_exists(number))
		number++;
	return number;
}

#define EACH_STATE(s) (int s = state_from(0); s < STATE_END; s = state_from(s + 1))

static bool is_look(const struct flow_edge *edge) {
	return false
#define LOOK(name, first, last, who, needs, loud) || edge->action == ACTION_##name
#include "flow.def"
	;
}

/* --- SQL ------------------------------------------------------------------------------------ */

static void sql_states(void) {
	const char *comma = "";
	puts("insert into flow_state (state, name, term, stage, open, owner) values");
	for EACH_STATE(s) {
		enum flow_state state = (enum flow_state)s;
		printf("%s    (%d, '%s', '%s', '%s', %s, '%s')", comma, s, flow_state_name(state),
		       flow_state_term(state), flow_state_stage(state),
		       flow_state_is_open(state) ? "true" : "false", flow_owner_name(flow_state_owner(state)));
		comma = ",\n";
	}
	puts("\non conflict (state) do update set\n"
	     "    name = excluded.name, term = excluded.term,\n"
	     "    stage = excluded.stage, open = excluded.open, owner = excluded.owner;");
}

static void sql_edges(void) {
	const struct flow_edge *edge;
	size_t count = flow_edges(&edge);
	puts("\ninsert into flow_edge (action, from_state, to_state, who, needs, clock, round, loud, retired) values");
	for (size_t i = 0; i < count; i++)
		printf("    ('%s', %d, %d, %u, %u, '%s', %d, %s, %s)%s\n", flow_action_name(edge[i].action),
		       (int)edge[i].from, (int)edge[i].to, edge[i].who, edge[i].needs,
		       flow_clock_name(edge[i].clock), edge[i].round, edge[i].loud ? "true" : "false",
		       edge[i].retired ? "true" : "false", i + 1 < count ? "," : "");
	puts("on conflict (action, from_state, to_state) do update set\n"
	     "    who = excluded.who, needs = excluded.needs,\n"
	     "    clock = excluded.clock, round = excluded.round,\n"
	     "    loud = excluded.loud, retired = excluded.retired;");
}

/* Edges before states, for edges point at states. */
static void sql_strangers(void) {
	const struct flow_edge *edge;
	size_t count = flow_edges(&edge);
	puts("\ndelete from flow_edge where (action, from_state, to_state) not in (values");
	for (size_t i = 0; i < count; i++)
		printf("    ('%s', %d, %d)%s\n", flow_action_name(edge[i].action), (int)edge[i].from,
		       (int)edge[i].to, i + 1 < count ? "," : ");");
	const char *comma = "";
	printf("\ndelete from flow_state where state not in (");
	for EACH_STATE(s) {
		printf("%s%d", comma, s);
		comma = ", ";
	}
	puts(");");
}

static void print_sql(void) {
	puts("-- made by routing/generate.c from routing/flow.def; do not edit\n"
	     "-- Makes the law in the database equal to the law in the program. May be run again at any\n"
	     "-- time; an edge or state that left the law but is in the history stays an error until a\n"
	     "-- migration says what becomes of it.\n");
	sql_states();
	sql_edges();
	sql_strangers();
}

/* --- TypeScript ------------------------------------------------------------------------------ */

static void ts_list(const char *plural, const char *type, enum term_list list) {
	const struct term *words;
	size_t count = terms_all(list, &words);
	printf("\n/** %s */\nexport const %s = [\n", terms_list_term(list), plural);
	for (size_t i = 0; i < count; i++)
		printf("  { number: %d, name: '%s', term: '%s' },\n", words[i].number, words[i].name,
		       words[i].term);
	printf("] as const satisfies readonly Term[]\nexport const %s = {\n", type);
	for (size_t i = 0; i < count; i++)
		printf("  %s: %d,\n", words[i].name, words[i].number);
	printf("} as const\nexport type %sName = keyof typeof %s\n", type, type);
}

static void ts_states(void) {
	puts("\n/** 工单状态 */\nexport const states = [");
	for EACH_STATE(s) {
		enum flow_state state = (enum flow_state)s;
		printf("  { number: %d, name: '%s', term: '%s', stage: '%s', open: %s, owner: '%s' },\n", s,
		       flow_state_name(state), flow_state_term(state), flow_state_stage(state),
		       flow_state_is_open(state) ? "true" : "false", flow_owner_name(flow_state_owner(state)));
	}
	puts("] as const satisfies readonly FlowState[]\nexport const State = {");
	for EACH_STATE(s)
		printf("  %s: %d,\n", flow_state_name((enum flow_state)s), s);
	puts("} as const\nexport type StateName = keyof typeof State");
}

static void ts_actions(void) {
	puts("\n/** 动作 */\nexport const actions = [");
	for (int a = 0; a < ACTION_COUNT; a++)
		printf("  { name: '%s', term: '%s' },\n", flow_action_name((enum flow_action)a),
		       flow_action_term((enum flow_action)a));
	puts("] as const satisfies readonly FlowAction[]\n"
	     "export type ActionName = (typeof actions)[number]['name']");
}

static void ts_edges(void) {
	const struct flow_edge *edge;
	size_t count = flow_edges(&edge);
	puts("\n/** What a move must carry, as bits of `needs`. */\nexport const Need = {");
	for (size_t i = 0; i < COUNT(needs); i++)
		printf("  %s: %u,\n", needs[i].name, needs[i].bit);
	puts("} as const\n\n"
	     "/** who and needs: bits of Role and Need; from and to: numbers of State. */\n"
	     "export const edges = [");
	for (size_t i = 0; i < count; i++)
		if (!edge[i].retired)
			printf("  { action: '%s', from: %d, to: %d, who: %u, needs: %u, clock: '%s', round: %d, loud: %s },\n",
			       flow_action_name(edge[i].action), (int)edge[i].from, (int)edge[i].to, edge[i].who,
			       edge[i].needs, flow_clock_name(edge[i].clock), edge[i].round,
			       edge[i].loud ? "true" : "false");
	puts("] as const satisfies readonly FlowEdge[]");
}

static void print_ts(void) {
	puts("// made by routing/generate.c from routing/flow.def and routing/terms.def; do not edit\n\n"
	     "export interface Term {\n"
	     "  readonly number: number; readonly name: string; readonly term: string\n"
	     "}\n"
	     "export interface FlowState extends Term {\n"
	     "  readonly stage: string; readonly open: boolean\n"
	     "  readonly owner: 'nobody' | 'desk' | 'unit' | 'either' | 'master'\n"
	     "}\n"
	     "export interface FlowAction { readonly name: string; readonly term: string }\n"
	     "export interface FlowEdge {\n"
	     "  readonly action: string; readonly from: number; readonly to: number\n"
	     "  readonly who: number; readonly needs: number; readonly clock: string; readonly round: number\n"
	     "  readonly loud: boolean\n"
	     "}");
	ts_list("kinds", "Kind", TERMS_KIND);
	ts_list("urgencies", "Urgency", TERMS_URGENCY);
	ts_list("secrecies", "Secrecy", TERMS_SECRECY);
	ts_list("channels", "Channel", TERMS_CHANNEL);
	ts_list("grades", "Grade", TERMS_GRADE);
	ts_list("roles", "Role", TERMS_ROLE);
	ts_list("seats", "Seat", TERMS_SEAT);
	ts_list("partKinds", "PartKind", TERMS_PART);
	ts_list("partStates", "PartState", TERMS_PART_STATE);
	ts_list("causes", "Cause", TERMS_CAUSE);
	ts_list("blames", "Blame", TERMS_BLAME);
	ts_list("pauseCauses", "PauseCause", TERMS_PAUSE);
	ts_list("orderLevels", "OrderLevel", TERMS_ORDER);
	ts_list("faults", "Fault", TERMS_FAULT);
	ts_list("facts", "Fact", TERMS_FACT);
	ts_list("alarms", "Alarm", TERMS_ALARM);
	ts_list("handoffWays", "HandoffWay", TERMS_HANDOFF_WAY);
	ts_list("handoffStates", "HandoffState", TERMS_HANDOFF);
	ts_list("handoffCauses", "HandoffCause", TERMS_HANDOFF_CAUSE);
	ts_states();
	ts_actions();
	ts_edges();
}

/* --- Docs ------------------------------------------------------------------------------------ */

static void md_picture(void) {
	const struct flow_edge *edge;
	size_t count = flow_edges(&edge);
	puts("```mermaid\nstateDiagram-v2");
	for EACH_STATE(s)
		if (s != STATE_none)
			printf("    state \"%s\" as %s\n", flow_state_term((enum flow_state)s),
			       flow_state_name((enum flow_state)s));
	for (size_t i = 0; i < count; i++) {
		if (is_look(&edge[i]) || edge[i].retired)
			continue;
		printf("    %s --> %s: %s\n",
		       edge[i].from == STATE_none ? "[*]" : flow_state_name(edge[i].from),
		       flow_state_name(edge[i].to), flow_action_term(edge[i].action));
	}
	puts("    archived --> [*]\n```");
}

static void md_states(void) {
	puts("\n## States\n\n| number | name | term | stage | open | owner |\n| ---: | --- | --- | --- | --- | --- |");
	for EACH_STATE(s) {
		enum flow_state state = (enum flow_state)s;
		printf("| %d | %s | %s | %s | %s | %s |\n", s, flow_state_name(state), flow_state_term(state),
		       flow_state_stage(state), flow_state_is_open(state) ? "yes" : "",
		       flow_owner_name(flow_state_owner(state)));
	}
}

static void md_who(unsigned who) {
	const struct term *role;
	size_t count = terms_all(TERMS_ROLE, &role);
	const char *comma = "";
	for (size_t i = 0; i < count; i++) {
		if (!(who & (unsigned)role[i].number))
			continue;
		printf("%s%s %s", comma, role[i].term, role[i].name);
		comma = ", ";
	}
}

static void md_needs(unsigned bits) {
	const char *comma = "";
	for (size_t i = 0; i < COUNT(needs); i++) {
		if (!(bits & needs[i].bit))
			continue;
		printf("%s%s %s", comma, needs[i].term, needs[i].name);
		comma = ", ";
	}
}

static void md_edge(const struct flow_edge *edge) {
	printf("| %s %s | %s %s | %s %s | ", flow_action_term(edge->action), flow_action_name(edge->action),
	       flow_state_term(edge->from), flow_state_name(edge->from),
	       flow_state_term(edge->to), flow_state_name(edge->to));
	md_who(edge->who);
	fputs(" | ", stdout);
	md_needs(edge->needs);
	printf(" | %s | %s |\n", flow_clock_name(edge->clock), edge->round ? "+1" : "");
}

/* A look is told once, with the states between which it is legal; its rows follow each other. */
static size_t md_look(const struct flow_edge *edge, size_t left) {
	size_t n = 1;
	while (n < left && edge[n].action == edge->action)
		n++;
	printf("| %s %s | %s | %s | ", flow_action_term(edge->action), flow_action_name(edge->action),
	       flow_state_term(edge->from), flow_state_term(edge[n - 1].from));
	md_who(edge->who);
	fputs(" | ", stdout);
	md_needs(edge->needs);
	printf(" | %s |\n", edge->loud ? "yes" : "");
	return n;
}

static void md_looks(const struct flow_edge *edge, size_t count) {
	puts("\n## Looks\n\nThey leave state and clock alone. Loud: what other desks saw before is stale.\n\n"
	     "| action | from | to | who | needs | loud |\n| --- | --- | --- | --- | --- | --- |");
	for (size_t i = 0; i < count;)
		i += is_look(&edge[i]) ? md_look(&edge[i], count - i) : 1;
}

static void md_edges(const struct flow_edge *edge, size_t count, bool retired) {
	puts("| action | from | to | who | needs | clock | round |\n"
	     "| --- | --- | --- | --- | --- | --- | --- |");
	for (size_t i = 0; i < count; i++)
		if (!is_look(&edge[i]) && edge[i].retired == retired)
			md_edge(&edge[i]);
}

static void print_md(void) {
	const struct flow_edge *edge;
	size_t count = flow_edges(&edge);
	puts("<!-- made by routing/generate.c from routing/flow.def; do not edit -->\n"
	     "# The closed loop\n\n"
	     "Every ticket goes 反映 → 分拨 → 办理 → 监督 → 告知 → 好差评 → 归档, along these edges and no others.\n"
	     "The rules behind them are in [LOOP.md](LOOP.md).\n");
	md_picture();
	md_states();
	puts("\nOwner: who answers for the ticket; either = the unit, or the hotline for what it answered itself;\n"
	     "master = whoever answers for the ticket it was merged into.\n\n"
	     "## Edges\n\nClock: the limit that starts on arrival; keep = the running one goes on. "
	     "Round: a new handling round begins.\n");
	md_edges(edge, count, false);
	md_looks(edge, count);
	puts("\n## Retired\n\nEdges of earlier versions: they stand in histories, nobody may take them any more.\n");
	md_edges(edge, count, true);
}

static void print_terms(void) {
	for (int list = 0; list < TERMS_COUNT; list++) {
		const struct term *words;
		size_t count = terms_all((enum term_list)list, &words);
		printf("### %s %s\n\n| number | name | term |\n| ---: | --- | --- |\n",
		       terms_list_term((enum term_list)list), terms_list_name((enum term_list)list));
		for (size_t i = 0; i < count; i++)
			printf("| %d | %s | %s |\n", words[i].number, words[i].name, words[i].term);
		puts("");
	}
}

int main(int argc, char **argv) {
	static const struct { const char *name; void (*print)(void); } verbs[] = {
		{ "flow-sql", print_sql }, { "flow-ts", print_ts }, { "flow-md", print_md },
		{ "terms", print_terms }, { "case-sql", case_print_sql }, { "case-ts", case_print_ts },
		{ "case-md", case_print_md },
	};
	for (size_t i = 0; argc == 2 && i < COUNT(verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) == 0) {
			verbs[i].print();
			return ferror(stdout) || fflush(stdout) ? 1 : 0;
		}
	}
	fprintf(stderr, "usage: %s flow-sql|flow-ts|flow-md|terms|case-sql|case-ts|case-md\n", argc ? argv[0] : "generate");
	return 2;
}
