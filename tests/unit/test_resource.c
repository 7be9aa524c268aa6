#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model/resource.h"
#include "run/record.h"

static void
subjects_stand_together(void **state)
{
	bool seen[SUBJECT_KINDS] = { false };

	(void)state;
	for (size_t i = 0; i < resource_count; i++) {
		enum subject_kind subject = resources[i].subject;

		if (i > 0 && resources[i - 1].subject == subject)
			continue;
		assert_false(seen[subject]);
		seen[subject] = true;
	}
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++)
		assert_true(seen[kind]);
}

static void
names_are_unique_within_a_subject(void **state)
{
	(void)state;
	for (size_t i = 0; i < resource_count; i++)
		assert_ptr_equal(resource_find(resources[i].subject, resources[i].name),
				 &resources[i]);
}

static void
entries_are_found_by_subject_and_position(void **state)
{
	size_t total = 0;

	(void)state;
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++) {
		size_t count;
		const struct resource *first =
		    resource_of((enum subject_kind)kind, &count);

		for (size_t i = 0; i < count; i++) {
			assert_int_equal(first[i].subject, kind);
			assert_int_equal(resource_position(&first[i]), i);
		}
		total += count;
	}
	assert_int_equal(total, resource_count);
}

static bool
ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The name of a column carries its unit, and says whether it only grows. */
static void
names_say_unit_and_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < resource_count; i++) {
		const struct resource *r = &resources[i];
		bool is_counter = ends_with(r->name, "_total");
		bool is_bytes = strstr(r->name, "_bytes") != NULL;

		assert_int_equal(is_counter, r->kind == RESOURCE_COUNTER);
		assert_int_equal(is_bytes, r->unit == UNIT_BYTES);
		assert_int_equal(strstr(r->name, "_us_") != NULL, r->unit == UNIT_US);
		assert_true(r->scale > 0 && r->resolution >= 0);
		assert_true(strlen(r->name) < RECORD_NAME && *r->help != '\0');
	}
}

/* What a group sums must be there to be summed, in the same unit. */
static void
groups_sum_what_processes_have(void **state)
{
	size_t count;
	const struct resource *group = resource_of(SUBJECT_GROUP, &count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct resource *summed =
		    resource_find(SUBJECT_PROCESS, group[i].key);

		if (*group[i].key == '\0')
			continue;
		assert_non_null(summed);
		assert_int_equal(summed->unit, group[i].unit);
		assert_int_equal(summed->kind, group[i].kind);
	}
}

/* So that what was said of each is found again by its place. */
static void
no_subject_has_more_bounds_than_there_is_room_for(void **state)
{
	int rlimits = 0, files = 0;

	(void)state;
	for (size_t i = 0; i < resource_count; i++) {
		const struct bound *bound = &resources[i].bound;

		rlimits += bound->from == BOUND_RLIMIT;
		files += bound->from == BOUND_CGROUP;
		if (bound->from == BOUND_NONE)
			continue;
		assert_true((bound->name == NULL) == (bound->from == BOUND_CGROUP));
		assert_true((bound->key != NULL) ==
			    (bound->from == BOUND_RLIMIT || bound->from == BOUND_USER ||
			     bound->from == BOUND_CGROUP));
	}
	assert_in_range(rlimits, 1, RESOURCE_BOUNDS);
	assert_in_range(files, 1, RESOURCE_BOUNDS);
}

static void
kinds_name_their_tables(void **state)
{
	(void)state;
	assert_string_equal(subject_kind_name(SUBJECT_HOST), "host");
	assert_string_equal(subject_kind_name(SUBJECT_NETNS), "netns");
	assert_string_equal(subject_kind_name(SUBJECT_CGROUP), "cgroup");
	assert_string_equal(subject_kind_name(SUBJECT_LISTENER), "listener");
	assert_string_equal(subject_kind_name(SUBJECT_PROCESS), "process");
	assert_string_equal(subject_kind_name(SUBJECT_WORKER), "worker");
	assert_string_equal(subject_kind_name(SUBJECT_GROUP), "group");
}

static void
what_is_not_there_is_not_found(void **state)
{
	(void)state;
	assert_null(resource_find(SUBJECT_HOST, "fds"));
	assert_null(resource_find(SUBJECT_PROCESS, "fd"));
	assert_non_null(resource_find(SUBJECT_PROCESS, "fds"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subjects_stand_together),
		cmocka_unit_test(names_are_unique_within_a_subject),
		cmocka_unit_test(entries_are_found_by_subject_and_position),
		cmocka_unit_test(names_say_unit_and_kind),
		cmocka_unit_test(groups_sum_what_processes_have),
		cmocka_unit_test(no_subject_has_more_bounds_than_there_is_room_for),
		cmocka_unit_test(kinds_name_their_tables),
		cmocka_unit_test(what_is_not_there_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
