/* replay.c — `./hotline bench warning`: petitions replayed in time order through the code of early warning.
 *
 *   warning_replay [--list] LIMITS.csv FILE.csv…
 * A file with columns id,user,time,title,body holds petitions, one with msg_id,incident what is known of
 * them; each kind may come in several files, and a file may hold its header line again (files put together). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../../routing/text.h"
#include "../../routing/warning_rule.h"
#include "../../server/csv.h"

enum { ROWS_MOST = 200000, INCIDENTS_MOST = 2000, CELLS = 8192, SPLITS = 3 };

struct petition {
	char *id, *title, *body;
	uint64_t user;
	int64_t at;
	int incident;             /* known, from 1; 0: none is known */
	uint32_t given, naive;    /* the incident that early warning and the naive baseline put it into */
};
struct label { char *id; int incident; };

static struct petition rows[ROWS_MOST];
static struct label labels[ROWS_MOST];
static char *names[INCIDENTS_MOST];
static size_t row_count, label_count, name_count;

static void fail(const char *what, const char *which)
{
	fprintf(stderr, "%s: %s\n", what, which);
	exit(1);
}

/* ---- reading -------------------------------------------------------------------------------------- */

struct reader { struct csv *csv; const char *path; int id, user, time, title, body, incident, msg_id; bool headed; struct warning_rule *rule; };

static int column(const struct csv_row *row, const char *name)
{
	for (size_t i = 0; i < row->count; i++)
		if (strcmp(row->fields[i], name) == 0)
			return (int)i;
	return -1;
}

static void head(struct reader *reader, const struct csv_row *row)
{
	reader->headed = true;
	reader->id = column(row, "id");
	reader->user = column(row, "user");
	reader->time = column(row, "time");
	reader->title = column(row, "title");
	reader->body = column(row, "body");
	reader->incident = column(row, "incident");
	reader->msg_id = column(row, "msg_id");
	bool petitions = reader->id >= 0 && reader->user >= 0 && reader->time >= 0 && reader->title >= 0 && reader->body >= 0;
	if (!petitions && (reader->incident < 0 || reader->msg_id < 0))
		fail("neither id,user,time,title,body nor msg_id,incident", reader->path);
}

static int64_t moment(const char *text)
{
	struct tm tm = { .tm_isdst = 0 };

	if (sscanf(text, "%d-%d-%d %d:%d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) < 3)
		fail("no time", text);
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return ((int64_t)timegm(&tm) - 28800) * 1000;
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ull;
	return hash | 1;
}

static int name_number(const char *name)
{
	for (size_t i = 0; i < name_count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i + 1;
	if (name_count == INCIDENTS_MOST)
		fail("too many incidents", name);
	names[name_count++] = strdup(name);
	return (int)name_count;
}

static void row_read(void *context, const struct csv_row *row)
{
	struct reader *reader = context;

	if (row->fault != CSV_FINE)
		fail("a row cannot be read", reader->path);
	if (!reader->headed) {
		head(reader, row);
	} else if (reader->msg_id >= 0) {
		if (strcmp(row->fields[reader->msg_id], "msg_id") != 0 && label_count < ROWS_MOST)
			labels[label_count++] = (struct label){ strdup(row->fields[reader->msg_id]), name_number(row->fields[reader->incident]) };
	} else if (strcmp(row->fields[reader->id], "id") != 0) {
		if (row_count == ROWS_MOST)
			fail("too many rows", reader->path);
		rows[row_count++] = (struct petition){ .id = strdup(row->fields[reader->id]), .title = strdup(row->fields[reader->title]),
			.body = strdup(row->fields[reader->body]), .user = hash_of(row->fields[reader->user]), .at = moment(row->fields[reader->time]) };
	}
}

static void limit_row(void *context, const struct csv_row *row)
{
	struct reader *reader = context;
	enum limit_unit unit = UNIT_HOUR;

	limit_unit_parse(row->fields[2], &unit);
	warning_rule_set(reader->rule, row->fields[0], atoi(row->fields[1]), unit);
}

static void file_read(const char *path, csv_fn *fn, struct warning_rule *rule)
{
	static char buffer[1 << 16];
	struct reader reader = { .path = path, .rule = rule };
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL)
		fail("cannot be opened", path);
	reader.csv = csv_new(fn, &reader);
	while ((len = fread(buffer, 1, sizeof(buffer), file)) > 0)
		for (size_t at = 0; at < len;)
			at += csv_feed(reader.csv, buffer + at, len - at);
	csv_end(reader.csv);
	csv_free(reader.csv);
	fclose(file);
}

static int by_time(const void *a, const void *b)
{
	const struct petition *x = a, *y = b;

	return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : strcmp(x->id, y->id);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct label *)a)->id, ((const struct label *)b)->id);
}

static void labels_put(void)
{
	qsort(labels, label_count, sizeof(*labels), by_id);
	for (size_t i = 0; i < row_count; i++) {
		const struct label wanted = { rows[i].id, 0 };
		const struct label *found = bsearch(&wanted, labels, label_count, sizeof(*labels), by_id);

		rows[i].incident = found != NULL ? found->incident : 0;
	}
}

/* ---- how well two groupings agree ----------------------------------------------------------------- */

struct agreement { long long both, known, given, strangers; };

/* Pairs of rows from..to. strangers: pairs of a known row with one of which nothing is known, put together. */
static struct agreement agree(size_t from, size_t to, bool naive)
{
	struct agreement sum = { 0, 0, 0, 0 };

	for (size_t i = from; i < to; i++)
		for (size_t k = from; k < i; k++) {
			const struct petition *a = &rows[i], *b = &rows[k];
			bool together = naive ? a->naive == b->naive : a->given == b->given;

			if (a->incident != 0 && b->incident != 0) {
				sum.known += a->incident == b->incident;
				sum.given += together;
				sum.both += together && a->incident == b->incident;
			} else if ((a->incident != 0 || b->incident != 0) && together) {
				sum.strangers++;
			}
		}
	return sum;
}

static void agreement_print(const char *name, const struct agreement *a)
{
	double recall = a->known > 0 ? (double)a->both / (double)a->known : 0;
	double precision = a->given > 0 ? (double)a->both / (double)a->given : 0;
	long long wide = a->given + a->strangers;
	double strict = wide > 0 ? (double)a->both / (double)wide : 0;
	double f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
	double strict_f1 = strict + recall > 0 ? 2 * strict * recall / (strict + recall) : 0;

	printf("  %-34s pair-F1 %.3f (precision %.3f, recall %.3f)   strict %.3f (precision %.3f)   pairs %lld\n",
	       name, f1, precision, recall, strict_f1, strict, a->known);
}

/* ---- the naive baseline --------------------------------------------------------------------------- */

static size_t shingles(const char *title, uint32_t *out, size_t room)
{
	uint32_t points[GRAM_TITLE_MOST];
	size_t count = text_fold(title, strlen(title), points, GRAM_TITLE_MOST), used = 0;

	for (size_t i = 0; i + 2 <= count && used < room; i++)
		out[used++] = points[i] << 16 ^ points[i + 1];
	return used;
}

static bool alike(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, double least)
{
	size_t shared = 0;

	for (size_t i = 0; i < a_count; i++)
		for (size_t k = 0; k < b_count; k++)
			if (a[i] == b[k]) {
				shared++;
				break;
			}
	return shared > 0 && (double)shared >= least * (double)(a_count + b_count - shared);
}

/* A title joins the incident of the newest earlier title with so many two-character shingles in common. */
static void naive_run(double least)
{
	uint32_t (*kept)[GRAM_TITLE_MOST] = calloc(row_count, sizeof(*kept));
	size_t *counts = calloc(row_count, sizeof(*counts));

	for (size_t i = 0; i < row_count; i++) {
		counts[i] = shingles(rows[i].title, kept[i], GRAM_TITLE_MOST);
		rows[i].naive = (uint32_t)i + 1;
		for (size_t k = i; k-- > 0;)
			if (alike(kept[i], counts[i], kept[k], counts[k], least)) {
				rows[i].naive = rows[k].naive;
				break;
			}
	}
	free(kept);
	free(counts);
}

/* ---- the replay ------------------------------------------------------------------------------------ */

static double micros(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct raised { uint32_t incident; size_t row; struct cluster_answer answer; char words[400]; };
static struct raised *alerts;
static size_t alert_count, folded;

static bool raised_before(uint32_t incident)
{
	for (size_t i = 0; i < alert_count; i++)
		if (alerts[i].incident == incident)
			return true;
	return false;
}

static void replay(const struct warning_rule *rule)
{
	const struct cluster_size size = { .incidents = CELLS, .book_bits = 20, .index_bits = 17, .book_most = 1 << 17 };
	struct clusters *clusters = cluster_begin(calloc(1, cluster_bytes(&size)), &size, &rule->cluster);
	double *took = calloc(row_count, sizeof(*took)), sum = 0;

	alerts = calloc(row_count, sizeof(*alerts));
	for (size_t i = 0; i < row_count; i++) {
		struct petition *row = &rows[i];
		const struct cluster_ask ask = { .text = { row->title, row->body, strlen(row->title), strlen(row->body) },
			.ticket = (int64_t)i + 1, .at = row->at, .caller = row->user };
		struct cluster_answer answer;
		double began = micros();

		cluster_take(clusters, &ask, &answer);
		took[i] = micros() - began;
		sum += took[i];
		row->given = answer.incident;
		if (raised_before(answer.incident)) {
			folded++;
		} else if (incident_alarms(&rule->incident, &answer, row->at)) {
			struct raised *alert = &alerts[alert_count++];

			*alert = (struct raised){ .incident = answer.incident, .row = i, .answer = answer };
			gram_shared(&ask.text, answer.shared, answer.shared_count, 4, alert->words, sizeof(alert->words));
		}
	}
	qsort(took, row_count, sizeof(*took), by_size);
	printf("  time per text: mean %.0f µs, p99 %.0f µs, most %.0f µs; memory %.1f MiB, whatever comes\n", sum / (double)row_count,
	       took[row_count * 99 / 100], took[row_count - 1], (double)cluster_bytes(&size) / (1 << 20));
	free(took);
	free(clusters);
}

/* ---- alerts ---------------------------------------------------------------------------------------- */

/* At which petition of a known incident the first alert came that it belongs to; 0: none came. */
static int alerted_at(int incident, int *ret_petitions)
{
	int at = 0;

	*ret_petitions = 0;
	for (size_t i = 0; i < row_count; i++) {
		if (rows[i].incident != incident)
			continue;
		++*ret_petitions;
		for (size_t k = 0; at == 0 && k < alert_count; k++)
			if (alerts[k].row == i || (alerts[k].row < i && alerts[k].incident == rows[i].given))
				at = *ret_petitions;
	}
	return at;
}

static bool is_known(uint32_t given)
{
	for (size_t i = 0; i < row_count; i++)
		if (rows[i].given == given && rows[i].incident != 0)
			return true;
	return false;
}

static void alerts_print(bool list)
{
	size_t known = 0, due = 0, on_time = 0, any = 0;
	double weeks = (double)(rows[row_count - 1].at - rows[row_count / 200].at) / 6048e5;

	for (size_t i = 0; i < name_count; i++) {
		int petitions, at = alerted_at((int)i + 1, &petitions);

		if (petitions >= 3) {
			printf("  %3d petitions, alert at %2d   %s\n", petitions, at, names[i]);
			due++;
			on_time += at > 0 && at <= 3;
			any += at > 0;
		}
	}
	for (size_t i = 0; i < alert_count; i++)
		known += is_known(alerts[i].incident);
	printf("  incidents with three petitions: %zu; alerted by the third: %zu; alerted at all: %zu\n", due, on_time, any);
	printf("  alerts: %zu on known incidents, %zu on others (%.1f a week; to be read: --list), %zu petitions folded into them\n",
	       known, alert_count - known, (double)(alert_count - known) / weeks, folded);
	for (size_t i = 0; list && i < alert_count; i++) {
		const struct raised *alert = &alerts[i];

		printf("  -- alert %zu: %u petitions, %u callers, alike %.2f, cohesion %.2f, shared %s\n", i + 1, alert->answer.size,
		       alert->answer.callers, (double)alert->answer.likeness, (double)alert->answer.cohesion, alert->words);
		for (size_t k = 0; k < row_count; k++)
			if (rows[k].given == alert->incident)
				printf("     %s%s %s\n", k == alert->row ? "* " : "  ", rows[k].incident ? "known" : "     ", rows[k].title);
	}
}

int main(int argc, char **argv)
{
	struct warning_rule rule = { 0 };
	bool list = argc > 1 && strcmp(argv[1], "--list") == 0;
	int first = list ? 2 : 1;
	struct agreement parts[SPLITS], naive[3];
	static const double leasts[] = { 0.3, 0.4, 0.5 };
	static const char *const names_of[] = { "all", "first 60 % of the rows", "last 40 % of the rows" };

	if (argc < first + 3)
		fail("usage", "warning_replay [--list] LIMITS.csv STREAM.csv… INCIDENTS.csv…");
	file_read(argv[first], limit_row, &rule);
	if (warning_rule_missing(&rule) != NULL)
		fail("no such limit", warning_rule_missing(&rule));
	for (int i = first + 1; i < argc; i++)
		file_read(argv[i], row_read, &rule);
	if (row_count == 0 || label_count == 0)
		fail("no petitions or no incidents in", argv[first + 1]);
	qsort(rows, row_count, sizeof(*rows), by_time);
	labels_put();
	printf("Early warning: %zu petitions replayed in time order, %zu of known incidents\n", row_count, label_count);
	replay(&rule);
	const size_t cut = row_count * 6 / 10, bounds[SPLITS][2] = { { 0, row_count }, { 0, cut }, { cut, row_count } };
	for (int i = 0; i < SPLITS; i++) {
		parts[i] = agree(bounds[i][0], bounds[i][1], false);
		agreement_print(names_of[i], &parts[i]);
	}
	for (int i = 0; i < 3; i++) {
		char name[64];

		naive_run(leasts[i]);
		naive[i] = agree(0, row_count, true);
		snprintf(name, sizeof(name), "naive: titles alike from %.1f", leasts[i]);
		agreement_print(name, &naive[i]);
	}
	puts("  (pair-F1 over the rows of known incidents; strict: a row of which nothing is known counts as wrong beside a known one)");
	alerts_print(list);
	return 0;
}
