/*
 * Texts from outside, safe for a terminal, and UTF-8.
 */
#ifndef BRINK_BASE_ESCAPE_H
#define BRINK_BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Moves the cursor to the beginning of the line and clears it: brink's own. */
#define ESCAPE_CLEAR_LINE "\r\033[K"

/* The length of the character at text where it is one that a terminal shows and does not
 * obey: printable ASCII, or UTF-8 but for the controls of C1 and those of the direction of
 * text. Else 0. */
size_t escape_length(const char *text);

/* True where all of it is so, or one of the bytes also. */
bool escape_is_needless(const char *text, const char *also);

/* A copy; where it is not safe, written as vis(3) does. NULL gives "". Without memory it ends
 * the program. The caller frees it. */
char *escape_text(const char *text);

/* The same, but newlines and tabs are left as they are. */
char *escape_lines(const char *text);

/* Replaces in place what is not safe, but newlines and tabs. Without memory of its own. */
void escape_cut(char *text);

/* A stream by lines to a descriptor, through which nothing goes that is not safe, but newlines
 * and tabs, and ESCAPE_CLEAR_LINE at the beginning of what is flushed. NULL on error. */
FILE *escape_stream(int fd);

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Length of the valid sequence of two bytes or more at s, which a NUL ends, 0 where there
 * is none. */
size_t utf8_length(const unsigned char *s);

/* The code point of the valid sequence, or the byte, at s. */
unsigned int utf8_code(const unsigned char *s);

#endif
