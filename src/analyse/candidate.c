#include "analyse/candidate.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const confidence_names[] = {
	[CONFIDENCE_UNEXPLAINED] = "unexplained",
	[CONFIDENCE_LIKELY] = "likely",
	[CONFIDENCE_PROVEN] = "proven",
};

const char *
confidence_name(enum confidence confidence)
{
	return confidence_names[confidence];
}

void
candidate_prove(struct candidate *s, int64_t t_us, int64_t value, int64_t limit,
		const char *what, ...)
{
	struct proof *proof;
	va_list args;

	if (s->proof_count < CANDIDATE_PROOFS)
		s->proof_count++;
	proof = &s->proofs[s->proof_count - 1];
	*proof = (struct proof){ .t_us = t_us, .value = value, .limit = limit };
	va_start(args, what);
	vsnprintf(proof->what, sizeof(proof->what), what, args);
	va_end(args);
}
