/*
 * Columns: what a member of a row is in the store, in JSON, and to a person. Each is described
 * once, with its row in findings.c; readers and writers of every format follow that.
 */
#ifndef BRINK_REPORT_COLUMN_H
#define BRINK_REPORT_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "store/db.h"

/* The member of a row, and what it is where the store has NULL. */
enum column_type {
	COLUMN_TEXT,       /* char[]: "" */
	COLUMN_WORD,       /* char[]: "", which is null in JSON */
	COLUMN_STRING,     /* char *, freed with the row: NULL */
	COLUMN_INT,        /* int64_t: 0 */
	COLUMN_KNOWN,      /* int64_t: -1, not known */
	COLUMN_REAL,       /* double: 0 */
	COLUMN_KNOWN_REAL, /* double: -1, not known */
	COLUMN_OPTIONAL,   /* double: NAN */
	COLUMN_BOOL,       /* bool: false */
	COLUMN_UNIT,       /* enum unit: UNIT_COUNT */
	COLUMN_ROLE,       /* enum role: ROLE_NONE */
	COLUMN_ESTIMATE, /* struct findings_estimate: not known; in the store NAME, NAME_low
			      and NAME_high */
	COLUMN_DISPLAY_NAME, /* char[] of a resource's name: what a person calls it */
	COLUMN_COMPUTED,     /* no member: only shown */
	COLUMN_TYPES
};

struct findings;
struct record;
struct column;

/* A cell of a table. */
struct cell {
	const struct findings *findings;
	const struct record *record;
	const struct column *column;
	const void *row;
};

/* The text of a cell, in buf (AMOUNT_SIZE bytes) or that of a member; "" where nothing is
 * known. Texts from outside are not escaped yet. */
typedef const char *column_show(const struct cell *cell, char *buf);

/* How a column stands in a table. */
enum column_style {
	STYLE_TEXT,
	STYLE_FIGURE, /* to the right */
	STYLE_BADGE,  /* a word of few, coloured where the format can */
	STYLE_CODE,   /* as one types it */
	STYLE_RESOURCE, /* with what a person calls it and its subject, where the format can */
};

struct column {
	const char *name; /* in the store and in JSON, and what sections ask for it by */
	enum column_type type;
	size_t offset, size; /* of the member */
	const char *sql;     /* where the store has it by another expression */
	bool hidden;         /* not in JSON */
	bool later;          /* not read by the query, but computed from the store */

	const char *title; /* heading, the same in every format */
	enum column_style style;
	column_show *show;  /* NULL: the text itself */
	column_show *aside; /* the interval of the value, or another note; NULL: none */
};

/* The member of a row. */
#define COLUMN_AT(type, column, row) ((type *)((char *)(row) + (column)->offset))
#define COLUMN_OF(type, column, row) \
	((type const *)((const char *)(row) + (column)->offset))

/* The rows of one kind in struct findings: how they are read, and their columns. */
struct record {
	const char *key; /* in JSON; NULL: not there */
	const char *
	    from; /* the query behind its columns, with ?1 the run; NULL: read elsewhere */
	size_t size;  /* of a row */
	size_t rows;  /* offset in struct findings of the pointer to the rows, or where
			     is_one of the row itself */
	size_t count; /* offset of how many; where is_one of a bool, or RECORD_ALWAYS */
	bool is_one;
	const struct column *columns;
	size_t column_count;
	void (*more)(struct json *j,
		     const void *row); /* what else JSON has of a row, or NULL */
};

#define RECORD_ALWAYS SIZE_MAX

/* Writes a member with its name; nothing where it is hidden. */
void column_json(const struct column *column, const void *row, struct json *j);

/* The query that reads the record, to be freed. */
char *record_query(const struct record *record);

/* Reads a statement of that query. */
void record_read(const struct record *record, struct db_statement *s, void *row);

/* Reads the rows of a run into findings. 0, or -1 (see db_error). */
int record_load(const struct record *record, struct db *db, int64_t run_id,
		struct findings *findings);

/* Writes the rows as an array, or the only one as an object; null where it is not there. */
void record_json(const struct record *record, const struct findings *findings,
		 struct json *j);

/* Frees the rows and their texts. */
void record_free(const struct record *record, struct findings *findings);

/* How many rows there are, and one of them. */
size_t record_count(const struct record *record, const struct findings *findings);
const void *record_row(const struct record *record, const struct findings *findings,
		       size_t i);

/* The column of a name, which there is. */
const struct column *record_column(const struct record *record, const char *name);

/* A value of a statement, or fallback where it is NULL. */
int64_t column_int(struct db_statement *s, int column, int64_t fallback);
double column_real(struct db_statement *s, int column, double fallback);

#endif
