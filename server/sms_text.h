/* sms_text.h — what a citizen reads on the telephone. Pure: no I/O, no clock. Never a name in it, and of a
 * ticket under 保密 nothing but its number: others may look at the screen. */
#ifndef SERVER_SMS_TEXT_H
#define SERVER_SMS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct sms {
	const char *kind;         /* of table message: accepted, told, need_info, extended, paused, refused */
	const char *number, *code;
	const char *text;         /* the reply, what is missing, until when; "" if there is none */
	const char *page, *link;  /* address of the citizens' page, "" = none; signed link of the round */
	bool secret;
};

enum { SMS_ROOM = 1200 };
/* false: there is no message of that kind. */
bool sms_text(const struct sms *sms, char out[SMS_ROOM]);

#endif
