/* xml.h — a JSON value as an XML document: the Open311 mapping between the two ("Spark convention").
 *
 * Members become elements in their order; an array becomes a container whose items bear the name that
 * belongs to it ("services" → "service"); null becomes an empty element. Characters that XML 1.0 cannot
 * carry are left out. Pure: no I/O, no clock. */
#ifndef SERVER_XML_H
#define SERVER_XML_H

#include <jansson.h>

/* What the items of a container are called. */
struct xml_item { const char *container, *item; };

/* malloc'ed UTF-8 text with its declaration, the caller frees it. items ends with { NULL, NULL }; a
 * container that it does not name has items called "item". Names are the program's own: not escaped. */
char *xml_document(const char *root, const json_t *value, const struct xml_item *items);

#endif
