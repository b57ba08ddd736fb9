/* fuzz_open311.c — throws bytes at what Open311 clients write: forms, dates, arguments, attributes, and at the XML
 * that is made of it.
 *
 * The first byte picks the reader: "0" a form and the submission it makes, "1" a date, "2" the arguments of a list
 * (a form), "3" a text as XML, "4" a signature's header, "5" an address. */
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include "../../server/address.h"
#include "../../server/form.h"
#include "../../server/open311_parts.h"
#include "../../server/signature.h"
#include "../../server/w3date.h"
#include "../../server/xml.h"
#include "fuzz.h"

static const char DEFINITION[] = "{\"service_code\":\"0305\",\"service_name\":\"市政设施\",\"attributes\":["
	"{\"code\":\"KIND\",\"datatype\":\"singlevaluelist\",\"required\":false,\"variable\":true,\"description\":\"类型\","
	"\"values\":[{\"key\":\"3\",\"name\":\"投诉\"}]},"
	"{\"code\":\"MANY\",\"datatype\":\"multivaluelist\",\"required\":false,\"variable\":true,\"description\":\"多项\","
	"\"values\":[{\"key\":\"a\",\"name\":\"甲\"},{\"key\":\"b\",\"name\":\"乙\"}]},"
	"{\"code\":\"N\",\"datatype\":\"number\",\"required\":false,\"variable\":true,\"description\":\"数\",\"values\":[]},"
	"{\"code\":\"WHEN\",\"datatype\":\"datetime\",\"required\":false,\"variable\":true,\"description\":\"时\",\"values\":[]},"
	"{\"code\":\"S\",\"datatype\":\"string\",\"required\":false,\"variable\":true,\"description\":\"词\",\"values\":[]},"
	"{\"code\":\"T\",\"datatype\":\"text\",\"required\":false,\"variable\":true,\"description\":\"文\",\"values\":[]}]}";

static const struct xml_item NO_ITEMS[] = { { NULL, NULL } };

static void form_read(const char *text, size_t len)
{
	const char *fault;
	json_t *form = form_parse(text, len, &fault), *definition, *faults, *made;

	assert((form == NULL) == (fault != NULL));
	if (form == NULL)
		return;
	definition = json_loads(DEFINITION, 0, NULL);
	made = open311_submission(form, definition, &faults);
	assert((made == NULL) == (faults != NULL));
	assert(made == NULL || json_string_length(json_object_get(made, "body")) > 0);
	json_decref(made);
	json_decref(faults);
	json_decref(definition);
	json_decref(form);
}

static void date_read(const char *text)
{
	int64_t ms, again;
	char out[W3DATE_ROOM];

	if (!w3date_parse(text, &ms))
		return;
	w3date_print(ms, out);
	assert(w3date_parse(out, &again) && again == ms - (ms % 1000 + 1000) % 1000);
}

static const char *argument(void *context, const char *name)
{
	return form_value(context, name);
}

static void arguments_read(const char *text, size_t len)
{
	const char *fault;
	json_t *form = form_parse(text, len, &fault), *faults, *query;

	if (form == NULL)
		return;
	query = open311_query(argument, form, INT64_C(1795641558000), &faults);
	assert((query == NULL) == (faults != NULL));
	if (json_object_get(query, "from") != NULL)
		assert(json_integer_value(json_object_get(query, "to")) - json_integer_value(json_object_get(query, "from"))
		       <= SPAN_DAYS * INT64_C(86400000));
	json_decref(query);
	json_decref(faults);
	json_decref(form);
}

/* Whatever a text holds, no markup of its own comes out. */
static void xml_read(const char *text, size_t len)
{
	json_t *value = json_stringn(text, len);
	char *document, *at;
	int tags = 0;

	if (value == NULL)
		return;
	document = xml_document("a", value, NO_ITEMS);
	for (at = document; (at = strchr(at, '<')) != NULL; at++)
		tags++;
	assert(tags == 3);
	free(document);
	json_decref(value);
}

static void address_read(const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	address_listed((const struct sockaddr *)&four, text);
	if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
		address_is_public((const struct sockaddr *)&six);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct signature signature;
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	if (text == NULL)
		abort();
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0]) {
	case '0': form_read(text, size - 1); break;
	case '1': date_read(text); break;
	case '2': arguments_read(text, size - 1); break;
	case '3': xml_read(text, size - 1); break;
	case '4':
		if (signature_read(text, &signature))
			assert(strlen(signature.nonce) == SIGN_NONCE_ROOM - 1 && strlen(signature.sign) == SIGN_ROOM - 1);
		break;
	default: address_read(text);
	}
	free(text);
	return 0;
}
