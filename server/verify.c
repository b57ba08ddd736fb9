/* verify.c — the verb `hotlined verify`: is what the database holds still the truth? */
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "law.h"
#include "verify.h"
#include "verify_files.h"

/* NULL when the database refused, which has been printed. */
static PGresult *ask(PGconn *pg, const char *sql)
{
	PGresult *result = PQexec(pg, sql);

	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		return result;
	fprintf(stderr, "verify: %s", PQerrorMessage(pg));
	PQclear(result);
	return NULL;
}

static void line_print(const char *name, const char *checked, const char *faults, const char *example)
{
	bool fine = strcmp(faults, "0") == 0;

	printf("%-4s  %9s  %s", fine ? "ok" : "BAD", checked, name);
	if (!fine)
		printf("\n      %9s  faults, for example %s", faults, example);
	putchar('\n');
}

/* Number of checks that found a fault; -1 when they could not be made. */
static int checks_run(PGconn *pg)
{
	PGresult *result = ask(pg, "select check_name, checked, faults, coalesce(example, '') from verify_all()");
	int row, bad = 0;

	if (result == NULL)
		return -1;
	for (row = 0; row < PQntuples(result); row++) {
		line_print(PQgetvalue(result, row, 0), PQgetvalue(result, row, 1), PQgetvalue(result, row, 2),
		           PQgetvalue(result, row, 3));
		bad += strcmp(PQgetvalue(result, row, 2), "0") != 0;
	}
	PQclear(result);
	return bad;
}

static int law_run(PGconn *pg)
{
	PGresult *result = ask(pg, "select body from flow_load(0, null, '{}')");
	bool matches;

	if (result == NULL)
		return -1;
	matches = law_matches(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : NULL);
	line_print("flow: the database's states and edges are those that this program was built with", "1",
	           matches ? "0" : "1", "the line above");
	PQclear(result);
	return matches ? 0 : 1;
}

static int files_run(PGconn *pg, const struct config *config)
{
	char example[65] = "", checked_text[16], faults_text[16];
	int checked = 0, faults = verify_files(pg, config->files_dir, &checked, example);

	if (faults < 0)
		return -1;
	snprintf(checked_text, sizeof checked_text, "%d", checked);
	snprintf(faults_text, sizeof faults_text, "%d", faults);
	line_print("files: every attachment stands on the disk with its hash", checked_text, faults_text, example);
	return faults > 0;
}

static int all_run(PGconn *pg, const struct config *config, bool with_files)
{
	int law, checks, files;

	printf("%-4s  %9s  %s\n", "", "checked", "what must be true");
	law = law_run(pg);
	checks = law < 0 ? -1 : checks_run(pg);
	files = with_files && checks >= 0 ? files_run(pg, config) : 0;
	if (checks < 0 || files < 0)
		return 1;
	if (law + checks + files == 0)
		puts("全部核对无误：历史可信，状态与事件一致。");
	else
		printf("%d 项核对不符：请停止写入，保留现场，与最近的备份比对。\n", law + checks + files);
	return law + checks + files == 0 ? 0 : 1;
}

int verify_main(const struct config *config, bool files)
{
	PGconn *pg = PQconnectdb(config->database);
	int exit_code = 1;

	if (PQstatus(pg) == CONNECTION_OK)
		exit_code = all_run(pg, config, files);
	else
		fprintf(stderr, "数据库连接不上：%s请检查设置 database。\n", PQerrorMessage(pg));
	PQfinish(pg);
	return exit_code;
}
