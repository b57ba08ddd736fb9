/* generate.h — what the two files of the program `generate` share. */
#ifndef ROUTING_GENERATE_H
#define ROUTING_GENERATE_H

void case_print_sql(void);
void case_print_ts(void);
void case_print_md(void);

#endif
