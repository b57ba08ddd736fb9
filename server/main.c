/* main.c — hotlined: the verbs of the server, and the settings they share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command_table.h"
#include "config.h"
#include "health.h"
#include "import.h"
#include "log.h"
#include "migrate.h"
#include "queues.h"
#include "seal.h"
#include "serve.h"
#include "shelf.h"
#include "train.h"
#include "user.h"
#include "verify.h"

enum { OVERRIDES_MOST = 64 };

/* A verb gets what is left of the line; argv[0] is its own name. */
typedef int verb_fn(const struct config *config, int argc, char *argv[]);

static int no_arguments(int argc, char *argv[])
{
	if (argc > 1)
		fprintf(stderr, "%s: unknown argument %s\n", argv[0], argv[1]);
	return argc > 1;
}

static int verb_serve(const struct config *config, int argc, char *argv[])
{
	return no_arguments(argc, argv) ? 2 : serve_main(config);
}

static int verb_verify(const struct config *config, int argc, char *argv[])
{
	bool files = argc == 2 && strcmp(argv[1], "--files") == 0;

	return !files && no_arguments(argc, argv) ? 2 : verify_main(config, files);
}

static int verb_queues(const struct config *config, int argc, char *argv[])
{
	return no_arguments(argc, argv) ? 2 : queues_main(config);
}

static int verb_key(const struct config *config, int argc, char *argv[])
{
	const char *path = argc > 1 ? argv[1] : config->key_file;
	const char *algorithm = argc > 2 ? argv[2] : "aes-256-gcm-sha256";

	if (!seal_make_key_file(path, algorithm))
		return 1;
	printf("%s: new keys (%s). Keep a copy apart from the database: without it no contact can be read.\n",
	       path, algorithm);
	return 0;
}

static int verb_settings(const struct config *config, int argc, char *argv[])
{
	if (no_arguments(argc, argv))
		return 2;
	config_print(config, stdout);
	return 0;
}

static int verb_commands(const struct config *config, int argc, char *argv[])
{
	(void)config;
	if (argc == 2 && strcmp(argv[1], "--typescript") == 0)
		command_print_typescript(stdout);
	else if (argc == 2 && strcmp(argv[1], "--markdown") == 0)
		command_print_markdown(stdout);
	else {
		fputs("usage: hotlined commands --markdown|--typescript\n", stderr);
		return 2;
	}
	return 0;
}

static int verb_version(const struct config *config, int argc, char *argv[])
{
	(void)config, (void)argc, (void)argv;
	puts("hotlined " HOTLINE_VERSION);
	return 0;
}

static const struct verb { const char *name; verb_fn *run; const char *sentence; } verbs[] = {
	{ "serve", verb_serve, "serve consoles, dispatch tickets, watch deadlines (setting roles)" },
	{ "migrate", migrate_main, "bring the database to what this version needs [--demo]" },
	{ "import", import_main, "turn a CSV file of petitions into tickets" },
	{ "train", train_main, "learn where tickets belong from the confirmed history; list; rollback" },
	{ "verify", verb_verify, "check the event chains, and that tickets are what their events say [--files]" },
	{ "shelve", shelve_main, "put a past month of events into read-only storage: shelve YYYY-MM" },
	{ "unshelve", unshelve_main, "take a month back from there: unshelve YYYY-MM" },
	{ "shelf", shelf_main, "list the months of events: place, rows, size" },
	{ "rebuild-queues", verb_queues, "make the departments' queues in Redis anew" },
	{ "user", user_main, "list, add and change accounts" },
	{ "key", verb_key, "make a key file for contact data [FILE [ALGORITHM]]" },
	{ "settings", verb_settings, "print every setting with its value and meaning" },
	{ "commands", verb_commands, "print the command table as --markdown or --typescript" },
	{ "version", verb_version, "print the version" },
};

static int usage(FILE *out)
{
	fputs("usage: hotlined VERB [--config FILE] [--set name=value]… [ARGUMENT…]\n\n", out);
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		fprintf(out, "  %-16s%s\n", verbs[i].name, verbs[i].sentence);
	fputs("\nSettings come from their defaults, --config, the environment (HOTLINE_NAME) and --set.\n", out);
	return out == stderr ? 2 : 0;
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

struct options { const char *file; const char *overrides[OVERRIDES_MOST]; int override_count; };

/* Takes --config and --set out of argv; the rest stays in order. Returns the new argc, -1 on error. */
static int options_take(int argc, char *argv[], struct options *ret)
{
	int left = 0;

	for (int i = 0; i < argc; i++) {
		bool is_config = strcmp(argv[i], "--config") == 0, is_set = strcmp(argv[i], "--set") == 0;
		if (!is_config && !is_set) {
			argv[left++] = argv[i];
			continue;
		}
		if (i + 1 == argc || ret->override_count == OVERRIDES_MOST) {
			fprintf(stderr, "%s needs a value after it\n", argv[i]);
			return -1;
		}
		if (is_config)
			ret->file = argv[++i];
		else
			ret->overrides[ret->override_count++] = argv[++i];
	}
	return left;
}

static void log_level_choose(const char *name)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			log_level_set((enum log_level)i);
}

int main(int argc, char *argv[])
{
	struct options options = { 0 };
	struct config config;
	const struct verb *verb;

	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return usage(stdout);
	verb = verb_find(argv[1]);
	if (!verb) {
		fprintf(stderr, "hotlined: there is no verb %s\n\n", argv[1]);
		return usage(stderr);
	}
	argc = options_take(argc - 1, argv + 1, &options);
	if (argc < 0 || !config_load(&config, options.file, options.overrides, options.override_count))
		return 2;
	log_level_choose(config.log_level);
	return verb->run(&config, argc, argv + 1);
}
