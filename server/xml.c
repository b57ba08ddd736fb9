/* xml.c — a JSON value as an XML document. */
#include "xml.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../routing/text.h"

struct writer { FILE *out; const struct xml_item *items; };

/* XML 1.0, production Char: of what UTF-8 can say, these are missing. */
static bool is_xml_char(int32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

static void text_write(FILE *out, const char *text, size_t len)
{
	const char *at = text, *end = text + len;

	while (at < end) {
		const char *begin = at;
		int32_t c = text_next(&at, end);

		switch (c) {
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '&': fputs("&amp;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\r': fputs("&#13;", out); break;
		default:
			if (c >= 0 && is_xml_char(c))
				fwrite(begin, 1, (size_t)(at - begin), out);
		}
	}
}

static const char *item_name(const struct writer *writer, const char *container)
{
	for (const struct xml_item *one = writer->items; one->container != NULL; one++)
		if (strcmp(one->container, container) == 0)
			return one->item;
	return "item";
}

static void element_write(struct writer *writer, const char *name, const json_t *value);

static void content_write(struct writer *writer, const char *name, const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		json_object_foreach((json_t *)value, key, member)
			element_write(writer, key, member);
		break;
	case JSON_ARRAY:
		json_array_foreach(value, i, member)
			element_write(writer, item_name(writer, name), member);
		break;
	case JSON_STRING:
		text_write(writer->out, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		fprintf(writer->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_REAL:
		fprintf(writer->out, "%.15g", json_real_value(value));
		break;
	default:
		fputs(json_is_true(value) ? "true" : "false", writer->out);
	}
}

static void element_write(struct writer *writer, const char *name, const json_t *value)
{
	if (json_is_null(value)) {
		fprintf(writer->out, "<%s/>", name);
		return;
	}
	fprintf(writer->out, "<%s>", name);
	content_write(writer, name, value);
	fprintf(writer->out, "</%s>", name);
}

char *xml_document(const char *root, const json_t *value, const struct xml_item *items)
{
	char *text = NULL;
	size_t size;
	struct writer writer = { open_memstream(&text, &size), items };

	if (writer.out == NULL)
		abort();
	fputs("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", writer.out);
	element_write(&writer, root, value);
	fputc('\n', writer.out);
	if (fclose(writer.out) != 0 || text == NULL)
		abort();
	return text;
}
