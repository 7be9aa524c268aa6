/*
 * Numbers in the text of a file, found by key.
 *
 * The key of a resource says where its number stands:
 *	"3"		the word at position 3 of the first line
 *	"MemFree"	the word behind MemFree, where a line begins with that
 *	"cpu 3"		word 3 of the line that begins with cpu, which is word 0
 *	"TCP inuse"	the word behind inuse in the line that begins with TCP; where two
 *			lines begin so, the first is a heading: the word below inuse
 * Words are parted by blanks, ':' and '/'. A word of one letter is its code.
 *
 * Line and word of each key are remembered from one text to the next, and looked for again
 * when the line found there is another one.
 */
#ifndef BRINK_SAMPLE_KEYED_H
#define BRINK_SAMPLE_KEYED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/resource.h"

#define KEYED_CELLS 24 /* most resources that one file gives */
#define KEYED_KEY   48

/* Readings of one instant by subject kind; what is not wanted may be NULL. */
typedef int64_t *readings_by_kind[SUBJECT_KINDS];

struct keyed_cell {
	const struct resource *resource;
	size_t position;     /* of its reading, among those of its subject */
	char key[KEYED_KEY]; /* may be a part of the resource's */
	size_t head;         /* bytes of the key's first word; 0: the key is a position */
	uint32_t line, word; /* where its number is */
	bool present;        /* false: the text has no such key */
};

struct keyed {
	uint32_t first; /* number that positions begin with: 0, or 1 as in proc(5) */
	bool resolved;
	size_t count;
	struct keyed_cell cells[KEYED_CELLS]; /* by line and word once resolved */
};

/* Wants nothing yet. */
void keyed_init(struct keyed *keyed, uint32_t first);

/* Wants one resource under a key that may differ from the resource's own. */
void keyed_want(struct keyed *keyed, const struct resource *resource, const char *key);

/* Wants every resource of the table that comes from the source. */
void keyed_want_source(struct keyed *keyed, enum source source);

/* True where the text has a number under the key. */
bool keyed_has(const char *text, const char *key);

/*
 * Sets the readings of all that is wanted from the text: number times scale, READING_NONE
 * where the key is not there or is not followed by a whole number.
 */
void keyed_parse(struct keyed *keyed, const char *text, const readings_by_kind readings);

/* The same with the text of an open file, read into buf. False, and READING_NONE
 * everywhere, where fd is -1 or the file cannot be read. */
bool keyed_read(struct keyed *keyed, int fd, char *buf, size_t size,
		const readings_by_kind readings);

#endif
