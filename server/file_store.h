/* file_store.h — attachments on disk, named by the SHA-256 of their content.
 *
 *   <dir>/new/body-XXXXXX       a body on its way in (http_spool.c)
 *   <dir>/new/<sha256>-XXXXXX   checked and on the disk, waits for its row in the database
 *   <dir>/ab/<sha256>           has its row; never changed, shared by equal attachments
 *
 * The row is committed while the content waits in new/, so that a refusal removes nothing that
 * another ticket uses, and a crash in between loses nothing: the sweep finds what waited too long
 * and puts it in its place or removes it. No globals; safe from a worker thread. */
#ifndef SERVER_FILE_STORE_H
#define SERVER_FILE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include "file_type.h"

enum { FILE_HASH_ROOM = 65, FILE_PATH_ROOM = 4096 };

/* Makes <dir> and <dir>/new where they are missing. false: logged why. */
bool file_store_make(const char *dir);

enum file_checked { FILE_GOOD, FILE_UNKNOWN, FILE_BROKEN };   /* BROKEN: the disk failed, logged */
/* Tell type and hash of <dir>/new/body-XXXXXX, write it through to the disk and give it its waiting
 * name, which replaces path; a failed one is removed. Slow: for a worker thread. */
enum file_checked file_store_check(char path[FILE_PATH_ROOM], enum file_type *ret_type,
                                   char ret_sha256[FILE_HASH_ROOM]);
/* From its waiting name to its place. false: logged, the sweep tries again. */
bool file_store_place(const char *dir, const char *waiting, const char *sha256);
/* Its place opened for reading; -1 if it is not there. */
int file_store_open(const char *dir, const char *sha256);
/* Whether the content in its place still has this hash and size. Reads it all. */
bool file_store_fits(const char *dir, const char *sha256, long long size);

/* Its content goes from the disk, for ever: 个人信息删除. What is not there is well. false: logged. */
bool file_store_remove(const char *dir, const char *sha256);

/* Visit what waits in new/ for longer than age_s seconds; hash "" for bodies. */
typedef void file_waiting_fn(void *context, const char *path, const char *sha256);
void file_store_waiting(const char *dir, long age_s, file_waiting_fn *fn, void *context);

#endif
