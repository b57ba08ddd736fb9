/* feed_audience.c — the law of who sees what live. Pure. */
#include <string.h>
#include "../routing/flow.h"
#include "feed.h"

/* Prefecture codes end in 00 and cover their counties; the forestry bureaus (LJ-…) have no code
 * of GB/T 2260 and belong to the prefecture. */
static bool region_covers(const char *own, const char *other)
{
	if (strcmp(own, other) == 0)
		return true;
	if (strlen(own) != 6 || strcmp(own + 4, "00") != 0)
		return false;
	return strncmp(own, other, 4) == 0 || strncmp(other, "LJ-", 3) == 0;
}

static bool to_tell_or_rate(int state)
{
	return state == STATE_to_notify || state == STATE_to_rate;
}

static bool ticket_seen(const struct seat *seat, const struct audience *audience)
{
	switch (seat->role) {
	case ROLE_handler:
		return seat->topics & TOPIC_dept && seat->dept != 0 &&
		       (seat->dept == audience->dept || seat->dept == audience->was_dept);
	case ROLE_agent:
		return (seat->topics & TOPIC_mine && seat->account == audience->owner) ||
		       (seat->topics & TOPIC_callback &&
		        (to_tell_or_rate(audience->state) || to_tell_or_rate(audience->was)));
	case ROLE_supervisor:
		return seat->topics & TOPIC_all && region_covers(seat->region, audience->region);
	default:
		return false;
	}
}

static bool seat_seen(const struct seat *seat, const struct audience *audience)
{
	switch (seat->role) {
	case ROLE_agent:
		return seat->topics & TOPIC_mine && seat->account == audience->owner;
	case ROLE_supervisor:
		return seat->topics & TOPIC_agents;
	default:
		return false;
	}
}

/* 承办单 and 督办: the unit that has it, the one that sent it, and whoever watches over the region. */
static bool work_seen(const struct seat *seat, const struct audience *audience)
{
	switch (seat->role) {
	case ROLE_handler:
		return seat->topics & TOPIC_dept && seat->dept != 0 &&
		       (seat->dept == audience->dept || seat->dept == audience->was_dept);
	case ROLE_supervisor:
		return seat->topics & TOPIC_all && region_covers(seat->region, audience->region);
	default:
		return false;
	}
}

int feed_may_see(const struct seat *seat, const struct audience *audience)
{
	if (seat->account == 0)
		return false;
	if (strcmp(audience->kind, "ticket") == 0)
		return ticket_seen(seat, audience);
	if (strcmp(audience->kind, "part") == 0 || strcmp(audience->kind, "order") == 0 || strcmp(audience->kind, "task") == 0)
		return work_seen(seat, audience);
	if (strcmp(audience->kind, "handoff") == 0)
		return seat->role == ROLE_agent ? seat->topics & TOPIC_mine && seat->account == audience->owner
		                                : seat->role == ROLE_supervisor && work_seen(seat, audience);
	if (strcmp(audience->kind, "case") == 0)
		return work_seen(seat, audience) || (seat->role == ROLE_agent && seat->topics & TOPIC_mine && seat->account == audience->owner);
	if (strcmp(audience->kind, "alert") == 0)
		return seat->role == ROLE_supervisor && work_seen(seat, audience);
	if (strcmp(audience->kind, "call") == 0 || strcmp(audience->kind, "agent") == 0)
		return seat_seen(seat, audience);
	return false;
}

unsigned feed_topics_of(unsigned role)
{
	switch (role) {
	case ROLE_agent:
		return TOPIC_mine | TOPIC_callback;
	case ROLE_handler:
		return TOPIC_dept;
	case ROLE_supervisor:
		return TOPIC_all | TOPIC_agents | TOPIC_board;
	default:
		return 0;
	}
}
