/* The tables of the model: what is in one row is there once, and found by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "model/call.h"
#include "model/limit.h"
#include "model/resource.h"
#include "model/role.h"

static void
roles_are_found_by_their_names(void **state)
{
	(void)state;
	for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++)
		assert_int_equal(role_find(role_name((enum role)role)), role);
	assert_int_equal(role_find("none"), ROLE_NONE);
	assert_int_equal(role_find("acceptors"), ROLE_NONE);
}

/* What a user selects by in the store. */
static void
workers_carry_a_number_where_there_may_be_several(void **state)
{
	char text[32];

	(void)state;
	role_format(ROLE_ACCEPTOR, 2, text, sizeof(text));
	assert_string_equal(text, "acceptor 2");
	role_format(ROLE_CANARY, 0, text, sizeof(text));
	assert_string_equal(text, "canary");
}

static void
every_role_has_its_group(void **state)
{
	(void)state;
	assert_int_equal(role_group(ROLE_ACCEPTOR), GROUP_ACCEPTORS);
	assert_int_equal(role_group(ROLE_HANDLER), GROUP_HANDLERS);
	assert_int_equal(role_group(ROLE_FORKER), GROUP_FORKERS);
	assert_int_equal(role_group(ROLE_CLIENT), GROUP_CLIENTS);
	assert_int_equal(role_group(ROLE_SUPERVISOR), GROUP_OBSERVERS);
	assert_int_equal(role_group(ROLE_SAMPLER), GROUP_OBSERVERS);
	assert_int_equal(role_group(ROLE_RECORDER), GROUP_OBSERVERS);
	assert_int_equal(role_group(ROLE_CANARY), GROUP_OBSERVERS);
}

static void
a_group_of_one_role_is_that_roles(void **state)
{
	(void)state;
	for (int group = 0; group < GROUP_COUNT; group++) {
		enum role role = group_role((enum role_group)group);

		assert_non_null(group_name((enum role_group)group));
		if (group == GROUP_OBSERVERS)
			assert_int_equal(role, ROLE_NONE);
		else
			assert_int_equal(role_group(role), group);
	}
}

static void
calls_are_found_by_their_names(void **state)
{
	(void)state;
	for (int call = CALL_NONE + 1; call < CALL_COUNT; call++)
		assert_int_equal(call_find(call_name((enum call)call)), call);
	assert_int_equal(call_find("none"), CALL_NONE);
	assert_int_equal(call_find("accept"), CALL_NONE);
	assert_string_equal(call_name(CALL_ACCEPT), "accept4");
	assert_string_equal(call_name(CALL_MEMORY), "malloc");
}

/* Every injection belongs to one limit, under one name. */
static void
injections_stand_in_one_row_each(void **state)
{
	(void)state;
	for (int name = 0; name < LIMIT_COUNT; name++) {
		int found = 0;

		for (size_t i = 0; i < limit_rule_count * LIMIT_INJECTIONS; i++) {
			const struct limit_spec *spec =
			    &limit_rules[i / LIMIT_INJECTIONS]
				 .inject[i % LIMIT_INJECTIONS];

			found += spec->name != NULL && (int)spec->index == name;
		}
		assert_int_equal(found, 1);
		assert_int_equal(limit_spec((enum limit_name)name)->index, name);
	}
}

static bool
is_sampled(const char *kind, const char *name)
{
	for (size_t i = 0; i < resource_count; i++)
		if (strcmp(subject_kind_name(resources[i].subject), kind) == 0 &&
		    strcmp(resources[i].name, name) == 0)
			return true;
	return false;
}

/* What is followed is shown to people, each under a name of its own. */
static void
what_is_followed_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < resource_count; i++) {
		const char *name = display_name_of(resources[i].name);

		if (resources[i].resolution == 0)
			continue;
		if (strchr(name, '_') != NULL && strcmp(name, resources[i].name) == 0)
			fail_msg("%s has no name of its own", name);
		for (size_t k = 0; k < i; k++)
			if (resources[k].subject == resources[i].subject &&
			    resources[k].resolution != 0)
				assert_string_not_equal(
				    display_name_of(resources[k].name), name);
	}
}

/* What a limit is held against, and what counts it, is sampled; only the ports are held against
 * what the workers hold, as a limit of all clients together. */
static void
limits_are_about_what_is_sampled(void **state)
{
	(void)state;
	for (size_t i = 0; i < limit_rule_count; i++) {
		const struct limit_rule *rule = &limit_rules[i];
		const char *counted =
		    rule->counter_kind != NULL ? rule->counter_kind : rule->kind;

		if (rule->resource != NULL && strcmp(rule->kind, "group") != 0)
			assert_true(is_sampled(rule->kind, rule->resource));
		else if (rule->resource != NULL)
			assert_true(is_sampled("worker", rule->resource));
		/* A listener's overflows are counted in its namespace. */
		if (rule->counter != NULL && !is_sampled(counted, rule->counter) &&
		    !(strcmp(counted, "listener") == 0 &&
		      is_sampled("netns", rule->counter)))
			fail_msg("%s: no %s of %s", rule->id, rule->counter, counted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_are_found_by_their_names),
		cmocka_unit_test(workers_carry_a_number_where_there_may_be_several),
		cmocka_unit_test(every_role_has_its_group),
		cmocka_unit_test(a_group_of_one_role_is_that_roles),
		cmocka_unit_test(calls_are_found_by_their_names),
		cmocka_unit_test(injections_stand_in_one_row_each),
		cmocka_unit_test(what_is_followed_has_a_name_of_its_own),
		cmocka_unit_test(limits_are_about_what_is_sampled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
