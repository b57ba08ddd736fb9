/* address.h — internet addresses: which are of the open internet, and which a setting names. Pure. */
#ifndef SERVER_ADDRESS_H
#define SERVER_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* false: loopback, private, link-local, multicast, reserved, of no known family (RFC 6890); an IPv4 address in IPv6
 * clothes is what it is underneath. */
bool address_is_public(const struct sockaddr *address);
/* Whether words, separated by blanks, hold this address or a network that it is in ("10.8.0.0/16", "fd00::/8"). */
bool address_listed(const struct sockaddr *address, const char *words);

#endif
