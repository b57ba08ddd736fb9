/* migrate.c — `hotlined migrate`: migrations once, functions and seed when they have changed.
 *
 * The statements below are the only SQL in C: what must run before any file of sql/ can. */
#include "migrate.h"
#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "seal.h"
#include "migrate_sqlfile.h"

enum { DIRECTORY_FILES = 512 };

static const char demo_password[] = "hotline12345";

/* Names in a directory that a verb runs, sorted. */
struct listing {
	char *names[DIRECTORY_FILES];
	size_t count;
};

struct migration {
	PGconn *pg;
	const char *sql_dir;
	struct listing migrations, functions, seeds;
	char content[65];        /* digest of all files that are run again and again */
	bool demo;
};

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len > tail && strcmp(name + len - tail, end) == 0;
}

static int names_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void path_make(char *out, size_t room, const char *dir, const char *name)
{
	snprintf(out, room, "%s/%s", dir, name);
}

static bool listing_read(const char *sql_dir, const char *sub, const char *end, struct listing *ret)
{
	char path[1024];
	struct dirent *entry;
	DIR *dir;

	path_make(path, sizeof path, sql_dir, sub);
	dir = opendir(path);
	if (!dir) {
		fprintf(stderr, "%s: cannot be read: %s (setting sql_dir)\n", path, strerror(errno));
		return false;
	}
	while ((entry = readdir(dir)) && ret->count < DIRECTORY_FILES)
		if (entry->d_name[0] != '.' && ends_with(entry->d_name, end))
			ret->names[ret->count++] = strdup(entry->d_name);
	closedir(dir);
	qsort(ret->names, ret->count, sizeof *ret->names, names_compare);
	return true;
}

static void listing_free(struct listing *listing)
{
	while (listing->count)
		free(listing->names[--listing->count]);
}

/* flow.sql is data that other files may lean on: it goes first. */
static void listing_first(struct listing *listing, const char *first)
{
	for (size_t i = 1; i < listing->count; i++) {
		if (strcmp(listing->names[i], first) == 0) {
			char *found = listing->names[i];
			memmove(listing->names + 1, listing->names, i * sizeof *listing->names);
			listing->names[0] = found;
			return;
		}
	}
}

/* One statement of our own; parameters end with NULL. The caller clears; NULL when it failed. */
static PGresult *ask(PGconn *pg, const char *sql, const char *first, const char *second)
{
	const char *const values[] = { first, second };
	PGresult *result = PQexecParams(pg, sql, second ? 2 : first ? 1 : 0, NULL, values, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return result;
	fprintf(stderr, "migrate: %s", PQresultErrorMessage(result));
	PQclear(result);
	return NULL;
}

static bool run(PGconn *pg, const char *sql, const char *first, const char *second)
{
	PGresult *result = ask(pg, sql, first, second);

	PQclear(result);
	return result != NULL;
}

static bool record(PGconn *pg, const char *name, const char *digest)
{
	return run(pg, "insert into schema_migration (name, digest) values ($1, $2) "
	               "on conflict (name) do update set digest = excluded.digest, at = now()", name, digest);
}

/* What stands recorded under a name, "" when nothing does. */
static bool recorded(PGconn *pg, const char *name, char out[65])
{
	PGresult *result = ask(pg, "select digest from schema_migration where name = $1", name, NULL);

	if (!result)
		return false;
	snprintf(out, 65, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return true;
}

/* Everything of sql/ that is run again when it has changed, as one digest. */
static bool content_digest(struct migration *migration)
{
	static const char *const subs[] = { "functions", "seed" };
	const struct listing *listings[] = { &migration->functions, &migration->seeds };
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	struct sqlfile file;
	char name[512];

	crypto_hash_sha256_init(&state);
	for (size_t l = 0; l < 2; l++) {
		for (size_t i = 0; i < listings[l]->count; i++) {
			path_make(name, sizeof name, subs[l], listings[l]->names[i]);
			if (!sqlfile_read(migration->sql_dir, name, &file))
				return false;
			crypto_hash_sha256_update(&state, (const unsigned char *)name, strlen(name));
			crypto_hash_sha256_update(&state, (const unsigned char *)file.digest, 64);
			sqlfile_free(&file);
		}
	}
	if (!sqlfile_read(migration->sql_dir, "grants.sql", &file))
		return false;
	crypto_hash_sha256_update(&state, (const unsigned char *)file.digest, 64);
	sqlfile_free(&file);
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(migration->content, sizeof migration->content, hash, sizeof hash);
	return true;
}

static bool migration_run(struct migration *migration, const struct sqlfile *file, const char *name)
{
	PGconn *pg = migration->pg;

	if (run(pg, "begin", NULL, NULL) && sqlfile_run(pg, file) && record(pg, name, file->digest)
	    && run(pg, "commit", NULL, NULL)) {
		printf("migration %s: run\n", name);
		return true;
	}
	run(pg, "rollback", NULL, NULL);
	fprintf(stderr, "migrate: %s was rolled back; nothing of it remains\n", file->path);
	return false;
}

static bool migrations_run(struct migration *migration)
{
	bool fine = true;

	for (size_t i = 0; fine && i < migration->migrations.count; i++) {
		const char *name = migration->migrations.names[i];
		char path[512], before[65];
		struct sqlfile file;

		path_make(path, sizeof path, "migrations", name);
		if (!sqlfile_read(migration->sql_dir, path, &file))
			return false;
		fine = recorded(migration->pg, name, before);
		if (fine && before[0] == '\0') {
			fine = migration_run(migration, &file, name);
		} else if (fine && strcmp(before, file.digest) != 0) {
			fprintf(stderr, "%s: this database has run another version of this file. A migration is never "
			        "edited: put it back as it was and write the change as a new file\n", file.path);
			fine = false;
		}
		sqlfile_free(&file);
	}
	return fine;
}

static bool file_run(const struct migration *migration, const char *sub, const char *name)
{
	char path[512];
	struct sqlfile file;
	bool fine;

	path_make(path, sizeof path, sub, name);
	if (!sqlfile_read(migration->sql_dir, path, &file))
		return false;
	fine = sqlfile_run(migration->pg, &file);
	sqlfile_free(&file);
	return fine;
}

/* Twice: first unchecked, so that functions may call those of later files, then with their bodies
 * checked against what all of them have become. */
static bool functions_run(struct migration *migration)
{
	static const char *const checks[] = { "off", "on" };

	for (size_t pass = 0; pass < 2; pass++) {
		if (!run(migration->pg, "select set_config('check_function_bodies', $1, true)", checks[pass], NULL))
			return false;
		for (size_t i = 0; i < migration->functions.count; i++)
			if (!file_run(migration, "functions", migration->functions.names[i]))
				return false;
	}
	printf("functions: %zu files run\n", migration->functions.count);
	return true;
}

static bool seed_table_fill(struct migration *migration, const char *name, const char *table)
{
	char path[512], sql[512], target[160];
	struct sqlfile file;
	bool fine;

	path_make(path, sizeof path, "seed", name);
	snprintf(target, sizeof target, "seed_%s", table);
	snprintf(sql, sizeof sql, "create temporary table %s (like %s including defaults) on commit drop",
	         target, table);
	if (!sqlfile_read(migration->sql_dir, path, &file))
		return false;
	fine = run(migration->pg, sql, NULL, NULL);
	if (fine && strcmp(table, "account") == 0)
		fine = run(migration->pg, "alter table seed_account alter account drop not null, "
		                          "alter password drop not null", NULL, NULL);
	fine = fine && sqlfile_copy(migration->pg, &file, target);
	sqlfile_free(&file);
	return fine;
}

static bool demo_accounts_fill(struct migration *migration)
{
	char hash[128];

	if (!password_hash(demo_password, hash)) {
		fprintf(stderr, "migrate: the demo password cannot be hashed: out of memory?\n");
		return false;
	}
	return seed_table_fill(migration, "demo_account.csv", "account")
		&& run(migration->pg, "update seed_account set password = $1", hash, NULL);
}

static bool seed_run(struct migration *migration)
{
	for (size_t i = 0; i < migration->seeds.count; i++) {
		const char *name = migration->seeds.names[i];
		char table[128];

		if (!ends_with(name, ".csv") || strcmp(name, "demo_account.csv") == 0)
			continue;
		snprintf(table, sizeof table, "%.*s", (int)(strlen(name) - 4), name);
		if (!seed_table_fill(migration, name, table))
			return false;
	}
	if (migration->demo && !demo_accounts_fill(migration))
		return false;
	if (!file_run(migration, "seed", "merge.sql"))
		return false;
	printf("reference data: merged%s\n", migration->demo ? ", with demo accounts" : "");
	return true;
}

static bool content_run(struct migration *migration)
{
	PGconn *pg = migration->pg;
	const char *mark = migration->demo ? "demo" : "content";
	char before[65];

	if (!content_digest(migration) || !recorded(pg, mark, before))
		return false;
	if (strcmp(before, migration->content) == 0) {
		printf("functions and reference data: unchanged\n");
		return true;
	}
	if (run(pg, "begin", NULL, NULL) && functions_run(migration) && seed_run(migration)
	    && file_run(migration, ".", "grants.sql") && record(pg, "content", migration->content)
	    && (!migration->demo || record(pg, "demo", migration->content))
	    && run(pg, "commit", NULL, NULL))
		return true;
	run(pg, "rollback", NULL, NULL);
	fprintf(stderr, "migrate: functions and reference data were rolled back to what they were\n");
	return false;
}

static bool listings_read(struct migration *migration)
{
	if (!listing_read(migration->sql_dir, "migrations", ".sql", &migration->migrations)
	    || !listing_read(migration->sql_dir, "functions", ".sql", &migration->functions)
	    || !listing_read(migration->sql_dir, "seed", "", &migration->seeds))
		return false;
	listing_first(&migration->functions, "flow.sql");
	return true;
}

static bool migrate(struct migration *migration)
{
	return listings_read(migration)
		&& run(migration->pg, "set client_min_messages = warning", NULL, NULL)
		&& run(migration->pg, "select pg_advisory_lock(12345)", NULL, NULL)
		&& run(migration->pg, "create table if not exists schema_migration (name text primary key, "
		                      "digest text not null, at timestamptz not null default now())", NULL, NULL)
		&& migrations_run(migration)
		&& content_run(migration);
}

int migrate_main(const struct config *config, int argc, char *argv[])
{
	struct migration migration = { .sql_dir = config->sql_dir };
	bool fine = sodium_init() >= 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--demo") != 0) {
			fprintf(stderr, "migrate: unknown argument %s; usage: hotlined migrate [--demo]\n", argv[i]);
			return 2;
		}
		migration.demo = true;
	}
	migration.pg = PQconnectdb(config->database_owner);
	if (PQstatus(migration.pg) != CONNECTION_OK) {
		fprintf(stderr, "migrate: %s(setting database_owner)\n", PQerrorMessage(migration.pg));
		fine = false;
	}
	fine = fine && migrate(&migration);
	PQfinish(migration.pg);
	listing_free(&migration.migrations);
	listing_free(&migration.functions);
	listing_free(&migration.seeds);
	return fine ? 0 : 1;
}
