/* shelf.c — the verbs `hotlined shelve`, `unshelve` and `shelf`. What they do to tables is in sql/functions/shelf.sql. */
#include "shelf.h"
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "loop.h"

enum { MONTH_ROOM = 11, NUMBER_ROOM = 24 };

/* One call with up to three texts; NULL when it was refused, which has been printed. The caller clears. */
static PGresult *ask(PGconn *pg, const char *sql, int count, const char *const values[])
{
	PGresult *result = PQexecParams(pg, sql, count, NULL, values, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);
	const char *message;

	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return result;
	message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	fprintf(stderr, "%s\n", message != NULL ? message : PQerrorMessage(pg));
	PQclear(result);
	return NULL;
}

static bool run(PGconn *pg, const char *sql, int count, const char *const values[])
{
	PGresult *result = ask(pg, sql, count, values);

	PQclear(result);
	return result != NULL;
}

/* "2026-08" as the first day of that month. */
static bool month_read(const char *text, char out[MONTH_ROOM])
{
	int year, month, end = 0;

	if (sscanf(text, "%4d-%2d%n", &year, &month, &end) != 2 || end != 7 || text[7] != '\0' || month < 1 || month > 12
	    || year < 2000)
		return false;
	snprintf(out, MONTH_ROOM, "%.7s-01", text);
	return true;
}

static PGconn *owner_connect(const struct config *config)
{
	PGconn *pg = PQconnectdb(config->database_owner);

	if (PQstatus(pg) == CONNECTION_OK && run(pg, "set client_min_messages = warning", 0, NULL))
		return pg;
	fprintf(stderr, "数据库连接不上：%s请检查设置 database_owner。\n", PQerrorMessage(pg));
	PQfinish(pg);
	return NULL;
}

/* Connection and month for a verb that works on one; NULL: said why, *ret_code is what to exit with. */
static PGconn *begin(const struct config *config, int argc, char *argv[], char month[MONTH_ROOM], int *ret_code)
{
	if (argc != 2 || !month_read(argv[1], month)) {
		fprintf(stderr, "用法：hotlined %s YYYY-MM（月份，例如 2026-08）\n", argv[0]);
		*ret_code = 2;
		return NULL;
	}
	*ret_code = 1;
	return owner_connect(config);
}

/* Whether the month may be put away; otherwise the reason has been printed. */
static bool may_shelve(PGconn *pg, const struct config *config, const char *month)
{
	char now[NUMBER_ROOM], keep[NUMBER_ROOM];
	const char *const values[] = { month, now, keep };
	PGresult *result;
	bool may;

	snprintf(now, sizeof now, "%lld", (long long)wall_ms());
	snprintf(keep, sizeof keep, "%d", config->shelf_after_months);
	result = ask(pg, "select shelf_refusal($1, $2, $3)", 3, values);
	may = result != NULL && PQgetisnull(result, 0, 0);
	if (result != NULL && !may)
		fprintf(stderr, "%s。\n", PQgetvalue(result, 0, 0));
	PQclear(result);
	return may;
}

static bool copy(PGconn *pg, const struct config *config, const char *month)
{
	const char *const values[] = { month, config->shelf_tablespace };
	PGresult *result = ask(pg, "select shelf_copy($1, $2)", 2, values);

	if (result != NULL)
		printf("%.7s：已复制 %s 条记录，正在冻结……\n", month, PQgetvalue(result, 0, 0));
	PQclear(result);
	return result != NULL;
}

/* VACUUM runs in no transaction and so in no function: its text comes from one. */
static bool freeze(PGconn *pg, const char *month)
{
	PGresult *text = ask(pg, "select shelf_freeze($1)", 1, &month);
	bool fine = text != NULL && run(pg, PQgetvalue(text, 0, 0), 0, NULL);

	PQclear(text);
	return fine;
}

int shelve_main(const struct config *config, int argc, char *argv[])
{
	char month[MONTH_ROOM];
	const char *const value = month;
	int code;
	PGconn *pg = begin(config, argc, argv, month, &code);

	if (pg == NULL)
		return code;
	if (may_shelve(pg, config, month)) {
		printf("%.7s：正在复制到归档区，期间照常查询……\n", month);
		fflush(stdout);
		if (copy(pg, config, month) && freeze(pg, month) && run(pg, "select shelf_exchange($1)", 1, &value)) {
			printf("%.7s：已归档，只读，照常可查。\n", month);
			code = 0;
		}
	}
	PQfinish(pg);
	return code;
}

int unshelve_main(const struct config *config, int argc, char *argv[])
{
	char month[MONTH_ROOM];
	const char *const value = month;
	int code;
	PGconn *pg = begin(config, argc, argv, month, &code);

	if (pg == NULL)
		return code;
	if (run(pg, "select shelf_return($1)", 1, &value)) {
		printf("%.7s：已移回在用分区。\n", month);
		code = 0;
	}
	PQfinish(pg);
	return code;
}

int shelf_main(const struct config *config, int argc, char *argv[])
{
	PGconn *pg;
	PGresult *result;

	if (argc != 1) {
		fprintf(stderr, "用法：hotlined %s\n", argv[0]);
		return 2;
	}
	pg = owner_connect(config);
	if (pg == NULL)
		return 1;
	result = ask(pg, "select month, place, rows, bytes from shelf_months()", 0, NULL);
	puts("月份\t位置\t记录数\t占用");
	for (int row = 0; result != NULL && row < PQntuples(result); row++)
		printf("%.7s\t%s\t%s\t%.1f MB\n", PQgetvalue(result, row, 0),
		       strcmp(PQgetvalue(result, row, 1), "shelf") == 0 ? "归档" : "在用", PQgetvalue(result, row, 2),
		       atof(PQgetvalue(result, row, 3)) / 1048576);
	PQclear(result);
	PQfinish(pg);
	return result != NULL ? 0 : 1;
}
