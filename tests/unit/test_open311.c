/* test_open311.c — the pure parts of the channels' doors: forms, dates, arguments, XML, addresses. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "../../server/address.h"
#include "../../server/form.h"
#include "../../server/open311_parts.h"
#include "../../server/w3date.h"
#include "../../server/webhook.h"
#include "../../server/xml.h"

static void a_form_is_decoded_in_order_with_all_values(void **state)
{
	const char *text = "a=1&b=%E4%B8%AD+%2B&a=2&c&d=", *fault;
	json_t *form = form_parse(text, strlen(text), &fault);

	(void)state;
	assert_non_null(form);
	assert_int_equal(json_array_size(json_object_get(form, "a")), 2);
	assert_null(form_value(form, "a"));
	assert_string_equal(form_value(form, "b"), "中 +");
	assert_null(form_value(form, "c"));
	assert_null(form_value(form, "d"));
	assert_null(form_value(form, "e"));
	json_decref(form);
}

static void dates_of_the_w3_note_and_no_others(void **state)
{
	static const struct { const char *text; int64_t ms; } good[] = {
		{ "1994-11-05T08:15:30-05:00", INT64_C(784041330000) }, { "1994-11-05T13:15:30Z", INT64_C(784041330000) },
		{ "1994-11-05T13:15Z", INT64_C(784041300000) }, { "1994-11-05T13:15:30.25Z", INT64_C(784041330250) },
		{ "1970-01-02", INT64_C(57600000) } };
	static const char *const bad[] = { "", "1994", "1994-11", "1994-11-05T13:15:30", "1994-11-05 13:15:30Z",
		"1994-11-05T13Z", "1994-11-05T24:00:00Z", "1994-11-05T13:15:60Z", "1994-11-05T13:15:30.Z", "1994-11-05T13:15:30z",
		"1994-02-29T00:00:00Z", "1994-11-05T13:15:30+0500", "1994-11-05T13:15:30Zx", "1960-01-01T00:00:00Z",
		"1994-11-05T13:15:30+15:00" };
	char out[W3DATE_ROOM];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_true(w3date_parse(good[i].text, &ms));
		assert_int_equal(ms, good[i].ms);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (w3date_parse(bad[i], &ms))
			fail_msg("“%s” was taken for a date", bad[i]);
	w3date_print(INT64_C(784041330999), out);
	assert_string_equal(out, "1994-11-05T21:15:30+08:00");
}

static void xml_is_escaped_and_lists_are_containers(void **state)
{
	static const struct xml_item items[] = { { "services", "service" }, { NULL, NULL } };
	json_t *value = json_pack("{s:[{s:s, s:b, s:n}], s:i, s:f}", "services", "name", "a<b>&\"\x01\xef\xbf\xbf", "metadata", 1,
		"note", "n", 7, "lat", 37.762221815);
	char *text = xml_document("root", value, items);

	(void)state;
	assert_string_equal(text, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root><services><service>"
		"<name>a&lt;b&gt;&amp;&quot;</name><metadata>true</metadata><note/></service></services><n>7</n>"
		"<lat>37.762221815</lat></root>\n");
	free(text);
	json_decref(value);
}

static bool is_public(const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return address_is_public((const struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return address_is_public((const struct sockaddr *)&six);
}

static void addresses_of_the_house_are_not_public(void **state)
{
	static const char *const house[] = { "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255",
		"192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::",
		"fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::" };
	static const char *const open[] = { "8.8.8.8", "172.32.0.1", "172.15.255.255", "11.0.0.1", "2400:3200::1", "::ffff:8.8.8.8" };

	(void)state;
	for (size_t i = 0; i < sizeof house / sizeof house[0]; i++)
		if (is_public(house[i]))
			fail_msg("%s is public", house[i]);
	for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
		if (!is_public(open[i]))
			fail_msg("%s is not public", open[i]);
}

static void a_setting_lists_addresses_and_networks(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET };

	(void)state;
	inet_pton(AF_INET, "10.8.3.4", &address.sin_addr);
	assert_true(address_listed((const struct sockaddr *)&address, "192.168.0.1  10.8.0.0/16"));
	assert_true(address_listed((const struct sockaddr *)&address, "10.8.3.4"));
	assert_true(address_listed((const struct sockaddr *)&address, "10.8.2.0/23"));
	assert_false(address_listed((const struct sockaddr *)&address, "10.8.3.5 10.9.0.0/16 10.8.0.0/33 10.8.0.0/ x 10.8.0.0/-1"));
	assert_false(address_listed((const struct sockaddr *)&address, ""));
}

static void webhooks_are_http_without_names(void **state)
{
	(void)state;
	assert_true(webhook_url_ok("https://example.org/hook?x=1"));
	assert_true(webhook_url_ok("http://10.0.0.1:8080/"));
	assert_false(webhook_url_ok("ftp://example.org/"));
	assert_false(webhook_url_ok("https://user:pw@example.org/"));
	assert_false(webhook_url_ok("example.org"));
	assert_false(webhook_url_ok("https://"));
	assert_false(webhook_url_ok("https://exa mple.org/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_decoded_in_order_with_all_values),
		cmocka_unit_test(dates_of_the_w3_note_and_no_others),
		cmocka_unit_test(xml_is_escaped_and_lists_are_containers),
		cmocka_unit_test(addresses_of_the_house_are_not_public),
		cmocka_unit_test(a_setting_lists_addresses_and_networks),
		cmocka_unit_test(webhooks_are_http_without_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
