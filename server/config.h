/* config.h — one settings table (settings.def), read once at start. */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <stdbool.h>
#include <stdio.h>

struct config {
#define SETTING_text const char *
#define SETTING_path const char *
#define SETTING_number int
#define SETTING(name, type, value, sentence) SETTING_##type name;
#include "settings.def"
#undef SETTING
};

/* Defaults, then file (NULL = none), environment, then overrides "name=value". Prints what is
 * wrong with its line to stderr and returns false: unknown names are errors. Strings live until
 * the process ends. */
bool config_load(struct config *ret, const char *file, const char *const overrides[], int count);
/* The table with values, defaults and sentences; secrets shown as "(set)". */
void config_print(const struct config *config, FILE *out);
bool config_has_role(const struct config *config, const char *role);

#endif
