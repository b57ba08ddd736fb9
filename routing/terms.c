/* Looks up the words of terms.def by number and by name. */
#include "terms.h"

#include <string.h>

static const struct term kinds[] = {
#define KIND(number, name, term, limit) { number, #name, term },
#include "terms.def"
};

static const struct term urgencies[] = {
#define URGENCY(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term secrecies[] = {
#define SECRECY(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term channels[] = {
#define CHANNEL(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term grades[] = {
#define GRADE(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term roles[] = {
#define ROLE(bit, name, term) { bit, #name, term },
#include "terms.def"
};

static const struct term seats[] = {
#define SEAT(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term parts[] = {
#define PART(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term part_states[] = {
#define PART_STATE(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term causes[] = {
#define CAUSE(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term blames[] = {
#define BLAME(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term pauses[] = {
#define PAUSE(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term orders[] = {
#define ORDER(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term faults[] = {
#define FAULT(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term facts[] = {
#define FACT(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term alarms[] = {
#define ALARM(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term handoff_ways[] = {
#define HANDOFF_WAY(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term handoffs[] = {
#define HANDOFF(number, name, term) { number, #name, term },
#include "terms.def"
};

static const struct term handoff_causes[] = {
#define HANDOFF_CAUSE(number, name, term) { number, #name, term },
#include "terms.def"
};

#define LIST(name, term, words) { name, term, words, sizeof(words) / sizeof(words[0]) }

static const struct {
	const char *name, *term;
	const struct term *words;
	size_t count;
} lists[TERMS_COUNT] = {
	[TERMS_KIND] = LIST("kind", "诉求类型", kinds),
	[TERMS_URGENCY] = LIST("urgency", "紧急程度", urgencies),
	[TERMS_SECRECY] = LIST("secrecy", "保密程度", secrecies),
	[TERMS_CHANNEL] = LIST("channel", "来源渠道", channels),
	[TERMS_GRADE] = LIST("grade", "评价等级", grades),
	[TERMS_ROLE] = LIST("role", "角色", roles),
	[TERMS_SEAT] = LIST("seat", "坐席状态", seats),
	[TERMS_PART] = LIST("part", "承办单种类", parts),
	[TERMS_PART_STATE] = LIST("part_state", "承办单状态", part_states),
	[TERMS_CAUSE] = LIST("cause", "不予受理依据", causes),
	[TERMS_BLAME] = LIST("blame", "差评原因", blames),
	[TERMS_PAUSE] = LIST("pause", "挂起原因", pauses),
	[TERMS_ORDER] = LIST("order", "督办级别", orders),
	[TERMS_FAULT] = LIST("fault", "承办问题", faults),
	[TERMS_FACT] = LIST("fact", "是否属实", facts),
	[TERMS_ALARM] = LIST("alarm", "黄红牌", alarms),
	[TERMS_HANDOFF_WAY] = LIST("handoff_way", "转接方式", handoff_ways),
	[TERMS_HANDOFF] = LIST("handoff", "转接状态", handoffs),
	[TERMS_HANDOFF_CAUSE] = LIST("handoff_cause", "退回原因", handoff_causes),
};

size_t terms_all(enum term_list list, const struct term **ret_terms) {
	*ret_terms = lists[list].words;
	return lists[list].count;
}

const char *terms_list_name(enum term_list list) {
	return lists[list].name;
}

const char *terms_list_term(enum term_list list) {
	return lists[list].term;
}

bool terms_list_find(const char *name, enum term_list *ret_list) {
	for (int list = 0; list < TERMS_COUNT; list++) {
		if (strcmp(lists[list].name, name) == 0) {
			*ret_list = (enum term_list)list;
			return true;
		}
	}
	return false;
}

static const struct term *term_of(enum term_list list, int number) {
	for (size_t i = 0; i < lists[list].count; i++)
		if (lists[list].words[i].number == number)
			return &lists[list].words[i];
	return NULL;
}

const char *term_name(enum term_list list, int number) {
	const struct term *term = term_of(list, number);
	return term ? term->name : NULL;
}

const char *term_text(enum term_list list, int number) {
	const struct term *term = term_of(list, number);
	return term ? term->term : NULL;
}

bool term_find(enum term_list list, const char *name, int *ret_number) {
	for (size_t i = 0; i < lists[list].count; i++) {
		if (strcmp(lists[list].words[i].name, name) == 0) {
			*ret_number = lists[list].words[i].number;
			return true;
		}
	}
	return false;
}

const char *kind_limit(int kind) {
	switch (kind) {
#define KIND(number, name, term, limit) case number: return limit;
#include "terms.def"
	default: return NULL;
	}
}
