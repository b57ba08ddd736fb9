/* What must be connected at once and what must not: both directions, with the words as callers use them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../routing/police.h"
#include "../../routing/terms.h"

static struct police_book *book;

static int setup(void **state)
{
	(void)state;
	book = police_book_new(NULL, 0);
	return book == NULL;
}

static int teardown(void **state)
{
	(void)state;
	police_book_free(book);
	return 0;
}

static struct police_verdict judge(const char *text, int kind)
{
	struct police_verdict verdict;

	police_judge(book, "", text, kind, &verdict);
	return verdict;
}

static void expect(const char *text, enum police_level level, unsigned numbers)
{
	struct police_verdict verdict = judge(text, KIND_help);

	if (verdict.level != level || (verdict.numbers & numbers) != numbers)
		fail_msg("%s: level %d numbers %u (%s), wanted level %d numbers %u", text, (int)verdict.level,
		         verdict.numbers, verdict.word_count > 0 ? verdict.words[0] : "", (int)level, numbers);
}

static void test_danger(void **state)
{
	static const struct { const char *text; unsigned numbers; } rows[] = {
		{ "煤气味很重", N119 },
		{ "家里天然气泄漏了，不敢开灯", N119 },
		{ "厨房燃气报警器一直响", N119 },
		{ "楼上有人想不开要跳楼", N110 | N120 },
		{ "我担心我弟弟会自杀，电话打不通", N110 },
		{ "欠薪不给，农民工爬上楼顶要跳楼", N110 },
		{ "树林着火冒烟", N12119 | N119 },
		{ "后山冒烟了，看着像山火", N12119 | N119 },
		{ "林场边上的草甸起火了，风很大", N12119 },
		{ "三单元五楼着火了", N119 },
		{ "请问家里现在着火了打哪个电话", N119 },
		{ "电动车在楼道充电冒烟", N119 },
		{ "煤气罐爆炸了", N119 },
		{ "有人持刀在超市里砍人", N110 },
		{ "隔壁正在打架，打得很凶", N110 },
		{ "我老公正在打我，快来", N110 },
		{ "老人早上出去走失了，有老年痴呆", N110 },
		{ "孩子不见了，找了两个小时", N110 },
		{ "昨天老人走失，现在还没找到", N110 },
		{ "孩子掉进冰窟窿了", N119 },
		{ "有人落水了", N119 },
		{ "我被困在电梯里出不来", N119 },
		{ "采山迷路了，我和老伴在林子里，手机快没电", N110 },
		{ "老人突然晕倒，叫不醒", N120 },
		{ "媳妇羊水破了，要生了", N120 },
		{ "一家三口煤烟中毒", N120 },
		{ "有人躺在路边雪里不动了，倒在雪地", N120 },
		{ "路口刚刚发生车祸，有人受伤", N122 | N120 },
		{ "翻车了，人压在下面流血", N122 },
		{ "河水倒灌，水已经进屋", N119 },
		{ "山体滑坡把路埋了", N119 },
		{ "高压线断了掉在地上", N119 },
		{ "黑熊进村咬伤人", N110 },
		{ "被骗了钱刚转账", N110 },
		{ "刚刚被冒充客服骗了五万", N110 },
		{ "救命", N110 },
		{ "暖气管爆了，热水往外喷，烫伤两个人", N119 },
		{ "再不解决我就抱着孩子去死，喝农药", N110 },
		{ "我要炸了你们政府", N110 },
		{ "液氨泄漏，周围的人都在跑", N119 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect(rows[i].text, POLICE_LEVEL_DANGER, rows[i].numbers);
}

static void test_police(void **state)
{
	static const char *const rows[] = {
		"昨晚家里被盗，丢了一台电视", "手机在集市上被偷", "邻居把我打伤了", "网上刷单被骗两万元", "有人在棋牌室聚众赌博",
		"楼上有人吸毒", "丈夫长期家暴", "工地上的人要去政府拉横幅", "有人私藏猎枪", "路口两车追尾堵住了道",
		"被网恋对象骗走三万元，都是微信转的", "有人敲诈我",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect(rows[i], POLICE_LEVEL_POLICE, 0);
}

static void test_neither(void **state)
{
	static const char *const rows[] = {
		"水管爆了", "咨询身份证怎么补办", "打110没人管", "报警后派出所一直不立案，我家被盗的事没人管",
		"路口井盖缺失三天，夜间行人容易踩空", "家里暖气不热，老人孩子都感冒了", "屋里快冻死人了，温度只有十二度",
		"小区消防通道被占，存在火灾隐患", "去年家里着火，想申请救助", "咨询火灾后的救助政策", "饭店油烟大，烟囱天天冒烟",
		"跟着火车线走的路坏了", "一起火锅店噪音扰民", "电梯经常困人，物业不修", "打人社局电话一直占线", "跳楼价促销是虚假宣传",
		"买到假货被骗了，商家不退款", "培训机构骗了学费不退", "路面塌陷有个大坑", "狗走失了谁管", "老板失联不发工资",
		"因噪音被打扰睡不着", "抢修进度太慢", "被抢救过来的费用能报销吗", "工资拖欠三个月，生活困难", "如果发生火灾怎么办",
		"没有着火，只是烧烤的烟", "流浪狗太多，怕咬伤孩子", "邻居装修噪音", "医院误诊导致我母亲昏迷，要求赔偿",
		"交通事故责任认定不服", "这个路口车祸多发，建议装红绿灯", "公司偷税漏税", "工厂夜间偷排污水", "安装燃气报警器有补贴吗",
		"担心房子塌了，申请危房改造", "感谢民警帮我找到孩子", "停电两天了", "电线乱拉像蜘蛛网", "树倒在路边",
		"林区防火期什么时候结束", "护林防火宣传不到位", "小区里有野猪脚印吗", "垃圾焚烧冒烟", "杀虫剂味道大",
		"孩子上学的学校找不到了解情况的人", "政策什么时候落地", "电话打我手机", "反诈宣传做得好", "银行卡因诈骗被冻结怎么解封",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect(rows[i], POLICE_LEVEL_NONE, 0);
}

/* Danger in one sentence is danger, whatever is said around it. */
static void test_danger_wins(void **state)
{
	(void)state;
	expect("我咨询一下供热收费。对了，我家对门着火了！", POLICE_LEVEL_DANGER, N119);
	expect("去年报过警。现在他又拿刀来了。", POLICE_LEVEL_DANGER, N110);
	assert_int_equal(judge("家里着火了", KIND_consult).level, POLICE_LEVEL_DANGER);
	assert_int_equal(judge("手机被偷", KIND_consult).level, POLICE_LEVEL_NONE);
}

static void test_evidence(void **state)
{
	struct police_verdict verdict = judge("树林着火冒烟，树林着火", 0);

	(void)state;
	assert_int_equal(verdict.situation, SITUATION_forest_fire);
	assert_int_equal(verdict.word_count, 2);
	assert_string_equal(verdict.words[0], "着火");
	assert_string_equal(verdict.words[1], "冒烟");
	police_judge(book, "着火", "", 0, &verdict);
	assert_int_equal(verdict.level, POLICE_LEVEL_DANGER);
	police_judge(book, "", "", 0, &verdict);
	assert_int_equal(verdict.level, POLICE_LEVEL_NONE);
	assert_int_equal(verdict.situation, SITUATION_COUNT);
}

static void test_added(void **state)
{
	static const struct police_word added[] = {
		{ "help", "火燎眉毛" }, { "nothing", "无此情形" }, { "theft", "" }, { "theft", "马|驴" } };
	struct police_book *more = police_book_new(added, sizeof added / sizeof added[0]);
	struct police_verdict verdict;

	(void)state;
	police_judge(more, "", "火燎眉毛了", 0, &verdict);
	assert_int_equal(verdict.level, POLICE_LEVEL_DANGER);
	police_judge(more, "", "无此情形，马，驴", 0, &verdict);
	assert_int_equal(verdict.level, POLICE_LEVEL_NONE);
	police_judge(more, "", "三单元着火", 0, &verdict);
	assert_int_equal(verdict.level, POLICE_LEVEL_DANGER);
	police_book_free(more);
}

/* A sign's word added in a sentence of its own is always found, however long the text before it is, up to the most
 * that is read; and no bytes whatever make the judge stumble. */
static void test_any_text(void **state)
{
	static const char filler[] = "家里供热收费的事情想请你们核实一下。";
	static char text[16000], noise[4000];
	unsigned seed = 7;

	(void)state;
	for (size_t n = 0; n < 200; n += 13) {
		text[0] = '\0';
		for (size_t i = 0; i < n; i++)
			strcat(text, filler);
		strcat(text, "三单元着火了。");
		expect(text, POLICE_LEVEL_DANGER, N119);
	}
	for (int round = 0; round < 500; round++) {
		size_t len = (seed = seed * 1103515245u + 12345u) >> 16 & 2047;
		struct police_verdict verdict;

		for (size_t i = 0; i < len; i++)
			noise[i] = (char)((seed = seed * 1103515245u + 12345u) >> 16 | 1);
		noise[len] = '\0';
		police_judge(book, noise, noise, 0, &verdict);
		assert_true(verdict.word_count <= POLICE_WORDS);
		assert_true((verdict.level == POLICE_LEVEL_NONE) == (verdict.numbers == 0));
	}
}

static void test_names(void **state)
{
	struct police_ours ours;

	(void)state;
	assert_int_equal(police_number_find("12119"), N12119);
	assert_int_equal(police_number_find("911"), 0);
	assert_string_equal(police_number_text(3), "120");
	assert_int_equal(police_situation_find("missing"), SITUATION_missing);
	assert_int_equal(police_situation_find("x"), SITUATION_COUNT);
	for (size_t i = 0; i < 26; i++) {
		char code[4];

		snprintf(code, sizeof code, "P%02zu", i + 1);
		assert_true(police_ours(i, &ours));
		assert_string_equal(ours.code, code);
	}
	assert_false(police_ours(26, &ours));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_danger), cmocka_unit_test(test_police), cmocka_unit_test(test_neither),
		cmocka_unit_test(test_danger_wins), cmocka_unit_test(test_evidence), cmocka_unit_test(test_added),
		cmocka_unit_test(test_any_text), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
