#include "analyse/swept_effect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "analyse/stats.h"
#include "base/random.h"

/* Where so many shuffles are as far apart as what was seen, it is nothing (Besag and Clifford,
 * Sequential Monte Carlo p-values, Biometrika 78, 1991). */
#define ENOUGH 20

static const char *const class_names[EFFECT_CLASSES] = {
	[EFFECT_FOUND] = "found",
	[EFFECT_NONE] = "not significant",
	[EFFECT_TOO_FEW] = "too few runs",
};

const char *effect_class_name(enum effect_class class)
{
	return class_names[class];
}

/* A run as a test sees it. */
struct observation {
	double value; /* and then its rank */
	size_t block; /* runs of the same are alike in all other options */
	size_t level;
};

/* The runs of one figure, by block. */
struct observations {
	struct observation *all;
	size_t count, levels;
};

static size_t
block_of(const struct swept *swept, const struct swept_point *point, size_t axis)
{
	size_t block = 0;

	for (size_t i = 0; i < swept->axis_count; i++)
		if (i != axis)
			block = block * swept->levels[i] + point->level[i];
	return block;
}

static int
by_block(const void *a, const void *b)
{
	const struct observation *x = a, *y = b;

	return (x->block > y->block) - (x->block < y->block);
}

static int
by_value(const void *a, const void *b)
{
	const struct observation *const *x = a, *const *y = b;

	return ((*x)->value > (*y)->value) - ((*x)->value < (*y)->value);
}

/* So many runs are enough to find any effect that matters, and take seconds. */
#define RUNS_MAX 2000

/* Of more runs every so many blocks are kept, or where there are few of them every so many runs:
 * which values they have has no part in it, so that the test holds all the same. */
static void
thin(struct observations *o)
{
	size_t every = (o->count + RUNS_MAX - 1) / RUNS_MAX, blocks = 0, kept = 0;

	if (every < 2)
		return;
	for (size_t i = 0; i < o->count; i++)
		blocks += i == 0 || o->all[i].block != o->all[i - 1].block;
	for (size_t i = 0, block = 0, last = o->all[0].block; i < o->count; i++) {
		block += o->all[i].block != last;
		last = o->all[i].block;
		if ((blocks > every ? block : i) % every == 0)
			o->all[kept++] = o->all[i];
	}
	o->count = kept;
}

static void
observe(struct observations *o, const struct swept *swept, size_t axis, size_t figure)
{
	*o = (struct observations){ .levels = swept->levels[axis] };
	o->all = rows_alloc(swept->run_count, sizeof(*o->all));
	for (size_t i = 0; i < swept->run_count; i++) {
		const struct swept_run *run = &swept->runs[i];
		const struct swept_point *point = &swept->points[run->point];

		if (run->figures == NULL || isnan(run->figures[figure]))
			continue;
		o->all[o->count++] = (struct observation){
			run->figures[figure],
			block_of(swept, point, axis),
			point->level[axis],
		};
	}
	qsort(o->all, o->count, sizeof(*o->all), by_block);
}

/* Where the block that begins at first ends. */
static size_t
block_end(const struct observations *o, size_t first)
{
	size_t end = first;

	while (end < o->count && o->all[end].block == o->all[first].block)
		end++;
	return end;
}

/* What the other options do is taken out, block by block. */
static void
align(struct observations *o)
{
	double *v = rows_alloc(o->count, sizeof(*v)), median;

	for (size_t first = 0, end; first < o->count; first = end) {
		end = block_end(o, first);
		for (size_t i = first; i < end; i++)
			v[i - first] = o->all[i].value;
		median = stats_median(v, end - first);
		for (size_t i = first; i < end; i++)
			o->all[i].value -= median;
	}
	free(v);
}

/* Ranks from the middle on, the mean of those that are tied. */
static void
rank(struct observations *o)
{
	struct observation **sorted = rows_alloc(o->count, sizeof(*sorted));

	for (size_t i = 0; i < o->count; i++)
		sorted[i] = &o->all[i];
	qsort(sorted, o->count, sizeof(*sorted), by_value);
	for (size_t i = 0, next; i < o->count; i = next) {
		double value = sorted[i]->value;

		for (next = i; next < o->count && sorted[next]->value == value;)
			next++;
		for (size_t k = i; k < next; k++)
			sorted[k]->value = (double)(i + next) / 2 - (double)o->count / 2;
	}
	free(sorted);
}

/* How far the values of the axis are apart: the sum of the squares of their sums of ranks, each
 * by its number of runs. sums and runs have room for the levels. */
static double
distance(const struct observations *o, double *sums, size_t *runs)
{
	double total = 0;

	memset(sums, 0, o->levels * sizeof(*sums));
	memset(runs, 0, o->levels * sizeof(*runs));
	for (size_t i = 0; i < o->count; i++) {
		sums[o->all[i].level] += o->all[i].value;
		runs[o->all[i].level]++;
	}
	for (size_t level = 0; level < o->levels; level++)
		if (runs[level] > 0)
			total += sums[level] * sums[level] / (double)runs[level];
	return total;
}

static void
shuffle(struct observations *o, uint64_t *seed)
{
	for (size_t first = 0, end; first < o->count; first = end) {
		end = block_end(o, first);
		for (size_t i = end - first; i > 1; i--) {
			size_t other = random_below(seed, i);
			double kept = o->all[first + i - 1].value;

			o->all[first + i - 1].value = o->all[first + other].value;
			o->all[first + other].value = kept;
		}
	}
}

/* The natural logarithm of how many ways there are to give the runs of each block to the values
 * of the axis, which are all alike. */
static double
log_arrangements(const struct observations *o)
{
	size_t *runs = rows_alloc(o->levels, sizeof(*runs));
	double ways = -lgamma((double)o->levels + 1);

	for (size_t first = 0, end; first < o->count; first = end) {
		end = block_end(o, first);
		memset(runs, 0, o->levels * sizeof(*runs));
		for (size_t i = first; i < end; i++)
			runs[o->all[i].level]++;
		ways += lgamma((double)(end - first) + 1);
		for (size_t level = 0; level < o->levels; level++)
			ways -= lgamma((double)runs[level] + 1);
	}
	free(runs);
	return ways;
}

/* Rounding must not make what is as far look nearer. */
#define AS_FAR (1 - 1e-9)

static double
probability(struct observations *o, size_t shuffles, uint64_t seed)
{
	double *sums = rows_alloc(o->levels, sizeof(*sums)), seen;
	size_t *runs = rows_alloc(o->levels, sizeof(*runs)), as_far = 0, made = 0;

	align(o);
	rank(o);
	seen = distance(o, sums, runs) * AS_FAR;
	while (made < shuffles && as_far < ENOUGH) {
		shuffle(o, &seed);
		as_far += distance(o, sums, runs) >= seen;
		made++;
	}
	free(sums);
	free(runs);
	return as_far == ENOUGH ? (double)as_far / (double)made
				: (double)(as_far + 1) / (double)(made + 1);
}

/* Medians of the runs as they are, by level; returns of how many levels it is known. */
static size_t
level_medians(const struct observations *o, double *medians)
{
	double *v = rows_alloc(o->count, sizeof(*v));
	size_t known = 0;

	for (size_t level = 0; level < o->levels; level++) {
		size_t n = 0;

		for (size_t i = 0; i < o->count; i++)
			if (o->all[i].level == level)
				v[n++] = o->all[i].value;
		medians[level] = n > 0 ? stats_median(v, n) : NAN;
		known += n > 0;
	}
	free(v);
	return known;
}

static int
by_probability(const void *a, const void *b)
{
	const struct swept_effect *const *x = a, *const *y = b;

	return ((*x)->p > (*y)->p) - ((*x)->p < (*y)->p);
}

/* Holm's steps: from the least on, until one is not significant. */
static void
judge(struct swept_effects *effects)
{
	struct swept_effect **sorted = rows_alloc(effects->count, sizeof(*sorted));
	size_t n = effects->count;

	for (size_t i = 0; i < n; i++)
		sorted[i] = &effects->all[i];
	qsort(sorted, n, sizeof(*sorted), by_probability);
	for (size_t i = 0; i < n && sorted[i]->p <= EFFECT_BY_CHANCE / (double)(n - i);
	     i++)
		sorted[i]->class = EFFECT_FOUND;
	free(sorted);
}

static void
test(struct swept_effects *effects, const struct swept *swept, size_t axis,
     const struct figure *figure, size_t tests)
{
	double most = (double)tests / EFFECT_BY_CHANCE;
	struct swept_effect effect = { .axis = axis, .figure = figure, .p = 1 };
	struct observations o;

	observe(&o, swept, axis, (size_t)(figure - figures));
	effect.medians = rows_alloc(o.levels, sizeof(*effect.medians));
	if (level_medians(&o, effect.medians) < 2) {
		free(effect.medians);
	} else {
		bool few;

		thin(&o);
		few = log_arrangements(&o) < log(most);
		effect.class = few ? EFFECT_TOO_FEW : EFFECT_NONE;
		if (!few)
			effect.p =
			    probability(&o, 2 * (size_t)most, (uint64_t)swept->seed);
		effects->all[effects->count++] = effect;
	}
	free(o.all);
}

void
swept_effects_find(struct swept_effects *effects, const struct swept *swept)
{
	size_t tests = SWEPT_TOLD * swept->axis_count;

	*effects = (struct swept_effects){ 0 };
	effects->all = rows_alloc(tests, sizeof(*effects->all));
	for (size_t i = 0; i < SWEPT_TOLD; i++)
		for (size_t axis = 0; axis < swept->axis_count; axis++)
			test(effects, swept, axis, swept_told(i), tests);
	judge(effects);
}

void
swept_effects_free(struct swept_effects *effects)
{
	for (size_t i = 0; i < effects->count; i++)
		free(effects->all[i].medians);
	free(effects->all);
}
