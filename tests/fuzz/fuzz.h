/*
 * What all fuzzers share. Each is a program of its own, driven by libFuzzer: built with
 * --enable-fuzzers, run by make check-fuzz. Seeds are in seeds/NAME/.
 */
#ifndef BRINK_TEST_FUZZ_H
#define BRINK_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer's entry: always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program as a crash: something was not as promised. */
#define PROMISED(condition)                                                   \
	do {                                                                  \
		if (!(condition)) {                                           \
			fprintf(stderr, "not as promised: %s\n", #condition); \
			abort();                                              \
		}                                                             \
	} while (0)

/* The input as a text, ended at its first NUL; the caller frees it. */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
