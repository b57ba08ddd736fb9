/* config.c — reads the settings table: defaults, file, environment, overrides. */
#define _DEFAULT_SOURCE
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_text, KIND_path, KIND_number };

static const struct row {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *value;
	const char *sentence;
} table[] = {
#define DEFAULT_text(value) value
#define DEFAULT_path(value) value
#define DEFAULT_number(value) #value
#define SETTING(name, kind, value, sentence) \
	{ #name, KIND_##kind, offsetof(struct config, name), DEFAULT_##kind(value), sentence },
#include "settings.def"
#undef SETTING
};

enum { ROWS = sizeof table / sizeof table[0], NAME_BYTES = 64, ENV_PREFIX_BYTES = 8 };

/* Where a value comes from, as a complaint names it. */
struct place {
	const char *source;
	int line;           /* 0: a source without lines */
};

/* Strings live until the process ends; this list is what keeps them reachable. */
struct kept {
	struct kept *next;
	char text[];
};
static struct kept *kept;

static const char *keep(const char *text)
{
	size_t size = strlen(text) + 1;
	struct kept *copy = malloc(sizeof *copy + size);

	if (copy == NULL) {
		fputs("settings: out of memory\n", stderr);
		abort();
	}
	memcpy(copy->text, text, size);
	copy->next = kept;
	kept = copy;
	return copy->text;
}

static void complain(const struct place *place, const char *name, const char *problem)
{
	if (place->line > 0)
		fprintf(stderr, "%s:%d: %s: %s\n", place->source, place->line, name, problem);
	else
		fprintf(stderr, "%s: %s: %s\n", place->source, name, problem);
}

static const struct row *row_find(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* How many letters to insert, drop or change (Levenshtein). */
static int name_distance(const char *a, const char *b)
{
	int row[NAME_BYTES + 1];
	int width = (int)strlen(b);

	for (int j = 0; j <= width; j++)
		row[j] = j;
	for (int i = 1; a[i - 1] != '\0'; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= width; j++) {
			int change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[width];
}

static void complain_unknown(const struct place *place, const char *name)
{
	const char *nearest = NULL;
	int distance = INT_MAX;
	char problem[160] = "no such setting; `hotlined settings` lists all";

	for (size_t i = 0; i < ROWS && strlen(name) < NAME_BYTES; i++) {
		int d = name_distance(name, table[i].name);

		if (d < distance) {
			distance = d;
			nearest = table[i].name;
		}
	}
	if (nearest != NULL && distance <= 2 + (int)strlen(name) / 4)
		snprintf(problem, sizeof problem, "no such setting; did you mean %s?", nearest);
	complain(place, name, problem);
}

static bool number_parse(const char *text, int *ret)
{
	char *end;
	long value;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	value = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || value > INT_MAX)
		return false;
	*ret = (int)value;
	return true;
}

/* Numbers that would divide by zero, overflow or wait for ever outside these bounds. */
static const struct { const char *name; int least, most; } bounds[] = {
	{ "ping_seconds", 1, 86400 }, { "frames_per_second", 1, 1000000 }, { "max_links", 1, 1000000 },
	{ "max_links_per_ip", 1, 1000000 }, { "max_frame", 1024, 1 << 26 }, { "max_body", 1024, 1 << 26 },
	{ "max_depth", 3, 2048 }, { "link_budget", 1024, INT_MAX }, { "write_lanes", 1, 64 },
	{ "read_lanes", 1, 64 }, { "store_group", 1, 1000 }, { "store_queue", 1, 10000000 },
	{ "session_hours", 1, 8760 }, { "login_tries", 1, 1000 }, { "lock_minutes", 1, 10080 },
	{ "ring_seconds", 1, 3600 }, { "wrapup_seconds", 0, 3600 }, { "feed_length", 1, INT_MAX },
};

static bool number_within_bounds(const char *name, int number, const struct place *place)
{
	for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
		char problem[64];

		if (strcmp(bounds[i].name, name) != 0 || (number >= bounds[i].least && number <= bounds[i].most))
			continue;
		snprintf(problem, sizeof problem, "must be from %d to %d", bounds[i].least, bounds[i].most);
		complain(place, name, problem);
		return false;
	}
	return true;
}

static bool row_set(struct config *config, const struct row *row, const char *value,
                    const struct place *place)
{
	char *slot = (char *)config + row->offset;
	int number;

	if (row->kind != KIND_number) {
		const char *text = keep(value);

		memcpy(slot, &text, sizeof text);
		return true;
	}
	if (!number_parse(value, &number)) {
		complain(place, row->name, "must be a whole number from 0 to 2147483647");
		return false;
	}
	if (!number_within_bounds(row->name, number, place))
		return false;
	memcpy(slot, &number, sizeof number);
	return true;
}

/* Cuts the blanks at both ends, in place. */
static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

/* "name = value"; the text is cut up in place. NULL (and a complaint) when it is not one. */
static const struct row *pair_split(char *text, char **ret_value, const struct place *place)
{
	char *equals = strchr(text, '=');
	const struct row *row;
	char *name;

	if (equals == NULL) {
		complain(place, trim(text), "a setting is written: name = value");
		return NULL;
	}
	*equals = '\0';
	name = trim(text);
	*ret_value = trim(equals + 1);
	row = row_find(name);
	if (row == NULL)
		complain_unknown(place, name);
	return row;
}

/* Settings of earlier versions: a file that still has one is good, and its owner is told where it went. */
static bool is_retired(const char *text)
{
	static const char name[] = "dispatch_threshold";
	size_t length = sizeof name - 1;

	if (strncmp(text, name, length) != 0 || strchr(" \t=", text[length]) == NULL)
		return false;
	fputs("dispatch_threshold is no setting any more: thresholds are edited in the console under 分派规则\n", stderr);
	return true;
}

/* The whole file is read even after a mistake, so that one start shows them all. */
static bool lines_load(struct config *config, FILE *in, const char *file)
{
	int first_line[ROWS] = { 0 };
	struct place place = { file, 0 };
	char *line = NULL;
	size_t size = 0;
	bool good = true;

	while (getline(&line, &size, in) >= 0) {
		char *text = trim(line);
		const struct row *row;
		char *value;

		place.line++;
		if (*text == '\0' || *text == '#' || is_retired(text))
			continue;
		row = pair_split(text, &value, &place);
		if (row == NULL) {
			good = false;
			continue;
		}
		if (first_line[row - table] != 0) {
			char problem[64];

			snprintf(problem, sizeof problem, "was already set on line %d",
			         first_line[row - table]);
			complain(&place, row->name, problem);
			good = false;
			continue;
		}
		first_line[row - table] = place.line;
		good = row_set(config, row, value, &place) && good;
	}
	free(line);
	return good;
}

static bool file_load(struct config *config, const char *file)
{
	FILE *in = fopen(file, "re");
	bool good;

	if (in == NULL) {
		fprintf(stderr, "%s: cannot read the settings: %s\n", file, strerror(errno));
		return false;
	}
	good = lines_load(config, in, file);
	if (ferror(in)) {
		fprintf(stderr, "%s: cannot read the settings: %s\n", file, strerror(errno));
		good = false;
	}
	fclose(in);
	return good;
}

static bool environment_load(struct config *config)
{
	bool good = true;

	for (size_t i = 0; i < ROWS; i++) {
		char name[ENV_PREFIX_BYTES + NAME_BYTES] = "HOTLINE_";
		struct place place = { name, 0 };
		const char *value;

		for (size_t j = 0; table[i].name[j] != '\0'; j++)
			name[ENV_PREFIX_BYTES + j] = (char)toupper((unsigned char)table[i].name[j]);
		value = getenv(name);
		if (value != NULL)
			good = row_set(config, &table[i], value, &place) && good;
	}
	return good;
}

static bool override_load(struct config *config, const char *pair)
{
	struct place place = { "--set", 0 };
	char *copy = strdup(pair);
	const struct row *row;
	char *value;
	bool good;

	if (copy == NULL)
		abort();
	row = pair_split(copy, &value, &place);
	good = row != NULL && row_set(config, row, value, &place);
	free(copy);
	return good;
}

bool config_load(struct config *ret, const char *file, const char *const overrides[], int count)
{
	static const struct place built_in = { "settings.def", 0 };
	bool good = true;

	for (size_t i = 0; i < ROWS; i++)
		good = row_set(ret, &table[i], table[i].value, &built_in) && good;
	if (file != NULL)
		good = file_load(ret, file) && good;
	good = environment_load(ret) && good;
	for (int i = 0; i < count; i++)
		good = override_load(ret, overrides[i]) && good;
	return good;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* Keys, passwords, and connection strings that carry one: "password=…" or "//user:…@host". */
static bool value_is_secret(const struct row *row, const char *value)
{
	const char *authority = strstr(value, "://");

	if (row->kind != KIND_text || *value == '\0')
		return false;
	if (ends_with(row->name, "_password") || ends_with(row->name, "_key"))
		return true;
	if (strstr(value, "password") != NULL)
		return true;
	return authority != NULL && strchr(authority + 3, '@') != NULL
	       && strchr(authority + 3, ':') != NULL;
}

static void row_print(const struct row *row, const struct config *config, FILE *out)
{
	const char *slot = (const char *)config + row->offset;
	const char *text;
	int number;

	fprintf(out, "# %s (default: %s)\n", row->sentence, *row->value ? row->value : "empty");
	if (row->kind == KIND_number) {
		memcpy(&number, slot, sizeof number);
		fprintf(out, "%s = %d\n", row->name, number);
		return;
	}
	memcpy(&text, slot, sizeof text);
	fprintf(out, "%s = %s\n", row->name, value_is_secret(row, text) ? "(set)" : text);
}

void config_print(const struct config *config, FILE *out)
{
	for (size_t i = 0; i < ROWS; i++)
		row_print(&table[i], config, out);
}

bool config_has_role(const struct config *config, const char *role)
{
	size_t wanted = strlen(role);

	for (const char *at = config->roles; *at != '\0';) {
		size_t length;

		at += strspn(at, ", ");
		length = strcspn(at, ", ");
		if (length == wanted && wanted > 0 && memcmp(at, role, length) == 0)
			return true;
		at += length;
	}
	return false;
}
