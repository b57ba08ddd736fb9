/* Compares questions with every ticket of their region, as intake.similar would without its keys: what could be found at all.
 *
 *   duplicate_scan QUESTIONS < lines      a line is "id \t region \t place \t title \t body"; the first QUESTIONS are asked
 *
 * Prints for each question "question-id ticket-id score" of its best tickets, best first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../routing/duplicate.h"

enum { BEST = 10, FIELDS = 5, QUESTIONS_MOST = 1000 };

struct best { char id[24]; double score; };
struct question { char id[24], region[16]; struct duplicate_text text; struct best best[BEST]; };

static bool fields_split(char *line, char *fields[FIELDS])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < FIELDS; i++) {
		fields[i] = strsep(&line, "\t");
		if (fields[i] == NULL)
			return false;
	}
	return true;
}

static void best_add(struct best *best, const char *id, double score)
{
	int at = BEST;

	while (at > 0 && best[at - 1].score < score)
		at--;
	if (at == BEST)
		return;
	memmove(best + at + 1, best + at, (size_t)(BEST - 1 - at) * sizeof(*best));
	best[at].score = score;
	snprintf(best[at].id, sizeof(best[at].id), "%s", id);
}

static void ticket_ask(struct question *questions, int count, char *fields[FIELDS])
{
	static struct duplicate_text text;
	static const struct duplicate_facts none;
	struct duplicate_likeness likeness;

	duplicate_read(&text, fields[2], fields[3], fields[4]);
	for (int i = 0; i < count; i++) {
		if (strcmp(questions[i].region, fields[1]) != 0)
			continue;
		duplicate_compare(&questions[i].text, &text, &likeness);
		if (duplicate_is_worth(&likeness, &none))
			best_add(questions[i].best, fields[0], likeness.score);
	}
}

int main(int argc, char **argv)
{
	int wanted = argc > 1 ? atoi(argv[1]) : 0, count = 0;
	struct question *questions = wanted > 0 && wanted <= QUESTIONS_MOST
		? calloc((size_t)wanted, sizeof(*questions)) : NULL;
	char *line = NULL, *fields[FIELDS];
	size_t room = 0;

	if (questions == NULL) {
		fprintf(stderr, "see the first lines of tests/load/duplicate_scan.c for its use\n");
		return 1;
	}
	while (getline(&line, &room, stdin) > 0) {
		if (!fields_split(line, fields))
			continue;
		if (count < wanted) {
			snprintf(questions[count].id, sizeof(questions[count].id), "%s", fields[0]);
			snprintf(questions[count].region, sizeof(questions[count].region), "%s", fields[1]);
			duplicate_read(&questions[count++].text, fields[2], fields[3], fields[4]);
		} else {
			ticket_ask(questions, count, fields);
		}
	}
	for (int i = 0; i < count; i++)
		for (int j = 0; j < BEST && *questions[i].best[j].id != '\0'; j++)
			printf("%s %s %.4f\n", questions[i].id, questions[i].best[j].id, questions[i].best[j].score);
	free(line);
	free(questions);
	return 0;
}
