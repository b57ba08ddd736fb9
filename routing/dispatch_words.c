/* Builds the book of words: what the catalogue calls its matters, hashed and weighed. */
#include "dispatch_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* How much a word counts by where in the catalogue it stands, and as a whole or in pieces. */
#define NAME_WEIGHT    2.0f
#define EXAMPLE_WEIGHT 1.0f
#define GROUP_WEIGHT   1.5f
#define PIECE_WEIGHT   0.7f
#define LENGTH_WEIGHT  0.33f
#define GENERIC_WEIGHT 0.2f

enum { WORD_CHARS = 16 };

/* A word as it is met while the book is built; sorted, equal ones are joined. */
struct draft {
	const uint32_t *chars;
	uint32_t len;
	uint16_t matter;
	float weight;
};

struct drafts {
	uint32_t *chars;
	struct draft *list;
	size_t char_count, count;
};

static int draft_compare(const void *left, const void *right) {
	const struct draft *a = left, *b = right;
	int order = words_compare(a->chars, b->chars, 2);
	if (order)
		return order;
	if (a->len != b->len)
		return a->len > b->len ? -1 : 1;
	order = words_compare(a->chars, b->chars, a->len);
	return order ? order : (int)a->matter - (int)b->matter;
}

static void draft_add(struct drafts *drafts, const uint32_t *chars, size_t len,
                      size_t matter, float weight) {
	drafts->list[drafts->count++] = (struct draft){ chars, (uint32_t)len, (uint16_t)matter, weight };
}

/* One word of the catalogue: whole, and in pieces of two characters, for people say it otherwise.
 * Numbers and Latin words have no pieces. */
static void phrase_add(struct drafts *drafts, const uint32_t *chars, size_t len,
                       size_t matter, float weight) {
	if (len >= 2 && len <= WORD_CHARS)
		draft_add(drafts, chars, len, matter, weight * (1 + LENGTH_WEIGHT * (float)(len - 2)));
	for (size_t i = 0; len > 2 && i + 2 <= len; i++)
		if (!words_is_ascii(chars[i]) && !words_is_ascii(chars[i + 1]))
			draft_add(drafts, chars + i, 2, matter, weight * PIECE_WEIGHT);
}

/* A column of the catalogue: words between bars, other punctuation and 与 ("and"). */
static void column_add(struct drafts *drafts, const char *column, size_t matter, float weight) {
	enum { AND = 0x4e0e };
	uint32_t *word = drafts->chars + drafts->char_count;
	size_t len = 0;
	for (const char *at = column, *end = column + strlen(column); at < end;) {
		const char *from = at;
		text_next(&at, end);
		uint32_t folded;
		if (text_fold(from, (size_t)(at - from), &folded, 1) && folded != AND) {
			word[len++] = folded;
			continue;
		}
		phrase_add(drafts, word, len, matter, weight);
		word += len;
		len = 0;
	}
	phrase_add(drafts, word, len, matter, weight);
	drafts->char_count = (size_t)(word + len - drafts->chars);
}

/* Words of everyday administration say little about the matter, in whatever column they stand. */
static const char *const generic_words[] = {
	"管理", "服务", "收费", "投诉", "标准", "质量", "安全", "问题", "政策", "咨询", "补贴",
	"办理", "公司", "企业", "单位", "人员", "工作", "社会", "政府", "部门", "态度", "小区",
	"设施", "公共", "用户", "建设", "工程", "隐患", "违法", "违规", "非法", "材料", "时间",
	"进度", "纠纷", "保障", "保护", "申请", "登记", "经营", "管理费", "领导", "城市", "农村",
	"地区", "居民", "生活", "环境", "生态", "没有", "不能", "什么", "怎么", "需要", "有人",
	"没人", "家里", "几点", "到家", "不到", "不给", "多少", "不了", "老板", "费用", "情况",
	"事故", "家庭", "资格", "手续", "信息", "程序", "计划", "项目", "合同", "扰民", "街道",
};

enum { GENERIC_COUNT = sizeof(generic_words) / sizeof(generic_words[0]), GENERIC_CHARS = 4 };

struct generic { uint32_t chars[GENERIC_CHARS]; size_t len; };

static void generic_fold(struct generic *generic) {
	for (size_t i = 0; i < GENERIC_COUNT; i++)
		generic[i].len = text_fold(generic_words[i], strlen(generic_words[i]), generic[i].chars,
		                           GENERIC_CHARS);
}

static bool is_generic(const struct generic *generic, const struct words_word *word) {
	for (size_t i = 0; i < GENERIC_COUNT; i++)
		if (generic[i].len == word->len &&
		    words_compare(generic[i].chars, word->chars, word->len) == 0)
			return true;
	return false;
}

static size_t column_bytes(const struct dispatch_matter *matters, size_t count) {
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(matters[i].name) + strlen(matters[i].group) + strlen(matters[i].words);
	return bytes;
}

static void drafts_fill(struct drafts *drafts, const struct dispatch_matter *matters, size_t count) {
	for (size_t i = 0; i < count; i++) {
		column_add(drafts, matters[i].name, i, NAME_WEIGHT);
		column_add(drafts, matters[i].words, i, EXAMPLE_WEIGHT);
		column_add(drafts, matters[i].group, i, GROUP_WEIGHT);
	}
	qsort(drafts->list, drafts->count, sizeof(*drafts->list), draft_compare);
}

/* Equal words become one with a posting for each matter, at the heaviest weight met. */
static void words_join(struct words *words, const struct drafts *drafts) {
	uint32_t posting = 0;
	for (size_t i = 0; i < drafts->count && words->word_count < WORDS_MAX;) {
		const struct draft *first = &drafts->list[i];
		struct words_word *word = &words->words[words->word_count++];
		*word = (struct words_word){ first->chars, first->len, posting, 0 };
		for (; i < drafts->count && drafts->list[i].len == first->len &&
		       words_compare(drafts->list[i].chars, first->chars, first->len) == 0; i++) {
			const struct draft *draft = &drafts->list[i];
			struct words_posting *last = &words->postings[posting - (word->posting_count > 0)];
			if (word->posting_count && last->matter == draft->matter) {
				last->weight = fmaxf(last->weight, draft->weight);
				continue;
			}
			words->postings[posting++] = (struct words_posting){ draft->matter, draft->weight };
			word->posting_count++;
		}
	}
}

/* Rarer words weigh more; matters with many words must not win by their number. */
static void words_weigh(struct words *words) {
	float squares[WORDS_MATTERS] = { 0 };
	struct generic generic[GENERIC_COUNT];
	generic_fold(generic);
	for (uint32_t w = 0; w < words->word_count; w++) {
		struct words_word *word = &words->words[w];
		float rarity = logf(1 + (float)words->matter_count / (float)word->posting_count);
		if (is_generic(generic, word))
			rarity *= GENERIC_WEIGHT;
		for (uint32_t p = 0; p < word->posting_count; p++) {
			struct words_posting *posting = &words->postings[word->posting + p];
			posting->weight *= rarity;
			squares[posting->matter] += posting->weight * posting->weight;
		}
	}
	for (uint32_t w = 0; w < words->word_count; w++)
		for (uint32_t p = 0; p < words->words[w].posting_count; p++) {
			struct words_posting *posting = &words->postings[words->words[w].posting + p];
			posting->weight /= sqrtf(squares[posting->matter]);
		}
}

static void words_hash(struct words *words) {
	memset(words->slots, 0xff, (words->slot_mask + 1) * sizeof(*words->slots));
	for (uint32_t w = 0; w < words->word_count; w++) {
		const uint32_t *chars = words->words[w].chars;
		if (w > 0 && words_compare(words->words[w - 1].chars, chars, 2) == 0)
			continue;
		uint32_t slot = words_head_hash(chars) & words->slot_mask;
		while (words->slots[slot] != WORDS_NONE)
			slot = (slot + 1) & words->slot_mask;
		words->slots[slot] = w;
	}
}

/* Room for what `bytes` of catalogue text can hold at most; NULL when memory is out. */
static struct words *words_alloc(size_t bytes) {
	struct words *words = calloc(1, sizeof(*words));
	if (!words)
		return NULL;
	uint32_t slots = 16;
	while (slots < 2 * bytes)
		slots *= 2;
	words->chars = calloc(bytes, sizeof(*words->chars));
	words->words = calloc(bytes, sizeof(*words->words));
	words->postings = calloc(bytes, sizeof(*words->postings));
	words->slots = calloc(slots, sizeof(*words->slots));
	words->slot_mask = slots - 1;
	if (words->chars && words->words && words->postings && words->slots)
		return words;
	words_free(words);
	return NULL;
}

struct words *words_new(const struct dispatch_matter *matters, size_t count) {
	if (count > WORDS_MATTERS)
		count = WORDS_MATTERS;
	size_t bytes = column_bytes(matters, count) + 1;
	struct words *words = words_alloc(bytes);
	struct drafts drafts = { .list = calloc(bytes, sizeof(struct draft)) };
	if (!words || !drafts.list) {
		words_free(words);
		free(drafts.list);
		return NULL;
	}
	drafts.chars = words->chars;
	words->matter_count = count;
	drafts_fill(&drafts, matters, count);
	words_join(words, &drafts);
	free(drafts.list);
	words_weigh(words);
	words_hash(words);
	return words;
}

void words_free(struct words *words) {
	if (!words)
		return;
	free(words->chars);
	free(words->words);
	free(words->postings);
	free(words->slots);
	free(words);
}
