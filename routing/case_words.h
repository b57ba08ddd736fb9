/* case_words.h — whether a complaint speaks of a “一件事” or a matter of it. Pure. */
#ifndef ROUTING_CASE_WORDS_H
#define ROUTING_CASE_WORDS_H

/* How much of a name stands in a text, in per cent: of its pairs of neighbouring characters, so many are found
 * ("新生儿出生" in "新生儿的出生登记": 3 of 4). “一件事” itself says nothing and is left out; a name of one
 * character or none gives 0. */
int case_words_found(const char *text, const char *name);

#endif
