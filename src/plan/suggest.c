#include "plan/suggest.h"

#include <string.h>

/* Longer words are no mistyped names. */
#define WORD_MAX   40

#define PREFIX_MIN 3

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits that make b of a, neither longer than WORD_MAX. */
static size_t
distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t row[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= a_length; i++)
		row[i][0] = i;
	for (size_t k = 0; k <= b_length; k++)
		row[0][k] = k;
	for (size_t i = 1; i <= a_length; i++) {
		for (size_t k = 1; k <= b_length; k++) {
			size_t edits = row[i - 1][k - 1] + (a[i - 1] != b[k - 1]);

			edits = least(edits, row[i - 1][k] + 1);
			edits = least(edits, row[i][k - 1] + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1])
				edits = least(edits, row[i - 2][k - 2] + 1);
			row[i][k] = edits;
		}
	}
	return row[a_length][b_length];
}

void
suggest_try(struct suggestion *suggestion, const char *candidate)
{
	size_t length = strlen(candidate), edits, near = suggestion->length / 3;

	if (suggestion->length == 0 || suggestion->length > WORD_MAX || length > WORD_MAX)
		return;
	edits = distance(suggestion->word, suggestion->length, candidate, length);
	if (suggestion->length >= PREFIX_MIN &&
	    strncmp(suggestion->word, candidate, suggestion->length) == 0)
		edits = 1;
	if (near == 0)
		near = 1;
	if (edits > near || (suggestion->best && edits >= suggestion->distance))
		return;
	suggestion->best = candidate;
	suggestion->distance = edits;
}

const char *
suggest_nearest(const char *word, const char *(*name)(size_t i), size_t count)
{
	struct suggestion suggestion = { .word = word, .length = strlen(word) };

	for (size_t i = 0; i < count; i++)
		suggest_try(&suggestion, name(i));
	return suggestion.best;
}
