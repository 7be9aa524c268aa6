/*
 * Text into HTML. Everything from outside goes through here.
 */
#ifndef BRINK_REPORT_HTML_WRITE_H
#define BRINK_REPORT_HTML_WRITE_H

#include <stdarg.h>
#include <stdio.h>

/* A text as character data or the value of a quoted attribute: markup is escaped, bytes
 * that are not UTF-8, control characters and those that turn the direction of writing
 * become U+FFFD. NULL writes nothing. */
void html_text(FILE *out, const char *text);

/* The same of what printf would make; fmt itself is no markup either. */
void html_format(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void html_vformat(FILE *out, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Says why there is nothing to show. */
void html_empty(FILE *out, const char *text);

/* A pair of a description list: name, and value from outside; nothing where it is empty. */
void html_pair(FILE *out, const char *name, const char *value);

#endif
