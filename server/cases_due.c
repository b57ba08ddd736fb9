/* cases_due.c — what the clock alone must do to cases: 超时, 逾期未补正, 恢复, 未评价, 归档, promises not kept. */
#include <stdlib.h>
#include "cases.h"
#include "cases_parts.h"
#include "loop.h"
#include "room.h"
#include "system.h"

enum { DUE_LIMIT = 200 };

struct cases_due {
	struct room *room;
	bool asked;                 /* one question at a time, however slow the answer */
	int moving;                 /* moves of the last answer still in flight */
};

static void moved(void *context, bool held)
{
	struct cases_due *due = context;

	(void)held;
	due->moving--;
}

static void answered(void *context, enum store_status status, const struct rows *rows)
{
	struct cases_due *due = context;
	json_t *reply = outcome_reply_json(status, rows), *row;
	size_t i;

	due->asked = false;
	json_array_foreach(json_object_get(reply, "rows"), i, row) {
		due->moving++;
		cases_system_move(due->room, row, moved, due);
	}
	json_decref(reply);
}

void cases_due_ask(struct cases_due *due)
{
	if (due->asked || due->moving > 0)
		return;
	due->asked = true;
	system_ask(due->room, STATEMENT_case_due, LANE_WRITE, 0,
	           json_pack("{s:I, s:i}", "at", (json_int_t)wall_ms(), "limit", DUE_LIMIT), answered, due);
}

struct cases_due *cases_due_new(struct room *room)
{
	struct cases_due *due = calloc(1, sizeof(*due));

	if (due == NULL)
		abort();
	due->room = room;
	return due;
}

void cases_due_free(struct cases_due *due)
{
	free(due);
}
