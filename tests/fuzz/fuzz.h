/* fuzz.h — what every target gives: one input, read to its end. Called by libFuzzer, or by replay.c on saved files. */
#ifndef HOTLINE_FUZZ_H
#define HOTLINE_FUZZ_H
#include <stddef.h>
#include <stdint.h>

/* Returns 0. A fault ends the process: by assert, by abort or by a sanitizer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
