/*
 * UTF-8 from outside: which bytes are a character.
 */
#ifndef BRINK_BASE_UTF8_H
#define BRINK_BASE_UTF8_H

#include <stddef.h>

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Length of the valid sequence of two bytes or more at s, which a NUL ends, 0 where there
 * is none. */
size_t utf8_length(const unsigned char *s);

/* The code point of the valid sequence, or the byte, at s. */
unsigned int utf8_code(const unsigned char *s);

#endif
