/*
 * The HTML report: one file that needs nothing else and asks for nothing, opened from
 * file://. Its bytes depend on the database and this program alone.
 */
#ifndef BRINK_REPORT_HTML_H
#define BRINK_REPORT_HTML_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "store/db.h"

/* Writes the report of one run, or of several compared. 0, or -1 where the store cannot be
 * read (see db_error) or memory is short; errors of out are the caller's to check. */
int html_report(FILE *out, struct db *db, const int64_t *run_ids, size_t count);

/* Writes the index of all runs, whose reports lie beside it by html_run_name(). 0, or -1
 * likewise. */
int html_index(FILE *out, struct db *db);

#define HTML_NAME 32

/* "run-17.html" */
char *html_run_name(int64_t run_id, char *buf);

#endif
