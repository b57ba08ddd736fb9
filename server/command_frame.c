/* command_frame.c — reads one frame: strict UTF-8 JSON, bounded depth, exact JSON-RPC 2.0. */
#include <stdlib.h>
#include <string.h>
#include "command_frame.h"

enum { ID_LONGEST = 64 };

/* jansson allows 2048 levels; a desk never needs more than a handful. */
static bool depth_ok(const char *text, size_t len, int most)
{
	int depth = 0;
	bool inside = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		if (inside && c == '\\')
			i++;
		else if (c == '"')
			inside = !inside;
		else if (!inside && (c == '{' || c == '['))
			depth++;
		else if (!inside && (c == '}' || c == ']'))
			depth--;
		if (depth > most)
			return false;
	}
	return true;
}

static bool id_ok(const json_t *id)
{
	return json_is_integer(id) || json_is_null(id) ||
	       (json_is_string(id) && json_string_length(id) <= ID_LONGEST);
}

/* The sentence of what is wrong with the request object, NULL when it is right. */
static const char *request_fault(const json_t *root, const json_t *id)
{
	const char *version = json_string_value(json_object_get(root, "jsonrpc"));
	const json_t *params = json_object_get(root, "params");

	if (json_is_array(root))
		return "不支持批量请求，请每帧发送一个命令";
	if (!json_is_object(root))
		return "报文应为一个 JSON 对象";
	if (!version || strcmp(version, "2.0") != 0)
		return "jsonrpc 应为 \"2.0\"";
	if (id && !id_ok(id))
		return "id 应为整数或不超过 64 字节的字符串";
	if (!json_is_string(json_object_get(root, "method")))
		return "method 应为字符串";
	if (params && !json_is_object(params) && !json_is_array(params))
		return "params 应为对象";
	return NULL;
}

static void method_take(const json_t *root, struct frame *ret)
{
	json_t *method = json_object_get(root, "method");

	/* A name that does not fit is no command's name: an empty one is not found either. */
	if (json_string_length(method) < sizeof ret->method)
		memcpy(ret->method, json_string_value(method), json_string_length(method) + 1);
}

static bool request_take(const json_t *root, struct frame *ret, enum refusal *ret_why, const char **ret_wrong)
{
	const json_t *id = json_object_get(root, "id");
	json_t *params = json_object_get(root, "params");

	if (id && id_ok(id))
		ret->id = json_dumps(id, JSON_COMPACT | JSON_ENCODE_ANY);
	*ret_wrong = request_fault(root, id);
	if (*ret_wrong) {
		*ret_why = REFUSE_bad_request;
		return false;
	}
	if (json_is_array(params)) {
		*ret_why = REFUSE_bad_params;
		*ret_wrong = "params 应为带名称的对象，不支持按位置传参";
		return false;
	}
	method_take(root, ret);
	ret->params = params ? json_incref(params) : json_object();
	return true;
}

bool frame_read(const char *text, size_t len, int max_depth, struct frame *ret,
                enum refusal *ret_why, const char **ret_wrong)
{
	json_t *root;
	bool ok;

	*ret = (struct frame){ .id = NULL };
	*ret_why = REFUSE_parse_error;
	*ret_wrong = NULL;
	if (!depth_ok(text, len, max_depth)) {
		*ret_wrong = "报文嵌套过深";
		return false;
	}
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
	if (!root)
		return false;
	ok = request_take(root, ret, ret_why, ret_wrong);
	json_decref(root);
	return ok;
}

void frame_clear(struct frame *frame)
{
	json_decref(frame->params);
	free(frame->id);
}

bool uuid_is_valid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	for (i = 0; form[i]; i++)
		if (form[i] == '-' ? text[i] != '-' : !text[i] || !strchr("0123456789abcdefABCDEF", text[i]))
			return false;
	return text[i] == '\0';
}
