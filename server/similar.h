/* similar.h — 疑似重复: the commands intake.similar and ticket.similar. SQL finds who may look alike by keys and by
 * caller, routing/duplicate.h says how alike they are and why; of another caller nothing is told. */
#ifndef SERVER_SIMILAR_H
#define SERVER_SIMILAR_H

#include "command.h"

judge_fn judge_similar;
finish_fn finish_similar;

#endif
