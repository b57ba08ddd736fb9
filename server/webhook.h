/* webhook.h — telling systems what became of their tickets: signed, at least once, in the order of each ticket. */
#ifndef SERVER_WEBHOOK_H
#define SERVER_WEBHOOK_H

#include <stdbool.h>
#include <stdio.h>
#include "command.h"

struct room; struct webhooks;

struct webhooks *webhooks_open(struct room *room);
/* Something was committed and came through the stream: perhaps somebody is to be told. */
void webhooks_touch(struct webhooks *webhooks);
void webhooks_stop(struct webhooks *webhooks);
/* Whether answers are still being written down: for a clean shutdown. */
bool webhooks_busy(const struct webhooks *webhooks);
void webhooks_close(struct webhooks *webhooks);
/* What became of deliveries, for /metrics. */
void webhooks_metrics(const struct webhooks *webhooks, FILE *out);

/* Whether this is an http or https address without a user's name in it, as long as a URL may be. */
bool webhook_url_ok(const char *url);
judge_fn judge_webhook;

#endif
