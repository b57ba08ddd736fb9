/* train_report.c — what training tells: progress, the figures for people, the same as JSON. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "train_report.h"

void train_progress(void *context, size_t done, size_t of)
{
	(void)context;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r学习中：第 %zu 轮，至多 %zu 轮 \033[K%s", done, of, done == of ? "\r\033[K" : "");
}

/* One line; the terms are Chinese and two columns wide each, which printf does not know. */
static void judgement_print(const struct judgement *one)
{
	const struct measure_figures *figures = &one->figures;

	printf("  %-8s  正确率 %.4f  宏平均F1 %.4f  前二 %.4f  校准误差 %.4f  直派 %5.1f%%  %6.1f µs（99%%：%.1f）\n", one->name,
	       figures->accuracy, figures->macro_f1, figures->top2, figures->calibration_error,
	       figures->straight * 100, one->median_us, one->p99_us);
}

static void bins_print(const struct judgement *one)
{
	int place;

	printf("%s自报概率与实际正确率：\n", one->name);
	for (place = 0; place < MEASURE_BINS; place++) {
		const struct measure_bin *bin = &one->figures.bins[place];

		if (bin->texts > 0)
			printf("  %.1f–%.1f  %7zu 件  自报 %.3f  实际 %.3f\n", place / 10.0, (place + 1) / 10.0,
			       bin->texts, bin->said, bin->came);
	}
}

void train_print(const struct train_outcome *outcome)
{
	size_t i;

	printf("学习 %zu 件，检验 %zu 件（没有学过的）；%zu 个类别，%zu 个特征，模型 %.2f MiB，用时 %.1f 秒（处理器 %.1f 秒）。\n",
	       outcome->learned, outcome->judged, outcome->labels, outcome->features,
	       (double)outcome->bytes / 1048576, outcome->seconds, outcome->cpu_seconds);
	for (i = 0; i < outcome->judgement_count; i++)
		judgement_print(&outcome->judgements[i]);
	printf("直派：按概率从高到低，正确率不低于 %.0f%% 的最大份额。\n", TRAIN_PRECISION * 100);
	if (outcome->judgement_count > 0)
		bins_print(&outcome->judgements[outcome->judgement_count - 1]);
}

static json_t *bins_json(const struct measure_figures *figures)
{
	json_t *bins = json_array();
	int place;

	for (place = 0; place < MEASURE_BINS; place++)
		json_array_append_new(bins, json_pack("[I,f,f]", (json_int_t)figures->bins[place].texts,
			figures->bins[place].said, figures->bins[place].came));
	return bins;
}

static json_t *judgement_json(const struct judgement *one)
{
	const struct measure_figures *figures = &one->figures;

	return json_pack("{s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:o}", "chooser", one->key,
		"accuracy", figures->accuracy, "macro_f1", figures->macro_f1, "top2", figures->top2,
		"calibration_error", figures->calibration_error, "straight", figures->straight,
		"straight_from", figures->straight_from, "median_us", one->median_us, "p99_us", one->p99_us,
		"bins", bins_json(figures));
}

json_t *train_json(const struct train_outcome *outcome)
{
	json_t *choosers = json_array();
	size_t i;

	for (i = 0; i < outcome->judgement_count; i++)
		json_array_append_new(choosers, judgement_json(&outcome->judgements[i]));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:f, s:o}", "learned", (json_int_t)outcome->learned,
		"judged", (json_int_t)outcome->judged, "labels", (json_int_t)outcome->labels,
		"features", (json_int_t)outcome->features, "bytes", (json_int_t)outcome->bytes,
		"seconds", outcome->seconds, "cpu_seconds", outcome->cpu_seconds, "precision", TRAIN_PRECISION, "choosers", choosers);
}
