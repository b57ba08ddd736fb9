/* verify_files.c — is every attachment on the disk what its row says? */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "file_store.h"
#include "verify_files.h"

static bool content_fits(const char *dir, const char *row, char sha256[FILE_HASH_ROOM])
{
	json_t *file = json_loads(row, 0, NULL);
	const char *hash = json_string_value(json_object_get(file, "sha256"));
	long long size = json_integer_value(json_object_get(file, "size"));

	snprintf(sha256, FILE_HASH_ROOM, "%s", hash != NULL ? hash : "");
	json_decref(file);
	return file_store_fits(dir, sha256, size);
}

int verify_files(PGconn *pg, const char *dir, int *ret_checked, char example[65])
{
	PGresult *result = PQexec(pg, "select body from file_list(0, null, '{}')");
	char sha256[FILE_HASH_ROOM];
	int faults = 0;

	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		fprintf(stderr, "verify: %s", PQerrorMessage(pg));
		PQclear(result);
		return -1;
	}
	*ret_checked = PQntuples(result);
	for (int row = 0; row < *ret_checked; row++)
		if (!content_fits(dir, PQgetvalue(result, row, 0), sha256) && faults++ == 0)
			strcpy(example, sha256);
	PQclear(result);
	return faults;
}
