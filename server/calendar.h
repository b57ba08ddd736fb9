/* calendar.h — another calendar of holidays, or other office hours: tried against the open deadlines, and put
 * into force with every deadline that it moves. */
#ifndef SERVER_CALENDAR_H
#define SERVER_CALENDAR_H

#include "command.h"

/* calendar.try and calendar.set: the CSV (day,kind,name) becomes the parameter `days`, office hours become
 * `spans`; what is wrong is told (calendar_read.h). The file speaks for the years that occur in it. */
judge_fn judge_calendar;
finish_fn finish_calendar_try, finish_calendar_set;

#endif
