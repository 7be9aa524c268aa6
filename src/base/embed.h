/*
 * Files that are part of the program. The arrays are made from them at build time by
 * tools/embed.sh and end with a NUL.
 */
#ifndef BRINK_BASE_EMBED_H
#define BRINK_BASE_EMBED_H

/* Of a table of files, which ends with a NULL name. */
struct embedded_file {
	const char *name; /* without folder and ending */
	const char *text;
};

extern const char embedded_sql_schema[];       /* sql/schema.sql */
extern const char embedded_sql_schema_first[]; /* sql/schema-1.sql */
extern const char embedded_sql_views[];        /* sql/views.sql */

extern const struct embedded_file embedded_queries[];    /* sql/queries/, by name */
extern const struct embedded_file embedded_migrations[]; /* sql/migrations/ */
extern const char embedded_report_page[];                /* reports/page.html */
extern const char embedded_report_style[];               /* reports/report.css */
extern const char embedded_report_guard[];               /* reports/guard.js */
extern const char embedded_report_script[];              /* reports/report.js */

/* uPlot; both are empty where the program was built without it. */
extern const char embedded_uplot_style[];
extern const char embedded_uplot_script[];

#endif
