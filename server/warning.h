/* warning.h — early warning (未诉先办): every accepted ticket is held against what is usual and against the incidents
 * already known; what stands out becomes an alert (docs/WARNING.md). Role "warning".
 *
 * One process judges at a time, the one with the lease in table warning_lease; another takes over when it has not
 * been renewed for five seconds, and first takes in what was judged before. The database is the truth: what has
 * no row in warning_ticket is judged, whenever and in whatever order it was committed. */
#ifndef SERVER_WARNING_H
#define SERVER_WARNING_H

struct room;

void warning_open(struct room *room);
void warning_drain(struct room *room);
void warning_close(struct room *room);

#endif
