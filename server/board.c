/* board.c — the live board: fresh figures once a second while somebody looks and something moves. */
#include <stdlib.h>
#include <string.h>
#include "board.h"
#include "feed.h"
#include "front.h"
#include "loop.h"
#include "system.h"

enum {
	TICK_MS = 1000,
	STILL_TICKS = 30    /* deadlines pass and calls wait longer although nobody does anything */
};

struct board {
	struct room *room;
	struct timer *tick;
	bool touched, asking;
	int still;
};

static void watcher_found(void *context, link_id link, struct seat *seat)
{
	bool *watched = context;

	(void)link;
	if ((seat->topics & TOPIC_board) != 0)
		*watched = true;
}

static bool somebody_looks(const struct board *board)
{
	bool watched = false;

	front_each(board->room->front, watcher_found, &watched);
	return watched;
}

static void figures_answered(void *context, enum store_status status, const struct rows *rows)
{
	struct board *board = context;
	json_t *reply = outcome_reply_json(status, rows), *figures;
	size_t i;

	board->asking = false;
	json_array_foreach(json_object_get(reply, "boards"), i, figures) {
		const char *region = json_string_value(json_object_get(figures, "region"));
		char *body = json_dumps(figures, JSON_COMPACT);

		if (region != NULL && body != NULL)
			feed_board(board->room, region, body);
		free(body);
	}
	json_decref(reply);
}

static void tick(void *context)
{
	struct board *board = context;

	board->still++;
	if ((!board->touched && board->still < STILL_TICKS) || board->asking || !somebody_looks(board))
		return;
	board->touched = false;
	board->still = 0;
	board->asking = true;
	system_ask(board->room, STATEMENT_board_figures, LANE_SLOW, 0,
	           json_pack("{s:I}", "at", (json_int_t)wall_ms()), figures_answered, board);
}

void board_touch(struct room *room)
{
	if (room->board != NULL)
		room->board->touched = true;
}

void board_open(struct room *room)
{
	struct board *board = calloc(1, sizeof(*board));

	if (board == NULL)
		abort();
	board->room = room;
	board->tick = loop_timer(room->loop, tick, board);
	timer_start(board->tick, TICK_MS, TICK_MS);
	room->board = board;
}

void board_close(struct room *room)
{
	if (room->board == NULL)
		return;
	timer_end(room->board->tick);
	free(room->board);
	room->board = NULL;
}
