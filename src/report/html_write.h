/*
 * Text into HTML. Everything from outside goes through here.
 */
#ifndef BRINK_REPORT_HTML_WRITE_H
#define BRINK_REPORT_HTML_WRITE_H

#include <stdio.h>

/* A text as character data or the value of a quoted attribute: markup is escaped, bytes
 * that are not UTF-8, control characters and those that turn the direction of writing
 * become U+FFFD. NULL writes nothing. */
void html_text(FILE *out, const char *text);

/* The same of what printf would make; fmt itself is no markup either. */
void html_format(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Cells of a table: text, and figures that stand at the right. */
void html_cell(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void html_figure(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* <thead> with a heading a column; a heading that begins with '>' is over figures. Words
 * of the glossary become links to it. */
void html_headings(FILE *out, const char *const *headings, size_t count);

/* A pair of a description list: name, and value from outside; nothing where it is empty. */
void html_pair(FILE *out, const char *name, const char *value);

#endif
