/*
 * Texts from outside, safe for a terminal.
 */
#ifndef BRINK_BASE_SAFE_H
#define BRINK_BASE_SAFE_H

/* A copy in which control characters, C1 of UTF-8 included, but nothing else are written as
 * vis(3) does; NULL gives "". Without memory it ends the program. The caller frees it. */
char *safe_text(const char *text);

#endif
