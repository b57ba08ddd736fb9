/* address.c — internet addresses. */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ADDRESS_BYTES = 16, WORD_ROOM = 64 };

/* RFC 6890 and what replaced parts of it. */
static const char *const SPECIAL[] = {
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7",
	"fe80::/10", "fec0::/10", "ff00::/8" };

static void mapped(const struct in_addr *address, unsigned char out[ADDRESS_BYTES])
{
	memset(out, 0, 10);
	out[10] = out[11] = 0xff;
	memcpy(out + 12, address, 4);
}

static bool bytes_of(const struct sockaddr *address, unsigned char out[ADDRESS_BYTES])
{
	if (address->sa_family == AF_INET)
		mapped(&((const struct sockaddr_in *)(const void *)address)->sin_addr, out);
	else if (address->sa_family == AF_INET6)
		memcpy(out, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, ADDRESS_BYTES);
	else
		return false;
	return true;
}

/* "address" or "address/bits"; false: neither. */
static bool network_read(const char *text, unsigned char out[ADDRESS_BYTES], long *ret_bits)
{
	char copy[WORD_ROOM], *slash, *end;
	struct in_addr four;
	long most = 128, shift = 0;

	snprintf(copy, sizeof copy, "%s", text);
	slash = strchr(copy, '/');
	if (slash != NULL)
		*slash = '\0';
	if (inet_pton(AF_INET, copy, &four) == 1) {
		mapped(&four, out);
		most = 32;
		shift = 96;
	} else if (inet_pton(AF_INET6, copy, out) != 1) {
		return false;
	}
	*ret_bits = slash != NULL ? strtol(slash + 1, &end, 10) : most;
	if (slash != NULL && (slash[1] < '0' || slash[1] > '9' || *end != '\0'))
		return false;
	if (*ret_bits < 0 || *ret_bits > most)
		return false;
	*ret_bits += shift;
	return true;
}

static bool within(const unsigned char bytes[ADDRESS_BYTES], const char *network)
{
	unsigned char other[ADDRESS_BYTES];
	long bits;

	if (!network_read(network, other, &bits) || memcmp(bytes, other, (size_t)bits / 8) != 0)
		return false;
	return bits % 8 == 0 || ((bytes[bits / 8] ^ other[bits / 8]) >> (8 - bits % 8)) == 0;
}

bool address_is_public(const struct sockaddr *address)
{
	unsigned char bytes[ADDRESS_BYTES];

	if (!bytes_of(address, bytes))
		return false;
	for (size_t i = 0; i < sizeof SPECIAL / sizeof SPECIAL[0]; i++)
		if (within(bytes, SPECIAL[i]))
			return false;
	return true;
}

bool address_listed(const struct sockaddr *address, const char *words)
{
	unsigned char bytes[ADDRESS_BYTES];

	if (!bytes_of(address, bytes))
		return false;
	while (*(words += strspn(words, " ")) != '\0') {
		size_t len = strcspn(words, " ");
		char word[WORD_ROOM];

		if (len < sizeof word) {
			snprintf(word, sizeof word, "%.*s", (int)len, words);
			if (within(bytes, word))
				return true;
		}
		words += len;
	}
	return false;
}
