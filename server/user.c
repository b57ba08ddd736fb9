/* user.c — `hotlined user`: list, add, password, disable and enable accounts. */
#include "user.h"
#include <jansson.h>
#include <libpq-fe.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "../routing/flow.h"
#include "../routing/terms.h"
#include "config.h"
#include "seal.h"

enum { PASSWORD_LEAST = 10, PASSWORD_ROOM = 256 };

static int usage(void)
{
	fputs("usage: hotlined user list\n"
	      "       hotlined user add LOGIN NAME ROLE [--dept ID] [--region CODE] [--extension N]\n"
	      "       hotlined user password|disable|enable LOGIN\n"
	      "ROLE is agent, handler, supervisor or admin; a handler needs --dept.\n"
	      "The password is asked for, or read from standard input.\n", stderr);
	return 2;
}

/* Call one of operator.sql's functions; NULL when it refused, which has been printed. */
static PGresult *ask(PGconn *pg, const char *sql, const char *first, const char *second)
{
	const char *const values[] = { first, second };
	PGresult *result = PQexecParams(pg, sql, second ? 2 : first ? 1 : 0, NULL, values, NULL, NULL, 0);
	const char *message;

	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		return result;
	message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	fprintf(stderr, "user: %s\n", message ? message : PQerrorMessage(pg));
	PQclear(result);
	return NULL;
}

static int done(PGresult *result, const char *login, const char *what)
{
	if (!result)
		return 1;
	PQclear(result);
	printf("%s: %s\n", login, what);
	return 0;
}

static int user_list(PGconn *pg)
{
	PGresult *result = ask(pg, "select * from operator_accounts()", NULL, NULL);

	if (!result)
		return 1;
	for (int row = 0; row < PQntuples(result); row++) {
		const char *term = term_text(TERMS_ROLE, atoi(PQgetvalue(result, row, 2)));
		printf("%s\t%s\t%s\t%s\t%s%s%s\n", PQgetvalue(result, row, 0), PQgetvalue(result, row, 1),
		       term ? term : "?", PQgetvalue(result, row, 3), PQgetvalue(result, row, 4),
		       *PQgetvalue(result, row, 5) == 't' ? "" : "\t已停用",
		       *PQgetvalue(result, row, 6) == 't' ? "\t已锁定" : "");
	}
	PQclear(result);
	return 0;
}

static bool line_read(const char *prompt, char out[PASSWORD_ROOM])
{
	struct termios before, silent;
	bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
	bool got;

	if (terminal) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		fputs(prompt, stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	}
	got = fgets(out, PASSWORD_ROOM, stdin) != NULL;
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	if (got)
		out[strcspn(out, "\r\n")] = '\0';
	return got;
}

/* Ask for a password, twice at a terminal; the hash is all that is kept. */
static bool password_ask(char hash[128])
{
	char first[PASSWORD_ROOM], second[PASSWORD_ROOM];
	bool fine = line_read("password: ", first);

	if (fine && isatty(STDIN_FILENO))
		fine = line_read("once more: ", second) && strcmp(first, second) == 0;
	if (!fine)
		fprintf(stderr, "user: no password, or the two are different; nothing was changed\n");
	if (fine && strlen(first) < PASSWORD_LEAST) {
		fprintf(stderr, "user: a password needs at least %d characters\n", PASSWORD_LEAST);
		fine = false;
	}
	fine = fine && password_hash(first, hash);
	sodium_memzero(first, sizeof first);
	sodium_memzero(second, sizeof second);
	return fine;
}

/* "--dept 12" and its like into the object; false on anything else. */
static bool options_read(json_t *account, int count, char *options[])
{
	static const char *const names[] = { "dept", "region", "extension" };

	for (int i = 0; i < count; i += 2) {
		size_t known = 0;
		while (known < 3 && (strncmp(options[i], "--", 2) != 0 || strcmp(options[i] + 2, names[known]) != 0))
			known++;
		if (known == 3 || i + 1 == count)
			return false;
		json_object_set_new(account, names[known], json_string(options[i + 1]));
	}
	return true;
}

static int user_add(PGconn *pg, int argc, char *argv[])
{
	json_t *account;
	char hash[128], *text;
	int role, code = 1;

	if (argc < 3 || !term_find(TERMS_ROLE, argv[2], &role) || role == ROLE_system)
		return usage();
	account = json_pack("{s:s, s:s, s:i}", "login", argv[0], "name", argv[1], "role", role);
	if (!account || !options_read(account, argc - 3, argv + 3)
	    || (role == ROLE_handler && !json_object_get(account, "dept"))) {
		json_decref(account);
		return usage();
	}
	if (password_ask(hash)) {
		json_object_set_new(account, "password", json_string(hash));
		text = json_dumps(account, JSON_COMPACT);
		code = done(ask(pg, "select operator_add($1)", text, NULL), argv[0], "added");
		free(text);
	}
	json_decref(account);
	return code;
}

static int user_password(PGconn *pg, const char *login)
{
	char hash[128];

	if (!password_ask(hash))
		return 1;
	return done(ask(pg, "select operator_password($1, $2)", login, hash), login, "has a new password");
}

static int user_verb(PGconn *pg, int argc, char *argv[])
{
	const char *verb = argv[1];

	if (strcmp(verb, "list") == 0 && argc == 2)
		return user_list(pg);
	if (strcmp(verb, "add") == 0)
		return user_add(pg, argc - 2, argv + 2);
	if (argc != 3)
		return usage();
	if (strcmp(verb, "password") == 0)
		return user_password(pg, argv[2]);
	if (strcmp(verb, "disable") == 0)
		return done(ask(pg, "select operator_enable($1, false)", argv[2], NULL), argv[2], "disabled");
	if (strcmp(verb, "enable") == 0)
		return done(ask(pg, "select operator_enable($1, true)", argv[2], NULL), argv[2], "enabled");
	return usage();
}

int user_main(const struct config *config, int argc, char *argv[])
{
	PGconn *pg;
	int code = 1;

	if (argc < 2)
		return usage();
	pg = PQconnectdb(config->database_owner);
	if (PQstatus(pg) != CONNECTION_OK)
		fprintf(stderr, "user: %s(setting database_owner)\n", PQerrorMessage(pg));
	else if (sodium_init() >= 0)
		code = user_verb(pg, argc, argv);
	PQfinish(pg);
	return code;
}
