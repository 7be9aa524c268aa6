/*
 * The words of the report, each defined once.
 */
#ifndef BRINK_REPORT_HTML_TERMS_H
#define BRINK_REPORT_HTML_TERMS_H

#include <stdio.h>

/* Writes a word; where the glossary has it, as a link to its definition, which also shows
 * on hover. */
void html_term(FILE *out, const char *word);

/* The glossary: a description list of every word. */
void html_glossary(FILE *out);

#endif
