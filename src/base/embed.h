/*
 * Files that are part of the program. The arrays are made from them at build time by
 * tools/embed.sh and end with a NUL.
 */
#ifndef BRINK_BASE_EMBED_H
#define BRINK_BASE_EMBED_H

extern const char embedded_sql_schema[]; /* sql/schema.sql */
extern const char embedded_sql_views[];  /* sql/views.sql */

#endif
