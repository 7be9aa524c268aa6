/*
 * What brink exits with: see brink(1).
 */
#ifndef BRINK_BASE_EXIT_CODE_H
#define BRINK_BASE_EXIT_CODE_H

/* 128 + N: ended by signal N. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_INCONCLUSIVE = 3, /* the server's limit was not reached */
	EXIT_UNTRUSTED = 4,    /* the data are not to be trusted */
	EXIT_EXPECTATION = 99, /* something that was expected is not so */
};

#endif
