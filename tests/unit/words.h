/*
 * Command lines, for tests.
 */
#ifndef BRINK_TEST_WORDS_H
#define BRINK_TEST_WORDS_H

#define WORDS_MAX 64

/*
 * Splits line at its spaces into argv, which has room for WORDS_MAX words less one and
 * ends with NULL; '' is an empty word. Returns their number. The words lie in line.
 */
int words_split(char *line, char **argv);

#endif
