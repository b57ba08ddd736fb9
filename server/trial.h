/* trial.h — 试算: the draft of the dispatch rules tried against the tickets of the last thirty days.
 *
 * Runs on the loop in slices of one page of tickets, so that consoles are answered in between. Each ticket is decided
 * twice, by the rules in force and by the draft, with the same book of facts; what is found is kept with the
 * draft. One trial at a time in a process. */
#ifndef SERVER_TRIAL_H
#define SERVER_TRIAL_H

#include "command.h"

judge_fn judge_draft;        /* dispatch.draft: the document is checked and brought into one form */
judge_fn judge_try;           /* dispatch.try: adds from when tickets are taken */
finish_fn finish_try;        /* the draft has been read: begins, and answers at once */
judge_fn judge_trial;        /* dispatch.trial: how far it is */

/* Begin no further page; what runs is given up. */
void trial_stop(struct room *room);

#endif
