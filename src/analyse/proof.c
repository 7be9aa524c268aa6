#include "analyse/proof.h"

#include <string.h>

#include "analyse/series.h"

bool
proof_is_at(int64_t usage, int64_t limit)
{
	return limit > 0 && limit < INT64_MAX &&
	       (double)usage >= LIMIT_MET * (double)limit;
}

bool
proof_is_beyond(int64_t usage, int64_t limit)
{
	return limit > 0 && usage > limit + 1 && (double)usage > 1.01 * (double)limit;
}

void
proof_use(struct candidate *s, int64_t usage, int64_t limit, const char *source)
{
	s->usage = usage;
	s->limit = limit;
	strlcpy(s->source, source, sizeof(s->source));
}

static int64_t
extreme(const struct facts *f, const char *kind, int64_t subject, const char *resource,
	int64_t from_us, int64_t to_us, bool highest)
{
	struct series series;
	double found = -1;

	if (series_load(&series, f, kind, subject, resource) == 0)
		for (size_t i = 0; i < series.count; i++) {
			const struct point *p = &series.points[i];
			bool beyond = highest ? p->value > found : p->value < found;

			if (p->t_us >= from_us && p->t_us <= to_us &&
			    (found < 0 || beyond))
				found = p->value;
		}
	series_free(&series);
	return (int64_t)found;
}

int64_t
proof_peak(const struct facts *f, const char *kind, int64_t subject, const char *resource,
	   int64_t from_us, int64_t to_us)
{
	return extreme(f, kind, subject, resource, from_us, to_us, true);
}

int64_t
proof_least(const struct facts *f, const char *kind, int64_t subject,
	    const char *resource, int64_t from_us, int64_t to_us)
{
	return extreme(f, kind, subject, resource, from_us, to_us, false);
}

int64_t
proof_growth(const struct facts *f, const char *kind, const char *counter,
	     int64_t from_us, int64_t to_us)
{
	return proof_growth_of(f, kind, kind, counter, from_us, to_us);
}

int64_t
proof_growth_of(const struct facts *f, const char *kind, const char *name,
		const char *counter, int64_t from_us, int64_t to_us)
{
	return proof_growth_at(f, kind, facts_subject(f, kind, name), counter, from_us,
			       to_us);
}

int64_t
proof_growth_at(const struct facts *f, const char *kind, int64_t subject,
		const char *counter, int64_t from_us, int64_t to_us)
{
	struct series series;
	double growth = 0;

	if (series_load(&series, f, kind, subject, counter) == 0 && series.count > 0)
		growth = series_at(&series, to_us, series.points[0].value) -
			 series_at(&series, from_us, series.points[0].value);
	series_free(&series);
	return (int64_t)growth;
}

/* -1: the listener's own drops were not read. */
static int64_t
own_drops(const struct facts *f, int64_t listener, int64_t from_us, int64_t to_us)
{
	struct series series;
	int64_t growth = -1;

	/* A new listener counts from 0. */
	if (series_load(&series, f, "listener", listener, "drops_total") == 0 &&
	    series.count > 0)
		growth = (int64_t)(series_at(&series, to_us, 0) -
				   series_at(&series, from_us, 0));
	series_free(&series);
	return growth;
}

int64_t
proof_overflows(const struct facts *f, int64_t listener, int64_t from_us, int64_t to_us)
{
	int64_t drops = own_drops(f, listener, from_us, to_us);
	int64_t all = proof_growth(f, "netns", "listen_overflows_total", from_us, to_us);

	if (drops < 0)
		return -1;
	drops -= proof_growth(f, "netns", "syn_queue_drops_total", from_us, to_us);
	drops = drops < all ? drops : all;
	return drops > 0 ? drops : 0;
}

int64_t
proof_drops(const struct facts *f, int64_t listener, int64_t from_us, int64_t to_us)
{
	int64_t drops = own_drops(f, listener, from_us, to_us);
	int64_t all = proof_growth(f, "netns", "listen_drops_total", from_us, to_us);

	return drops >= 0 && drops < all ? drops : all;
}

int64_t
proof_resent(const struct facts *f, int64_t from_us, int64_t to_us)
{
	int64_t all =
	    proof_growth(f, "netns", "retransmitted_segments_total", from_us, to_us);
	int64_t syns = proof_growth(f, "netns", "syn_retransmits_total", from_us, to_us);

	return all > syns ? all - syns : 0;
}

/* OutSegs leaves out what is sent again, but InSegs takes in what of it arrives. SYNs that are
 * sent again are left out here: SYN-ACKs, counted with them, are in OutSegs. */
int64_t
proof_lost(const struct facts *f, int64_t from_us, int64_t to_us)
{
	return proof_growth(f, "netns", "out_segments_total", from_us, to_us) -
	       proof_growth(f, "netns", "in_segments_total", from_us, to_us) +
	       proof_resent(f, from_us, to_us);
}

void
proof_counter(const struct facts *f, const char *kind, const char *counter,
	      struct candidate *s, int64_t from_us, int64_t to_us)
{
	int64_t growth = proof_growth(f, kind, counter, from_us, to_us);

	if (growth <= 0)
		return;
	s->moved = true;
	candidate_prove(s, s->t_us, growth, -1, "%s of %s grew", counter, kind);
}
