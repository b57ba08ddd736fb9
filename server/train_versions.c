/* train_versions.c — the models that were installed: which is in force, what each could, going back to one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "train_versions.h"

enum { BINARY = 1 };

/* NULL when the database refused, which has been printed. */
static PGresult *answer(PGconn *pg, PGresult *result)
{
	const char *message;

	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		return result;
	message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	fprintf(stderr, "train：%s\n", message != NULL ? message : PQerrorMessage(pg));
	PQclear(result);
	return NULL;
}

static uint64_t big_endian(const char *bytes, size_t len)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < len; i++)
		number = number << 8 | (unsigned char)bytes[i];
	return number;
}

/* Asked in binary: the bytes come as they are. */
bool versions_present(PGconn *pg, struct version *ret)
{
	PGresult *result = answer(pg, PQexecParams(pg, "select version, learned_until, bytes from operator_model()", 0, NULL,
	                                           NULL, NULL, NULL, BINARY));
	char fault[CLASSIFY_FAULT_ROOM];
	bool fine = result != NULL;

	*ret = (struct version){ 0 };
	if (fine && PQntuples(result) > 0) {
		ret->number = (int)big_endian(PQgetvalue(result, 0, 0), 4);
		ret->learned_until = (int64_t)big_endian(PQgetvalue(result, 0, 1), 8);
		ret->model = classify_model_read(PQgetvalue(result, 0, 2), (size_t)PQgetlength(result, 0, 2), fault);
		fine = ret->model != NULL;
		if (!fine)
			fprintf(stderr, "现行模型第 %d 版读不了：%s。请先 hotlined train rollback 到可用的版本或 0。\n",
			        ret->number, fault);
	}
	PQclear(result);
	return fine;
}

static const char *operator_name(void)
{
	const char *name = getenv("SUDO_USER") != NULL ? getenv("SUDO_USER") : getlogin();

	return name != NULL ? name : "终端";
}

int versions_install(PGconn *pg, const json_t *figures, const unsigned char *bytes, size_t len, int64_t learned_until)
{
	char *text = json_dumps(figures, JSON_COMPACT), until[24];
	const char *values[] = { text, (const char *)bytes, until, operator_name() };
	const int lengths[] = { 0, (int)len, 0, 0 }, formats[] = { 0, BINARY, 0, 0 };
	PGresult *result;
	int number;

	snprintf(until, sizeof(until), "%" PRId64, learned_until);
	result = answer(pg, PQexecParams(pg, "select operator_model_install($1::jsonb, $2::bytea, $3::bigint, $4)", 4, NULL,
	                                 values, lengths, formats, 0));
	number = result != NULL ? atoi(PQgetvalue(result, 0, 0)) : 0;
	PQclear(result);
	free(text);
	return number;
}

int versions_list(PGconn *pg)
{
	PGresult *result = answer(pg, PQexec(pg, "select line from operator_models()"));
	int row;

	if (result == NULL)
		return 1;
	for (row = 0; row < PQntuples(result); row++)
		puts(PQgetvalue(result, row, 0));
	if (PQntuples(result) == 0)
		puts("还没有模型：按目录用词派单。已确认的工单积累到 500 件后运行 hotlined train。");
	PQclear(result);
	return 0;
}

int versions_rollback(PGconn *pg, const char *number, const char *reason)
{
	const char *values[] = { number, reason, operator_name() };
	PGresult *result = answer(pg, PQexecParams(pg, "select operator_model_rollback($1::integer, $2, $3)", 3, NULL, values,
	                                           NULL, NULL, 0));

	if (result == NULL)
		return 1;
	PQclear(result);
	if (strcmp(number, "0") == 0)
		puts("已停用模型，按目录用词派单；运行中的服务器会自动换用。");
	else
		printf("已改用模型第 %s 版；运行中的服务器会自动换用。\n", number);
	return 0;
}
