/* suggest.h — who would have to deal with it: for the agent while typing, and for the dispatcher at the pool. */
#ifndef SERVER_SUGGEST_H
#define SERVER_SUGGEST_H

#include "command.h"

judge_fn judge_suggest;          /* intake.suggest: answered from memory */
finish_fn finish_candidates;     /* dispatch.candidates: of a ticket as it is now */

#endif
