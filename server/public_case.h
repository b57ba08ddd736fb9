/* public_case.h — the citizen's view of a “一件事” case (docs/PUBLIC.md), opened by number and 查询码. */
#ifndef SERVER_PUBLIC_CASE_H
#define SERVER_PUBLIC_CASE_H

#include "command.h"
#include "front.h"

enum { CASE_NUMBER_ROOM = 32 };

/* POST /api/public/case; context: the visitors (public_parts.h). */
http_fn public_case_take;

/* Adds "code" to a case on its way to who tells the applicant: the window that received it and the lead. A reply
 * without "parts" is that of an application: who received it is told. */
finish_fn finish_case_code;

#endif
