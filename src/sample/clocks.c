#include "sample/clocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "run/record.h"

/* The sampler's own events are numbered from here (see sql/schema.sql). */
#define EVENT_SEQ INT64_C(2000000000)

void
clocks_read(struct clocks *clocks)
{
	clocks->monotonic_us = clock_us();
	clocks->boot_us = clock_boot_us();
	clocks->real_us = clock_unix_us();
}

static int64_t
if_much(int64_t us)
{
	return llabs(us) >= CLOCKS_LEAST_US ? us : 0;
}

bool
clocks_compare(const struct clocks *before, const struct clocks *now,
	       struct clocks_change *change)
{
	int64_t monotonic_us = now->monotonic_us - before->monotonic_us;
	int64_t boot_us = now->boot_us - before->boot_us;
	int64_t real_us = now->real_us - before->real_us;

	change->slept_us = if_much(boot_us - monotonic_us);
	change->stepped_us = if_much(real_us - boot_us);
	return change->slept_us != 0 || change->stepped_us != 0;
}

static void
push(struct ring *ring, int64_t seq, int64_t t_us, const char *kind, const char *text)
{
	struct event_record event = { .seq = seq, .t_us = t_us, .level = EVENT_WARNING };

	strlcpy(event.kind, kind, sizeof(event.kind));
	strlcpy(event.subject, "host", sizeof(event.subject));
	strlcpy(event.text, text, sizeof(event.text));
	ring_push(ring, RECORD_EVENT, &event, sizeof(event));
}

void
clocks_report(const struct clocks_change *change, int64_t tick, int64_t t_us,
	      struct ring *ring)
{
	char text[128];

	if (change->slept_us != 0) {
		snprintf(
		    text, sizeof(text),
		    "the machine was suspended for %.3f s, which no clock of the run "
		    "counts",
		    (double)change->slept_us / 1e6);
		push(ring, EVENT_SEQ + 2 * tick, t_us, "gap", text);
	}
	if (change->stepped_us != 0) {
		snprintf(text, sizeof(text), "the clock was set %s by %.3f s",
			 change->stepped_us > 0 ? "forward" : "back",
			 (double)llabs(change->stepped_us) / 1e6);
		push(ring, EVENT_SEQ + 2 * tick + 1, t_us, "clock-step", text);
	}
}
