/*
 * Numbers with units, read strictly and written for people.
 */
#ifndef BRINK_BASE_UNITS_H
#define BRINK_BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum unit {
	UNIT_COUNT, /* 20000, 20k, 1M */
	UNIT_RATE,  /* per second: 2000, 2000/s, 2k/s, 2000rps */
	UNIT_BYTES, /* 64, 64B, 64k = 64kB = 64KB (1000), 64Ki = 64KiB (1024), up to Ti */
	UNIT_US, /* stored in microseconds: 250us, 100ms, 1.5s, 5m, 8h, 1d, 1h30m; a bare 0 */
};

/* What a unit is called where a number stands beside it: "1", "1/s", "bytes", "us". */
const char *units_name(enum unit unit);

/*
 * Reads the whole of text as a value of the unit, in base units (microseconds, bytes).
 * Fractions are accepted where the result is whole ("1.5s", "0.5Ki"). Nothing is guessed:
 * no sign, no space, a time must carry its unit unless it is 0.
 * Returns NULL and sets *value, or a static text that says what is allowed with an example
 * ("a time such as 100ms, 5s, 5m or 8h") and leaves *value alone. Overflow is an error.
 */
const char *units_parse(enum unit unit, const char *text, int64_t *value);

/*
 * Writes why units_parse() refuses text, naming the part that it does not know, and what is
 * allowed: "\"kB/q\" is not a unit of a size; give a size such as …". Without a full stop.
 */
void units_explain(enum unit unit, const char *text, FILE *why);

/* Enough for every text that the functions below write. */
#define UNITS_TEXT_SIZE 48

/*
 * Writes value for a person: UNIT_COUNT "20,000"; UNIT_RATE "2,000/s"; UNIT_BYTES
 * "64 B", "4.5 KiB", "1.2 GiB"; UNIT_US "250 us", "100 ms", "10.0 s", "5 min 0 s".
 * Negative values keep their sign. Returns buf; buf must hold UNITS_TEXT_SIZE bytes.
 */
char *units_format(enum unit unit, int64_t value, char *buf);

/* Writes value so that units_parse() reads the same number back ("20000", "100ms", "5s",
 * "64"): the shortest exact suffix. Returns buf, UNITS_TEXT_SIZE bytes. */
char *units_format_exact(enum unit unit, int64_t value, char *buf);

#endif
