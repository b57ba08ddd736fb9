/* erase.h — 个人信息删除: a person's data leaves database, file store and Redis (个人信息保护法 第四十七条).
 *
 * The database cannot open what is sealed: the server looks up who is meant, opens phone, name and ID number, and
 * hands them to the erasing function for this one call. They are written nowhere and wiped when it is answered.
 * docs/KEEPING.md tells what the command does and what stays in backups. */
#ifndef SERVER_ERASE_H
#define SERVER_ERASE_H

#include "command.h"
#include "room.h"

/* erasure.preview and erasure.confirm. Answers later; on the loop's thread like all judges. Refuses with the field's
 * name: nobody of this number, something of the person still open, a confirmation that does not fit. */
judge_fn judge_erasure;

/* Before redis_close(): what an erasure still has to cut from the streams is cut now. */
void erase_close(struct room *room);

#endif
