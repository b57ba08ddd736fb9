/* train_learn.c — learn a model from the older texts and judge it by the newer ones. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "../routing/learn.h"
#include "train_learn.h"

struct job {
	const struct train_texts *texts;
	size_t split;
	struct learn *learn;
	unsigned char *bytes;
	struct train_outcome *outcome;
};

static double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool texts_take(struct job *job)
{
	size_t i;

	for (i = 0; i < job->split; i++) {
		const struct train_text *text = &job->texts->list[i];

		if (!learn_add(job->learn, text->label, text->title, text->body)) {
			fprintf(stderr, "第 %zu 件不能学习：类别“%s”太长，类别多于 %d 个，或内存不足。\n", i + 1,
			        text->label, CLASSIFY_LABELS_MAX);
			return false;
		}
	}
	return true;
}

static void judge(struct job *job, const char *name, const char *key, chooser_fn *choose, const void *chooser)
{
	train_judge(name, key, choose, chooser, job->texts, job->split, job->texts->count,
	            &job->outcome->judgements[job->outcome->judgement_count++]);
}

static bool rivals_judge(struct job *job, const struct train_rivals *rivals)
{
	struct keywords *keywords = keywords_new(job->learn, 0, job->split);

	if (keywords == NULL)
		return false;
	judge(job, "最多类别", "commonest", choose_commonest, keywords);
	judge(job, "关键词", "keywords", choose_keywords, keywords);
	if (rivals->words != NULL)
		judge(job, "目录用词", "words", choose_words, rivals->words);
	if (rivals->in_force != NULL)
		judge(job, "现行模型", "in_force", choose_model, rivals->in_force);
	keywords_free(keywords);
	return true;
}

/* The model is judged as the server will use it: read from its bytes. */
static bool model_judge(struct job *job)
{
	char fault[CLASSIFY_FAULT_ROOM];
	struct classify_model *model = classify_model_read(job->bytes, job->outcome->bytes, fault);

	if (model == NULL) {
		fprintf(stderr, "新模型读不回来：%s\n", fault);
		return false;
	}
	job->outcome->labels = classify_label_count(model);
	job->outcome->features = classify_feature_count(model);
	judge(job, "新模型", "model", choose_model, model);
	classify_model_free(model);
	return true;
}

static bool run(struct job *job, const struct train_rivals *rivals)
{
	double began = seconds(CLOCK_MONOTONIC), worked = seconds(CLOCK_PROCESS_CPUTIME_ID);
	bool fine;

	if (!texts_take(job))
		return false;
	fine = learn_model(job->learn, 0, job->split, train_progress, NULL, &job->bytes, &job->outcome->bytes);
	job->outcome->seconds = seconds(CLOCK_MONOTONIC) - began;
	job->outcome->cpu_seconds = seconds(CLOCK_PROCESS_CPUTIME_ID) - worked;
	if (fine)
		fine = rivals_judge(job, rivals);
	if (!fine)
		fputs("内存不足，或没有可学习的文本。\n", stderr);
	return fine && model_judge(job);
}

bool train_learn(const struct train_texts *texts, size_t split, const struct train_rivals *rivals,
                 struct train_outcome *ret, unsigned char **ret_bytes)
{
	struct job job = { .texts = texts, .split = split, .learn = learn_new(), .outcome = ret };
	bool fine;

	if (job.learn == NULL)
		abort();
	*ret = (struct train_outcome){ .learned = split, .judged = texts->count - split };
	fine = run(&job, rivals);
	learn_free(job.learn);
	*ret_bytes = fine ? job.bytes : NULL;
	if (!fine)
		free(job.bytes);
	return fine;
}
