/*
 * Texts from outside, safe for a terminal.
 */
#ifndef BRINK_BASE_SAFE_H
#define BRINK_BASE_SAFE_H

/* A copy; where there are control characters in it, C1 included, or bytes that are not UTF-8,
 * written as vis(3) does. NULL gives "". Without memory it ends the program. The caller frees
 * it. */
char *safe_text(const char *text);

#endif
