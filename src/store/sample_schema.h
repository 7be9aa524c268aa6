/*
 * What of the schema follows from the resource table: the columns of each KIND_sample and the
 * view over all of them.
 */
#ifndef BRINK_STORE_SAMPLE_SCHEMA_H
#define BRINK_STORE_SAMPLE_SCHEMA_H

/*
 * The text of sql/schema.sql or sql/views.sql as SQLite is given it. A line "-- @columns KIND"
 * is replaced by the columns of the resources of that kind, with their help as comments; a
 * line "-- @samples" by a SELECT of each kind, in long form. The caller frees it; NULL where
 * memory is short.
 */
char *sample_schema_expand(const char *sql);

#endif
