/* dispatcher_figures.c — what the dispatcher counts, as Prometheus text. */
#include <inttypes.h>
#include "dispatcher_figures.h"

static const int64_t DECIDE_BOUNDS[FIGURE_BUCKETS] = {
	5, 10, 20, 50, 100, 200, 500, 1000, 5000, 50000 };
static const int64_t LATENCY_BOUNDS[FIGURE_BUCKETS] = {
	1000, 2000, 5000, 10000, 25000, 50000, 100000, 500000, 2000000, 10000000 };

static void histogram_add(struct histogram *histogram, const int64_t bounds[], int64_t micros)
{
	int i = 0;

	while (i < FIGURE_BUCKETS && micros > bounds[i])
		i++;
	histogram->buckets[i]++;
	histogram->sum += (uint64_t)(micros > 0 ? micros : 0);
}

void dispatcher_figures_decided(struct dispatcher_figures *figures, int64_t micros)
{
	histogram_add(&figures->decide, DECIDE_BOUNDS, micros);
}

void dispatcher_figures_moved(struct dispatcher_figures *figures, bool sent, int64_t latency_micros)
{
	if (sent)
		figures->sent++;
	else
		figures->pooled++;
	histogram_add(&figures->latency, LATENCY_BOUNDS, latency_micros);
}

static void histogram_print(const struct histogram *histogram, const int64_t bounds[],
                            const char *name, const char *help, FILE *out)
{
	uint64_t total = 0;
	int i;

	fprintf(out, "# HELP %s %s\n# TYPE %s histogram\n", name, help, name);
	for (i = 0; i < FIGURE_BUCKETS; i++) {
		total += histogram->buckets[i];
		fprintf(out, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, (double)bounds[i] / 1e6, total);
	}
	total += histogram->buckets[FIGURE_BUCKETS];
	fprintf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, total);
	fprintf(out, "%s_sum %g\n%s_count %" PRIu64 "\n", name, (double)histogram->sum / 1e6, name, total);
}

void dispatcher_figures_print(const struct dispatcher_figures *figures, int in_flight, FILE *out)
{
	const struct { const char *result; uint64_t count; } rows[] = {
		{ "sent", figures->sent }, { "pool", figures->pooled }, { "already", figures->already },
		{ "failed", figures->failed }, { "unreadable", figures->poison } };
	size_t i;

	fprintf(out, "# HELP hotline_dispatch_total Tickets taken by the dispatcher, by what became of them.\n"
	        "# TYPE hotline_dispatch_total counter\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fprintf(out, "hotline_dispatch_total{result=\"%s\"} %" PRIu64 "\n", rows[i].result, rows[i].count);
	fprintf(out, "# HELP hotline_dispatch_repaired_total Tickets found in the database without a stream entry.\n"
	        "# TYPE hotline_dispatch_repaired_total counter\nhotline_dispatch_repaired_total %" PRIu64 "\n",
	        figures->repaired);
	fprintf(out, "# HELP hotline_dispatch_in_flight Tickets being dispatched now.\n"
	        "# TYPE hotline_dispatch_in_flight gauge\nhotline_dispatch_in_flight %d\n", in_flight);
	histogram_print(&figures->decide, DECIDE_BOUNDS, "hotline_dispatch_decide_seconds",
	                "Time of the dispatch decision.", out);
	histogram_print(&figures->latency, LATENCY_BOUNDS, "hotline_dispatch_latency_seconds",
	                "From accepted to dispatched, both committed.", out);
}
