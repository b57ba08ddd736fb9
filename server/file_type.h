/* file_type.h — what an attachment is, told by its content and by nothing that its sender says.
 *
 * Pure: no I/O, no allocation, no clock. Photos and documents only: whatever a browser could take
 * for a program has no type. Owns nothing. */
#ifndef SERVER_FILE_TYPE_H
#define SERVER_FILE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

enum file_type { FILE_NONE, FILE_JPEG, FILE_PNG, FILE_WEBP, FILE_PDF };

/* The type whose structure these bytes have from beginning to end: marker by marker up to the
 * picture's data (JPEG), chunk by chunk (PNG, WebP), head and trailer (PDF). */
enum file_type file_type_find(const unsigned char *bytes, size_t size);

/* "image/jpeg", …; NULL for FILE_NONE. */
const char *file_type_mime(enum file_type type);
/* Whether a browser may show a file of this MIME type in its place rather than save it. */
bool file_type_is_picture(const char *mime);

/* Bytes that file_name_fit() may write for a name of n bytes. */
enum { FILE_ENDING_ROOM = 8 };
/* The name without folders, ending as its type does: "C:\x\a.exe" with FILE_PNG is "a.exe.png".
 * false: nothing is left of it, or out is too small. */
bool file_name_fit(const char *name, enum file_type type, char *out, size_t room);
/* The name as the value of filename*= in Content-Disposition (RFC 8187). */
void file_name_encode(const char *name, char *out, size_t room);

#endif
