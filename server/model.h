/* model.h — the model that dispatches: the version in force, read from the database at start, whenever the feed tells that
 * the rules have changed, and every half minute: so it is taken although Redis was away when it was installed. */
#ifndef SERVER_MODEL_H
#define SERVER_MODEL_H

struct room;
struct classify_model;

/* Begin; loaded(context) is called once, when the first answer is there, whatever it was: without a model, and with one
 * that cannot be read, the catalogue's own words dispatch. */
void model_open(struct room *room, void (*loaded)(void *context), void *context);
/* Look whether another version is in force. */
void model_touch(struct room *room);
/* Nothing more is asked. */
void model_stop(struct room *room);
void model_close(struct room *room);

/* NULL: none. Valid until the loop's next turn. */
const struct classify_model *model_classifier(const struct room *room);
/* 0: none. */
int model_version(const struct room *room);

#endif
