/* command_frame.h — the text of a frame as a checked JSON-RPC 2.0 request, and command.c's figures. */
#ifndef SERVER_COMMAND_FRAME_H
#define SERVER_COMMAND_FRAME_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "command.h"

struct frame {
	char method[48];
	json_t *params;          /* an object, owned */
	char *id;                /* JSON text, owned; NULL = notification */
};

/* Fills *ret, which frame_clear() empties in every case. false: *ret_why and *ret_wrong (a sentence
 * or NULL for the refusal's own) say what is wrong; ret->id is set if it could be read. */
bool frame_read(const char *text, size_t len, int max_depth, struct frame *ret,
                enum refusal *ret_why, const char **ret_wrong);
void frame_clear(struct frame *frame);

/* 8-4-4-4-12 hexadecimal digits. */
bool uuid_is_valid(const char *text);

/* Commands that have been read and not yet answered: for a clean shutdown. */
size_t command_under_way(void);
/* Upper bounds in microseconds of struct command_counter's buckets; the last has none. */
enum { COMMAND_BUCKETS = 12 };
extern const int64_t command_bounds[COMMAND_BUCKETS - 1];

#endif
