/* dispatch_told.h — asks dispatch_decide() as the dispatcher does, and keeps the promises of every answer. */
#ifndef TESTS_DISPATCH_TOLD_H
#define TESTS_DISPATCH_TOLD_H

#include <string.h>

#include "../../routing/dispatch.h"
#include "../../routing/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define THRESHOLD 0.6

enum { TOLD_WHY = DISPATCH_REASONS * DISPATCH_WHY };

/* unit: where it goes by itself, 0 = to people; why: all reasons in one line. */
struct told { int unit; const char *matter; double confidence; char why[TOLD_WHY]; struct dispatch_answer answer; };

/* A policy without rules that sends what is this sure straight through. */
static inline struct dispatch_policy *plain_policy(double straight) {
	const struct dispatch_terms terms = { .version = 3, .straight = straight, .suggest = straight / 2,
		.practice_least = 5, .practice_share = 0.8, .balance = true };
	struct dispatch_policy *policy = dispatch_policy_new(&terms);
	assert_non_null(policy);
	return policy;
}

/* Working hours of Monday, 11 January 2027. */
static inline struct dispatch_ask plain_ask(const char *matter, const char *region, const char *title, const char *text) {
	return (struct dispatch_ask){ .matter = matter, .region = region, .title = title, .text = text, .kind = 2,
		.now_ms = 1799632800000, .office_open = true };
}

static inline struct told told_by(const struct dispatch_book *book, const struct dispatch_policy *policy,
                           const struct dispatch_ask *ask) {
	struct told told;
	struct dispatch_answer *answer = &told.answer;
	memset(&told, 'x', sizeof(told));
	dispatch_decide(book, policy, ask, answer);
	assert_true(answer->reason_count > 0 && answer->reason_count <= DISPATCH_REASONS);
	for (size_t i = 0; i < answer->reason_count; i++) {
		assert_true(memchr(answer->reasons[i], '\0', DISPATCH_WHY) != NULL && answer->reasons[i][0] != '\0');
		assert_true(text_is_valid(answer->reasons[i], strlen(answer->reasons[i]), NULL));
	}
	for (size_t i = 0; i < answer->candidate_count; i++)
		assert_true(text_is_valid(answer->candidates[i].why, strlen(answer->candidates[i].why), NULL));
	assert_true(answer->confidence >= 0 && answer->confidence <= 1);
	assert_true(answer->band == BAND_pool || answer->unit != 0);
	assert_true(answer->unit == 0 || answer->candidates[0].unit == answer->unit);
	told.unit = answer->band == BAND_straight ? answer->unit : 0;
	told.matter = answer->matter;
	told.confidence = answer->confidence;
	dispatch_note(answer, told.why, sizeof(told.why));
	assert_true(text_is_valid(told.why, strlen(told.why), NULL));
	return told;
}

#endif
