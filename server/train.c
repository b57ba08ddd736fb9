/* train.c — the verb `hotlined train`: a model from the hotline's own confirmed history, and its versions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "train.h"
#include "train_learn.h"
#include "train_versions.h"

/* Of the history, oldest first, the newest tenth is for judging, and never less than this. */
enum { JUDGED_SHARE = 10, JUDGED_LEAST = 100, HISTORY_LEAST = 500 };
enum { EXIT_WORSE = 3, EXIT_TOO_FEW = 4 };

struct options { const char *from, *test; bool report, json; };

static int usage(void)
{
	fputs("用法：hotlined train [--report]              从本热线已确认的历史学习，更好才启用；--report 只报告\n"
	      "      hotlined train list                   各版本及其指标\n"
	      "      hotlined train rollback 版本 原因     改用某一版本；0 表示不用模型，按目录用词派单\n"
	      "      hotlined train --from 文件 --test 文件 [--json]\n"
	      "                                            用 CSV 文件（列 label,title,body）学习和检验，不启用\n"
	      "说明见 docs/LEARNING.md。\n", stderr);
	return 2;
}

static bool options_read(struct options *ret, int argc, char *argv[])
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--from") == 0 && i + 1 < argc)
			ret->from = argv[++i];
		else if (strcmp(argv[i], "--test") == 0 && i + 1 < argc)
			ret->test = argv[++i];
		else if (strcmp(argv[i], "--report") == 0)
			ret->report = true;
		else if (strcmp(argv[i], "--json") == 0)
			ret->json = true;
		else
			return false;
	}
	return (ret->from == NULL) == (ret->test == NULL);
}

static void outcome_tell(const struct train_outcome *outcome, bool as_json)
{
	json_t *json;

	if (!as_json) {
		train_print(outcome);
		return;
	}
	json = train_json(outcome);
	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(json);
}

/* ---- from files --------------------------------------------------------------------------------------- */

static int files_learn(const struct options *options)
{
	struct train_texts texts = { 0 };
	struct train_outcome outcome;
	unsigned char *bytes = NULL;
	size_t split;
	bool fine = train_texts_read(&texts, options->from);

	split = texts.count;
	fine = fine && train_texts_read(&texts, options->test);
	if (fine && texts.count == split) {
		fprintf(stderr, "%s：没有可用的行。\n", options->test);
		fine = false;
	}
	fine = fine && train_learn(&texts, split, &(struct train_rivals){ 0 }, &outcome, &bytes);
	if (fine)
		outcome_tell(&outcome, options->json);
	free(bytes);
	train_texts_free(&texts);
	return fine ? 0 : 1;
}

/* ---- from the history --------------------------------------------------------------------------------- */

/* Where judging begins: at the newest tenth, but never at what the model in force has learned from, for it must not
 * be judged by texts it knows. */
static size_t split_find(const struct train_texts *texts, int64_t learned_until)
{
	size_t judged = texts->count / JUDGED_SHARE, split;

	if (judged < JUDGED_LEAST)
		judged = JUDGED_LEAST;
	split = texts->count > judged ? texts->count - judged : 0;
	while (split < texts->count && texts->list[split].at <= learned_until)
		split++;
	return split;
}

/* false: the history is too small, which has been told. */
static bool history_suffices(const struct train_texts *texts, size_t split)
{
	size_t judged = texts->count - split;

	if (texts->count < HISTORY_LEAST) {
		fprintf(stderr, "已确认的工单只有 %zu 件，至少需要 %d 件才能学习；在此之前按目录用词派单。\n",
		        texts->count, HISTORY_LEAST);
		return false;
	}
	if (judged < JUDGED_LEAST) {
		fprintf(stderr, "现行模型没有学过的已确认工单只有 %zu 件，至少需要 %d 件才能公平比较；还差 %zu 件。\n",
		        judged, JUDGED_LEAST, JUDGED_LEAST - judged);
		return false;
	}
	return true;
}

/* The one that dispatches today: the model in force, else the catalogue's words. The rivals come before the model,
 * the present one last among them. */
static const struct judgement *present_of(const struct train_outcome *outcome)
{
	return &outcome->judgements[outcome->judgement_count - 2];
}

/* Worse: less often right, or right as often but a point of macro-F1 lower. */
#define F1_TOLERANCE 0.01

static bool is_worse(const struct train_outcome *outcome)
{
	const struct measure_figures *own = &outcome->judgements[outcome->judgement_count - 1].figures;
	const struct measure_figures *present = &present_of(outcome)->figures;

	return own->accuracy < present->accuracy || own->macro_f1 < present->macro_f1 - F1_TOLERANCE;
}

static int install(PGconn *pg, const struct train_outcome *outcome, const unsigned char *bytes, int64_t learned_until)
{
	json_t *figures = train_json(outcome);
	int version = versions_install(pg, figures, bytes, outcome->bytes, learned_until);

	json_decref(figures);
	if (version == 0)
		return 1;
	printf("已启用模型第 %d 版；运行中的服务器会自动换用。\n", version);
	return 0;
}

static int outcome_settle(PGconn *pg, const struct options *options, const struct train_outcome *outcome,
                          const unsigned char *bytes, int64_t learned_until)
{
	outcome_tell(outcome, options->json);
	if (options->report)
		return 0;
	if (is_worse(outcome)) {
		fprintf(stderr, "新模型不如%s，没有启用；现行的继续使用。\n", present_of(outcome)->name);
		return EXIT_WORSE;
	}
	return install(pg, outcome, bytes, learned_until);
}

static int texts_learn(PGconn *pg, const struct options *options, const struct train_texts *texts,
                       const struct version *present)
{
	struct train_rivals rivals = { .words = train_words_load(pg), .in_force = present->model };
	size_t split = split_find(texts, present->learned_until);
	struct train_outcome outcome;
	unsigned char *bytes = NULL;
	int code = 1;

	if (rivals.words == NULL)
		return 1;
	if (!history_suffices(texts, split))
		code = EXIT_TOO_FEW;
	else if (train_learn(texts, split, &rivals, &outcome, &bytes))
		code = outcome_settle(pg, options, &outcome, bytes, texts->list[split - 1].at);
	free(bytes);
	train_words_free((struct train_words *)rivals.words);
	return code;
}

/* Who really handles what is told by the same history, and also where it is too small to learn from. */
static bool practice_count(PGconn *pg)
{
	PGresult *result = PQexec(pg, "select operator_practice()");
	bool fine = PQresultStatus(result) == PGRES_TUPLES_OK;

	if (!fine)
		fprintf(stderr, "本地惯例没有统计成功：%s", PQerrorMessage(pg));
	PQclear(result);
	return fine;
}

static int history_learn(PGconn *pg, const struct options *options)
{
	struct train_texts texts = { 0 };
	struct version present = { 0 };
	int code = 1;

	if ((options->report || practice_count(pg)) && versions_present(pg, &present) && train_texts_load(&texts, pg))
		code = texts_learn(pg, options, &texts, &present);
	classify_model_free(present.model);
	train_texts_free(&texts);
	return code;
}

/* ---- the verb ------------------------------------------------------------------------------------------- */

static int with_database(PGconn *pg, const struct options *options, int argc, char *argv[])
{
	if (PQstatus(pg) != CONNECTION_OK) {
		fprintf(stderr, "数据库连接不上：%s请检查设置 database_owner。\n", PQerrorMessage(pg));
		return 1;
	}
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return versions_list(pg);
	if (argc == 4 && strcmp(argv[1], "rollback") == 0)
		return versions_rollback(pg, argv[2], argv[3]);
	return history_learn(pg, options);
}

int train_main(const struct config *config, int argc, char *argv[])
{
	struct options options = { 0 };
	bool is_verb = argc > 1 && ((strcmp(argv[1], "list") == 0 && argc == 2) ||
	                            (strcmp(argv[1], "rollback") == 0 && argc == 4));
	PGconn *pg;
	int code;

	if (!is_verb && !options_read(&options, argc, argv))
		return usage();
	if (options.from != NULL)
		return files_learn(&options);
	pg = PQconnectdb(config->database_owner);
	code = with_database(pg, &options, argc, argv);
	PQfinish(pg);
	return code;
}
