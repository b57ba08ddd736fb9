/* board.h — the live board: fresh figures once a second while somebody looks and something moves. */
#ifndef SERVER_BOARD_H
#define SERVER_BOARD_H

struct room;

void board_open(struct room *room);      /* sets room->board */
void board_close(struct room *room);     /* after store_close() */
/* Something was published; the next tick asks for figures if a console looks at them. */
void board_touch(struct room *room);

#endif
