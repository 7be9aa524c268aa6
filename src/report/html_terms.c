#include "report/html_terms.h"

#include <string.h>

#include "report/html_write.h"

static const struct term {
	const char *word, *meaning;
} terms[] = {
	{ "attempted", "connections that a client began with connect()" },
	{ "established",
	  "connections whose handshake was done as the client sees it; the "
	  "kernel does that, whether or not the server ever accepts" },
	{ "accepted", "connections that accept() gave to the server" },
	{ "served", "connections whose first message came back from the server" },
	{ "held", "connections open at the same time and kept open" },
	{ "failed", "attempts that came to nothing" },
	{ "missed",
	  "slots of the schedule that the client side could not start: where there "
	  "are many, the load was not what was asked for" },
	{ "transient", "connections that needed a second SYN but came about" },
	{ "lost", "held connections that the other side ended" },
	{ "breaking point", "the instant, and the connections held then, at which "
			    "connections that should have succeeded stopped succeeding" },
	{ "proven",
	  "the symptom was seen, and the limit was at its ceiling or its kernel "
	  "counter moved, at that moment" },
	{ "likely", "the symptom was seen with one of the two proofs" },
	{ "unexplained",
	  "the symptom alone was seen; no limit was found at its ceiling" },
	{ "weak", "rests on ticks that are missing or late" },
	{ "initial", "median over the baseline, before the first connection" },
	{ "peak", "highest value up to the release" },
	{ "final", "last value before the release" },
	{ "leaked", "final less initial: what was taken, which is not yet a leak" },
	{ "rate", "leaked over the time from the first attempt to the release" },
	{ "a connection", "what each further connection takes, with its 95 % interval" },
	{ "over time",
	  "growth a second while the connections stand still: a leak, where it "
	  "is not 0 within its 95 % interval" },
	{ "class",
	  "what the growth follows: nothing (none), the connections "
	  "(per-connection), the time (per-time), or both; warm-up slows down by "
	  "itself; inconclusive: the still stretches were too short to tell" },
	{ "pattern",
	  "how the level follows the connections: linear, bending up (each costs "
	  "more than the one before), bending down" },
	{ "chance",
	  "how likely a level that does not grow over time would look like this "
	  "one by chance alone" },
	{ "needs",
	  "how long the connections have to stand still for it to be told whether "
	  "the level grows" },
	{ "headroom", "how much of the limit was left at the peak" },
	{ "forecast", "connections at which the limit would be met" },
	{ "residual", "what is still taken after the recovery, over the initial level" },
	{ "recovered", "part of what was taken at the peak that came back" },
	{ "settled", "time from the release until the resource was back at its base and "
		     "stayed there" },
	{ "t50",
	  "time from the release until half of it was back; t90 and t99 likewise" },
	{ "t90", "time from the release until 90 % was back" },
	{ "t99", "time from the release until 99 % was back" },
	{ "canary", "a small client that connects anew at a fixed pace: does a newcomer "
		    "still get service?" },
	{ "share", "a worker's part of the connections of its role: 1 where all have the "
		   "same" },
	{ "tick", "one instant at which everything is sampled" },
	{ "release", "the moment at which every connection is let go" },
};

#define TERMS (sizeof(terms) / sizeof(terms[0]))

/* "a connection" has the id "term-a-connection". */
static void
write_id(FILE *out, const char *word)
{
	fputs("term-", out);
	for (; *word != '\0'; word++)
		fputc(*word == ' ' ? '-' : *word, out);
}

void
html_term(FILE *out, const char *word)
{
	for (size_t i = 0; i < TERMS; i++) {
		if (strcmp(terms[i].word, word) != 0)
			continue;
		fputs("<a class=\"term\" href=\"#", out);
		write_id(out, word);
		fputs("\" title=\"", out);
		html_text(out, terms[i].meaning);
		fputs("\">", out);
		html_text(out, word);
		fputs("</a>", out);
		return;
	}
	html_text(out, word);
}

void
html_glossary(FILE *out)
{
	fputs("<dl class=\"glossary\">\n", out);
	for (size_t i = 0; i < TERMS; i++) {
		fputs("<div id=\"", out);
		write_id(out, terms[i].word);
		fputs("\"><dt><dfn>", out);
		html_text(out, terms[i].word);
		fputs("</dfn></dt><dd>", out);
		html_text(out, terms[i].meaning);
		fputs("</dd></div>\n", out);
	}
	fputs("</dl>\n", out);
}
