/*
 * Numbers with units, read strictly and written for people.
 */
#ifndef BRINK_BASE_UNITS_H
#define BRINK_BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

enum unit {
	UNIT_COUNT, /* 20000, 20k, 1M */
	UNIT_RATE,  /* per second: 2000, 2000/s, 2k/s */
	UNIT_BYTES, /* 64, 64k (1000), 64Ki (1024), 1G, 1Gi */
	UNIT_US,    /* stored in microseconds: 100ms, 5s, 1.5s, 5m, 8h, 250us; a bare 0 */
};

/*
 * Reads the whole of text as a value of the unit, in base units (microseconds, bytes).
 * Fractions are accepted where the result is whole ("1.5s", "0.5Ki"). Nothing is guessed:
 * no sign, no space, a time must carry its unit unless it is 0.
 * Returns NULL and sets *value, or a static text that says what is allowed with an example
 * ("a time such as 100ms, 5s, 5m or 8h") and leaves *value alone. Overflow is an error.
 */
const char *units_parse(enum unit unit, const char *text, int64_t *value);

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
