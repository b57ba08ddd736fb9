/* The words that duplicate_read.c knows: politeness, places, what numbers count. */
#include "duplicate_words.h"

/* Said in every request, whatever it is about. */
static const struct duplicate_word polite[] = {
	{ U"您好", 0 }, { U"你好", 0 }, { U"尊敬的", 0 }, { U"各位领导", 0 }, { U"领导", 0 }, { U"书记", 0 },
	{ U"市长", 0 }, { U"县长", 0 }, { U"区长", 0 }, { U"谢谢", 0 }, { U"感谢", 0 }, { U"万分感谢", 0 },
	{ U"辛苦", 0 }, { U"麻烦", 0 }, { U"打扰", 0 }, { U"恳请", 0 }, { U"恳求", 0 }, { U"敬请", 0 }, { U"请求", 0 },
	{ U"希望", 0 }, { U"盼望", 0 }, { U"期待", 0 }, { U"请问", 0 }, { U"想问", 0 }, { U"咨询", 0 }, { U"反映", 0 },
	{ U"反应", 0 }, { U"投诉", 0 }, { U"举报", 0 }, { U"建议", 0 }, { U"诉求", 0 }, { U"来电", 0 }, { U"来信", 0 },
	{ U"市民", 0 }, { U"群众", 0 }, { U"诉求人", 0 }, { U"来电人", 0 }, { U"相关部门", 0 }, { U"有关部门", 0 },
	{ U"相关单位", 0 }, { U"职能部门", 0 }, { U"政府", 0 }, { U"部门", 0 }, { U"尽快", 0 }, { U"尽早", 0 },
	{ U"及时", 0 }, { U"早日", 0 }, { U"解决", 0 }, { U"处理", 0 }, { U"核实", 0 }, { U"查处", 0 }, { U"协调", 0 },
	{ U"落实", 0 }, { U"回复", 0 }, { U"答复", 0 }, { U"重视", 0 }, { U"关注", 0 }, { U"帮助", 0 }, { U"帮忙", 0 },
	{ U"予以", 0 }, { U"给予", 0 }, { U"要求", 0 }, { U"情况", 0 }, { U"问题", 0 }, { U"现在", 0 }, { U"目前", 0 },
	{ U"一直", 0 }, { U"已经", 0 }, { U"多次", 0 }, { U"至今", 0 }, { U"没有", 0 }, { U"可以", 0 }, { U"能否", 0 },
	{ U"能不能", 0 }, { U"是否", 0 }, { U"怎么", 0 }, { U"什么", 0 }, { U"为什么", 0 }, { U"为何", 0 }, { U"如何", 0 },
	{ U"我们", 0 }, { U"我是", 0 }, { U"他们", 0 }, { U"因为", 0 }, { U"所以", 0 }, { U"但是", 0 }, { U"而且", 0 },
	{ U"导致", 0 }, { U"造成", 0 }, { U"影响", 0 }, { U"严重", 0 }, { U"非常", 0 }, { U"居民", 0 }, { U"百姓", 0 },
	{ U"老百姓", 0 }, { U"业主", 0 }, { U"生活", 0 }, { U"需要", 0 }, { U"进行", 0 }, { U"工作", 0 }, { U"人员", 0 },
	{ U"附近", 0 }, { U"旁边", 0 }, { U"对面", 0 }, { U"一下", 0 }, { U"工作人员", 0 }, { U"老旧", 0 }, { U"住宅", 0 }, { U"整个", 0 },
	{ U"这个", 0 }, { U"那个", 0 }, { U"多个", 0 }, { U"每个", 0 }, { U"祝", 0 }, { NULL, 0 },
};

/* Single characters that carry grammar. */
static const struct duplicate_word grammar[] = {
	{ U"的", 0 }, { U"了", 0 }, { U"是", 0 }, { U"在", 0 }, { U"有", 0 }, { U"和", 0 }, { U"与", 0 }, { U"及", 0 },
	{ U"或", 0 }, { U"就", 0 }, { U"都", 0 }, { U"也", 0 }, { U"还", 0 }, { U"又", 0 }, { U"很", 0 }, { U"太", 0 },
	{ U"不", 0 }, { U"没", 0 }, { U"我", 0 }, { U"你", 0 }, { U"他", 0 }, { U"她", 0 }, { U"们", 0 }, { U"这", 0 },
	{ U"那", 0 }, { U"个", 0 }, { U"把", 0 }, { U"被", 0 }, { U"给", 0 }, { U"让", 0 }, { U"对", 0 }, { U"从", 0 },
	{ U"到", 0 }, { U"于", 0 }, { U"为", 0 }, { U"以", 0 }, { U"之", 0 }, { U"其", 0 }, { U"而", 0 }, { U"但", 0 },
	{ U"着", 0 }, { U"过", 0 }, { U"吗", 0 }, { U"呢", 0 }, { U"吧", 0 }, { U"请", 0 }, { U"要", 0 }, { U"会", 0 },
	{ U"能", 0 }, { U"该", 0 }, { U"某", 0 }, { U"住", 0 }, { U"位", 0 }, { U"由", 0 }, { U"去", 0 }, { U"来", 0 },
	{ U"家", 0 }, { U"等", 0 }, { U"并", 0 }, { U"因", 0 }, { U"将", 0 }, { U"往", 0 }, { NULL, 0 },
};

/* What the name of a place ends with. kind 1: a lone character, which is no place beside certain others. */
static const struct duplicate_word endings[] = {
	{ U"家属楼", 0 }, { U"家属院", 0 }, { U"幼儿园", 0 }, { U"火车站", 0 }, { U"客运站", 0 }, { U"加油站", 0 },
	{ U"卫生院", 0 }, { U"工业园", 0 }, { U"农贸市场", 0 }, { U"商业街", 0 }, { U"步行街", 0 }, { U"小区", 0 },
	{ U"花园", 0 }, { U"家园", 0 }, { U"公寓", 0 }, { U"社区", 0 }, { U"新村", 0 }, { U"广场", 0 }, { U"市场", 0 },
	{ U"超市", 0 }, { U"商场", 0 }, { U"商城", 0 }, { U"大厦", 0 }, { U"学校", 0 }, { U"小学", 0 }, { U"中学", 0 },
	{ U"一中", 0 }, { U"二中", 0 }, { U"大学", 0 }, { U"学院", 0 }, { U"医院", 0 }, { U"诊所", 0 }, { U"公园", 0 },
	{ U"车站", 0 }, { U"机场", 0 }, { U"林场", 0 }, { U"农场", 0 }, { U"大街", 0 }, { U"大道", 0 }, { U"胡同", 0 },
	{ U"公路", 0 }, { U"酒店", 0 }, { U"宾馆", 0 }, { U"饭店", 0 }, { U"ktv", 0 }, { U"村", 1 }, { U"屯", 1 },
	{ U"镇", 1 }, { U"乡", 1 }, { U"路", 1 }, { U"街", 1 }, { U"巷", 1 }, { U"桥", 1 }, { U"苑", 1 }, { U"府", 1 },
	{ NULL, 0 },
};

const char32_t duplicate_before[] = U"道马铁线电思走修网农全城乡政短后前一两多这那条";
const char32_t duplicate_after[] = U"灯面道民委管市建长里过由边政府";

/* What a number counts; kind: enum duplicate_kind. */
static const struct duplicate_word units[] = {
	{ U"号楼", DUPLICATE_BUILDING }, { U"号线", DUPLICATE_ROUTE }, { U"单元", DUPLICATE_UNIT },
	{ U"号院", DUPLICATE_DOOR }, { U"公里", DUPLICATE_AMOUNT }, { U"小时", DUPLICATE_DATE },
	{ U"分钟", DUPLICATE_DATE }, { U"个月", DUPLICATE_DATE }, { U"号", DUPLICATE_DOOR }, { U"栋", DUPLICATE_BUILDING },
	{ U"幢", DUPLICATE_BUILDING }, { U"座", DUPLICATE_BUILDING }, { U"弄", DUPLICATE_DOOR }, { U"路", DUPLICATE_ROUTE },
	{ U"室", DUPLICATE_UNIT }, { U"年", DUPLICATE_DATE }, { U"月", DUPLICATE_DATE }, { U"日", DUPLICATE_DATE },
	{ U"点", DUPLICATE_DATE }, { U"时", DUPLICATE_DATE }, { U"分", DUPLICATE_DATE }, { U"天", DUPLICATE_DATE },
	{ U"周", DUPLICATE_DATE }, { NULL, 0 },
};

/* What befalls a whole area. */
static const struct duplicate_word wide[] = {
	{ U"停水", 0 }, { U"停电", 0 }, { U"停暖", 0 }, { U"停气", 0 }, { U"断水", 0 }, { U"断电", 0 }, { U"没水", 0 },
	{ U"没电", 0 }, { U"水压", 0 }, { U"跳闸", 0 }, { U"整个小区", 0 }, { U"全小区", 0 }, { U"整栋", 0 },
	{ U"全村", 0 }, { U"大面积", 0 }, { U"多户", 0 }, { U"各楼", 0 }, { U"浓烟", 0 }, { U"异味", 0 },
	{ NULL, 0 },
};

static size_t word_length(const char32_t *word, const uint32_t *chars, size_t len) {
	size_t i = 0;
	while (word[i] && i < len && word[i] == chars[i])
		i++;
	return word[i] ? 0 : i;
}

static uint32_t head_bit(uint32_t point) {
	return point * UINT32_C(0x9e3779b1) >> 22;
}

static void list_make(struct duplicate_list *list, const struct duplicate_word *words) {
	list->words = words;
	for (size_t i = 0; i < DUPLICATE_HEADS; i++)
		list->heads[i] = 0;
	for (; words->chars; words++)
		list->heads[head_bit(words->chars[0]) / 64] |= UINT64_C(1) << head_bit(words->chars[0]) % 64;
}

void duplicate_lists_make(struct duplicate_lists *lists) {
	list_make(&lists->polite, polite);
	list_make(&lists->grammar, grammar);
	list_make(&lists->endings, endings);
	list_make(&lists->units, units);
	list_make(&lists->wide, wide);
}

size_t duplicate_word_at(const struct duplicate_list *list, const uint32_t *chars, size_t len, int *ret_kind) {
	size_t longest = 0;
	if (len == 0 || !(list->heads[head_bit(chars[0]) / 64] >> head_bit(chars[0]) % 64 & 1))
		return 0;
	for (const struct duplicate_word *word = list->words; word->chars; word++) {
		size_t found = word->chars[0] == chars[0] ? word_length(word->chars, chars, len) : 0;
		if (found > longest) {
			longest = found;
			if (ret_kind)
				*ret_kind = word->kind;
		}
	}
	return longest;
}
