/*
 * Writes JSON (RFC 8259) to a stdio stream, two spaces a level, keys in the order given.
 *
 * The writer keeps the state of commas and nesting, so that callers only say what is
 * there. A NULL key means: an element of an array, or the outermost value, behind which
 * the caller writes the newline. Errors are those of the stream: check ferror() or fclose()
 * at the end.
 */
#ifndef BRINK_BASE_JSON_H
#define BRINK_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	int depth;
	bool first[32]; /* by depth: nothing written yet in this object or array */
};

void json_begin(struct json *j, FILE *out);

/* The version of all documents that brink writes: it goes up where a key goes, or means something
 * else. New keys come without notice. */
#define JSON_SCHEMA_VERSION 1

/* A document for other programs: an object with the member schema_version. The end writes its
 * newline, too. */
void json_document(struct json *j, FILE *out);
void json_end_document(struct json *j);

/* A list of them, as an array: each item is an object with the member schema_version, which
 * json_end_object() ends. Rows of a query are what it asked for, and have it not. */
void json_list(struct json *j, FILE *out);
void json_item(struct json *j);
void json_end_list(struct json *j);

void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end_object(struct json *j);
void json_end_array(struct json *j);

/* text may be NULL, which writes null. Bytes that are not valid UTF-8 become U+FFFD. */
void json_text(struct json *j, const char *key, const char *text);
void json_int(struct json *j, const char *key, int64_t value);
/* A time or count, which writes null where it is below 0: not known. */
void json_known(struct json *j, const char *key, int64_t value);
/* A number that is not finite writes null. At most 15 significant digits. */
void json_real(struct json *j, const char *key, double value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

#endif
