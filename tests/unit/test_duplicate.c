/* Asks how alike requests are: the same, politely wrapped, of another house, and what is no text at all. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../routing/duplicate.h"
#include "../../routing/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct request { const char *place, *title, *body; };

static const struct request requests[] = {
	{ "朝阳小区6号楼2单元", "夜里施工吵人", "楼下工地半夜还在打桩，孩子睡不着觉。" },
	{ "朝阳小区3号楼", "暖气不热", "家里只有十四度，管道一直没有热水循环。" },
	{ "人民路12号", "井盖丢失", "人民路12号门前的污水井盖没了，夜里走路容易掉进去。" },
	{ "", "12路公交车不进站", "今天早上7点，12路公交车在火车站一站没有停，等车的人都没上去。" },
	{ "曙光林场", "林场道路积雪", "曙光林场到镇里的路三天没有清雪，车出不去。" },
	{ "", "", "咨询医保缴费怎么办理" },
	{ "", "", "" },
};

static struct duplicate_text one, two;

static void read_it(struct duplicate_text *text, const struct request *request) {
	duplicate_read(text, request->place, request->title, request->body);
}

static struct duplicate_likeness alike(const struct request *a, const struct request *b) {
	struct duplicate_likeness likeness;
	read_it(&one, a);
	read_it(&two, b);
	duplicate_compare(&one, &two, &likeness);
	return likeness;
}

static const char *why(const struct request *a, const struct request *b, struct duplicate_facts facts) {
	static char out[DUPLICATE_WHY];
	struct duplicate_likeness likeness = alike(a, b);
	duplicate_why(&one, &two, &likeness, &facts, out);
	return out;
}

static void must_say(const char *sentence, const char *part) {
	if (!strstr(sentence, part))
		fail_msg("“%s” does not say “%s”", sentence, part);
}

static void likeness_is_between_0_and_1_and_the_same_both_ways(void **unused) {
	(void)unused;
	for (size_t i = 0; i < COUNT(requests); i++)
		for (size_t j = 0; j < COUNT(requests); j++) {
			struct duplicate_likeness there = alike(&requests[i], &requests[j]);
			struct duplicate_likeness back = alike(&requests[j], &requests[i]);
			assert_true(there.score >= 0 && there.score <= 1);
			assert_true(fabs(there.score - back.score) < 1e-9);
			assert_int_equal(there.where, back.where);
			if (i != j)
				assert_true(there.score < 0.4);
		}
}

static void a_request_is_wholly_like_itself_and_nothing_is_like_nothing(void **unused) {
	(void)unused;
	for (size_t i = 0; i + 1 < COUNT(requests); i++)
		assert_true(alike(&requests[i], &requests[i]).score > 1 - 1e-9);
	assert_true(alike(&requests[COUNT(requests) - 1], &requests[COUNT(requests) - 1]).score <= 1e-9);
}

static void politeness_changes_little(void **unused) {
	(void)unused;
	char body[512];
	for (size_t i = 0; i + 1 < COUNT(requests); i++) {
		struct request polite = requests[i];
		snprintf(body, sizeof(body), "尊敬的领导您好，我想反映一下，%s希望相关部门尽快核实处理，谢谢！", requests[i].body);
		polite.body = body;
		assert_true(alike(&requests[i], &polite).score > 0.9);
	}
}

static void what_is_only_polite_is_no_likeness(void **unused) {
	(void)unused;
	struct request a = { "", "反映暖气问题", "尊敬的领导您好，我家暖气不热，希望相关部门尽快核实处理，谢谢！" };
	struct request b = { "", "反映路灯问题", "尊敬的领导您好，门口路灯不亮，希望相关部门尽快核实处理，谢谢！" };
	assert_true(alike(&a, &b).score < 0.4);
}

static void another_building_changes_much_and_is_said(void **unused) {
	(void)unused;
	struct request a = { "朝阳小区3号楼", "楼道灯坏了", "楼道里的灯坏了好几天，晚上看不见台阶。" }, b = a;
	double same = alike(&a, &b).score;
	b.place = "朝阳小区5号楼";
	struct duplicate_likeness other = alike(&a, &b);
	assert_int_equal(other.where, DUPLICATE_WHERE_NUMBER);
	assert_true(other.score < same - 0.3);
	const char *said = why(&a, &b, (struct duplicate_facts){ .minutes = 90 });
	must_say(said, "同在朝阳小区但号不同（本件3号楼、该单5号楼）");
	must_say(said, "请核对");
	must_say(said, "1 小时前");
}

static void what_strikes_an_area_may_be_one_though_the_buildings_differ(void **unused) {
	(void)unused;
	struct request a = { "朝阳小区3号楼", "停水", "从早上起停水，整个小区都没有水，没人通知。" };
	struct request b = { "朝阳小区5号楼", "停水", "小区从早上起停水，没有人通知什么时候来水。" };
	struct duplicate_likeness likeness = alike(&a, &b);
	struct duplicate_facts facts = { .minutes = 5 };
	assert_int_equal(likeness.where, DUPLICATE_WHERE_NUMBER);
	assert_true(duplicate_is_worth(&likeness, &facts));
	must_say(why(&a, &b, facts), "片区性问题");
}

static void the_same_house_is_found_however_it_is_written(void **unused) {
	(void)unused;
	static const struct { const char *a, *b; enum duplicate_where where; } pairs[] = {
		{ "朝阳小区6号楼2单元", "加格达奇区朝阳小区６号楼", DUPLICATE_WHERE_SAME },
		{ "朝阳小区六号楼", "朝阳小区 6 号楼", DUPLICATE_WHERE_SAME },
		{ "朝阳小区十二号楼", "朝阳小区12号楼", DUPLICATE_WHERE_SAME },
		{ "朝阳小区6号楼2单元", "朝阳小区6号楼3单元", DUPLICATE_WHERE_NUMBER },
		{ "朝阳小区6号楼", "朝阳小区", DUPLICATE_WHERE_NAME },
		{ "人民路12号", "人民路21号", DUPLICATE_WHERE_NUMBER },
		{ "人民路12号", "曙光街12号", DUPLICATE_WHERE_OTHER },
		{ "五一路3号", "五一路3号", DUPLICATE_WHERE_SAME },
		{ "人民路12号", "", DUPLICATE_WHERE_UNKNOWN },
		{ "北山", "北山", DUPLICATE_WHERE_NAME },
	};
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct request a = { pairs[i].a, "路灯不亮", "" }, b = { pairs[i].b, "路灯不亮", "" };
		if (alike(&a, &b).where != pairs[i].where)
			fail_msg("%s and %s: %d", pairs[i].a, pairs[i].b, (int)alike(&a, &b).where);
	}
}

static void a_place_is_found_in_the_midst_of_a_sentence(void **unused) {
	(void)unused;
	static const struct { const char *body, *place; } told[] = {
		{ "我住在朝阳小区6号楼，没有暖气", "朝阳小区" }, { "反映人民路12号门前积水", "人民路" },
		{ "孩子在实验小学门口被车刮了", "实验小学" }, { "坐12路公交车", "12路" },
		{ "家住漠河市北极村的老人", "北极村" },
	};
	for (size_t i = 0; i < COUNT(told); i++) {
		struct request a = { "", "", told[i].body }, b = { told[i].place, "", "" };
		int where = (int)alike(&a, &b).where;
		if (where != DUPLICATE_WHERE_NAME && where != DUPLICATE_WHERE_SAME)
			fail_msg("%s: %d", told[i].body, where);
	}
	static const char *const none[] = { "道路破损", "街道办事处没人", "村民反映", "这条路坏了", "停水三天", "一直没人管",
		"3月5号停电", "室内只有16度" };
	for (size_t i = 0; i < COUNT(none); i++) {
		duplicate_read(&one, "", "", none[i]);
		if (one.place_count)
			fail_msg("%s names no place", none[i]);
	}
}

static void dates_do_not_tell_requests_apart(void **unused) {
	(void)unused;
	struct request a = { "朝阳小区6号楼", "停电", "3月5号晚上8点停电，到现在没来电。" }, b = a;
	b.body = "3月6号晚上9点停电，到现在没来电。";
	assert_true(alike(&a, &b).score > 0.85);
}

static void the_reason_names_caller_place_and_stretch_but_no_telephone(void **unused) {
	(void)unused;
	struct request a = { "朝阳小区6号楼", "夜里施工吵人", "楼下工地半夜还在打桩，联系电话13845671234。" };
	struct request b = { "朝阳小区6号楼", "施工扰民", "楼下工地半夜还在打桩，我的电话是13845671234。" };
	const char *said = why(&a, &b, (struct duplicate_facts){ true, true, 3 * 1440 });
	must_say(said, "同一来电号码、同一事项、同一地点（朝阳小区6号楼）、内容相近");
	must_say(said, "都说到“楼下工地半夜还在打桩”");
	must_say(said, "3 天前");
	assert_null(strstr(said, "138"));
}

/* Two bodies and the stretch that is told of them. */
static void the_stretch_begins_where_people_would_begin(void **unused) {
	(void)unused;
	static const struct { const char *a, *b, *said; } told[] = {
		{ "小区里13楼道灯全都不亮", "小区里3楼道灯全都不亮", "都说到“楼道灯全都不亮”" },
		{ "院里的十三路灯整夜不亮", "院里的三路灯整夜不亮", "都说到“路灯整夜不亮”" },
		{ "锅炉房的噪声整夜不停", "机房的噪声整夜不停", "都说到“噪声整夜不停”" },
		{ "房子老旧了暖气管道漏水严重", "楼旧了暖气管道漏水严重", "都说到“暖气管道漏水严重”" },
		{ "楼下工地半夜还在打桩", "我们楼下工地半夜还在打桩", "都说到“楼下工地半夜还在打桩”" },
	};
	for (size_t i = 0; i < COUNT(told); i++) {
		struct request a = { "", "", told[i].a }, b = { "", "", told[i].b };
		must_say(why(&a, &b, (struct duplicate_facts){ 0 }), told[i].said);
	}
}

/* The odd key of a request: the house it is about; 0 for none. */
static int64_t address_key(const char *place, const char *body) {
	int64_t keys[DUPLICATE_KEYS], found = 0;
	duplicate_read(&one, place, "", body);
	size_t count = duplicate_keys(&one, "232761", keys);
	for (size_t i = 0; i < count; i++)
		if (keys[i] & 1) {
			assert_int_equal(found, 0);
			found = keys[i];
		}
	return found;
}

static void an_address_has_a_key_of_its_own_told_by_being_odd(void **unused) {
	(void)unused;
	int64_t key = address_key("朝阳小区6号楼", "暖气不热");
	assert_int_not_equal(key, 0);
	assert_int_equal(address_key("", "朝阳小区六号楼2单元下水道堵了，没有人来修"), key);
	assert_int_not_equal(address_key("朝阳小区7号楼", "暖气不热"), key);
	assert_int_equal(address_key("北极镇二道街8号楼3单元", "暖气不热"), address_key("", "二道街8号楼室内只有14度"));
	assert_int_equal(address_key("朝阳小区", "暖气不热"), 0);
	assert_int_equal(address_key("", "暖气不热"), 0);
}

static void alike_requests_share_keys_and_strangers_do_not(void **unused) {
	(void)unused;
	static int64_t keys[COUNT(requests)][DUPLICATE_KEYS];
	size_t counts[COUNT(requests)];
	for (size_t i = 0; i < COUNT(requests); i++) {
		read_it(&one, &requests[i]);
		counts[i] = duplicate_keys(&one, "232761", keys[i]);
		assert_true(counts[i] <= DUPLICATE_KEYS && (counts[i] > 0) == (i + 1 < COUNT(requests)));
		char body[512];
		snprintf(body, sizeof(body), "您好，%s请尽快处理", requests[i].body);
		int64_t again[DUPLICATE_KEYS], elsewhere[DUPLICATE_KEYS];
		duplicate_read(&two, requests[i].place, requests[i].title, body);
		size_t count = duplicate_keys(&two, "232761", again), shared = 0, abroad = 0;
		size_t other = duplicate_keys(&two, "232701", elsewhere);
		for (size_t k = 0; k < counts[i]; k++) {
			for (size_t l = 0; l < count; l++)
				shared += keys[i][k] == again[l];
			for (size_t l = 0; l < other; l++)
				abroad += keys[i][k] == elsewhere[l];
		}
		assert_true(shared * 2 >= counts[i]);
		assert_int_equal(abroad, 0);
	}
	for (size_t i = 0; i < COUNT(requests); i++)
		for (size_t j = 0; j < i; j++)
			for (size_t k = 0; k < counts[i]; k++)
				for (size_t l = 0; l < counts[j]; l++)
					/* Two of them tell of one place. */
					assert_true(keys[i][k] != keys[j][l] || (i == 1 && j == 0));
}

static void huge_and_broken_texts_are_read_like_any_other(void **unused) {
	(void)unused;
	enum { SIZE = 200000 };
	char *huge = malloc(SIZE + 1);
	static const char *const pieces[] = { "朝阳小区6号楼", "九九九九九九九九号楼", "\xff\xe6", "12345678901234567890号", "！" };
	uint32_t dice = 11;
	for (size_t p = 0; p < COUNT(pieces); p++) {
		size_t len = strlen(pieces[p]);
		for (size_t i = 0; i < SIZE; i++)
			huge[i] = pieces[p][i % len];
		huge[SIZE] = '\0';
		duplicate_read(&one, huge, huge, huge);
		assert_true(one.len <= DUPLICATE_CHARS);
	}
	for (int round = 0; round < 300; round++) {
		for (size_t i = 0; i < 3000; i++) {
			dice = dice * 1664525u + 1013904223u;
			huge[i] = (char)((dice >> 24) % 255 + 1);
		}
		huge[3000] = '\0';
		struct request broken = { huge + 2000, huge + 1000, huge };
		struct duplicate_likeness likeness = alike(&broken, &broken);
		char out[DUPLICATE_WHY];
		struct duplicate_facts facts = { true, true, 0 };
		assert_true(likeness.score >= 0 && likeness.score <= 1);
		duplicate_why(&one, &two, &likeness, &facts, out);
		assert_true(text_is_valid(out, strlen(out), NULL));
	}
	free(huge);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(likeness_is_between_0_and_1_and_the_same_both_ways),
		cmocka_unit_test(a_request_is_wholly_like_itself_and_nothing_is_like_nothing),
		cmocka_unit_test(politeness_changes_little),
		cmocka_unit_test(what_is_only_polite_is_no_likeness),
		cmocka_unit_test(another_building_changes_much_and_is_said),
		cmocka_unit_test(what_strikes_an_area_may_be_one_though_the_buildings_differ),
		cmocka_unit_test(the_same_house_is_found_however_it_is_written),
		cmocka_unit_test(a_place_is_found_in_the_midst_of_a_sentence),
		cmocka_unit_test(dates_do_not_tell_requests_apart),
		cmocka_unit_test(the_stretch_begins_where_people_would_begin),
		cmocka_unit_test(the_reason_names_caller_place_and_stretch_but_no_telephone),
		cmocka_unit_test(an_address_has_a_key_of_its_own_told_by_being_odd),
		cmocka_unit_test(alike_requests_share_keys_and_strangers_do_not),
		cmocka_unit_test(huge_and_broken_texts_are_read_like_any_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
