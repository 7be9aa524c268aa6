/*
 * The questions of sql/queries/, which are part of the program.
 *
 * The comment at the head of each file says what it answers, and then, a line each, its
 * parameters: "-- :name (default) what it is". The default "any" stands for NULL. Where
 * the default is a number, only numbers are taken; the value of :run is a run as
 * run_find() knows it.
 */
#ifndef BRINK_CMD_SAVED_QUERY_H
#define BRINK_CMD_SAVED_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#define SAVED_QUERY_PARAMETERS 8

struct saved_parameter {
	char *name; /* without the colon */
	char *def;  /* NULL: any */
	char *help;
	bool is_number;
};

struct saved_query {
	const char *name, *sql; /* NULL name: none */
	char *answers;          /* a sentence or two */
	struct saved_parameter parameters[SAVED_QUERY_PARAMETERS];
	size_t count;
};

/* Reads the head of query i (from 0): false where there are no more. */
bool saved_query_read(struct saved_query *query, size_t i);
/* The query of that name, or false. */
bool saved_query_find(struct saved_query *query, const char *name);
void saved_query_free(struct saved_query *query);

/* Its name: for suggest_nearest(). */
const char *saved_query_name(size_t i);
size_t saved_query_count(void);

#endif
