#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "made_run.h"
#include "report/live.h"
#include "store/host.h"
#include "store/run.h"

/* The line of a run at its newest sample, or its events from *seq on; the caller frees
 * it. */
static char *
written(struct made_run *made, const struct live *live, int64_t *seq)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (seq != NULL)
		assert_int_equal(live_write_events(made->db, made->run_id, seq, out), 0);
	else
		live_write_line(live, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
the_newest_sample_is_shown(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;
	struct live live;
	char *text;

	(void)state;
	model.nofile = 4000;
	model.release_us = MADE_NEVER;
	made_run_begin(&made, &model);
	assert_int_equal(live_load(&live, made.db, made.run_id), 0);
	assert_string_equal(live.state, "recorded");
	assert_int_equal(live.held, 2000);
	assert_int_equal(live.accepted, 2000);
	assert_int_equal(live.established_per_s, 0);
	/* The resource of the acceptor, not one that has more room. */
	assert_string_equal(live.near_resource, "fds");
	assert_string_equal(live.near_subject, "acceptor 0");
	assert_int_equal(live.near_value, 2007);
	assert_int_equal(live.near_limit, 4000);
	text = written(&made, &live, NULL);
	assert_non_null(strstr(text, " held 2,000 | "));
	assert_non_null(
	    strstr(text, "| nearest fds of acceptor 0: 2,007 of 4,000 (50.2 %)\n"));
	free(text);
	made_run_end(&made);
}

static void
a_run_without_a_sample_is_shown_too(void **state)
{
	struct made_run made;
	struct live live;
	char *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "DELETE FROM tick");
	assert_int_equal(live_load(&live, made.db, made.run_id), 0);
	assert_int_equal(live.tick, -1);
	assert_int_equal(live.held, -1);
	assert_int_equal(live.near_limit, 0);
	text = written(&made, &live, NULL);
	assert_null(strstr(text, "held"));
	free(text);
	made_run_end(&made);
}

static void
events_are_written_once_and_safely(void **state)
{
	struct made_run made;
	int64_t seq = 0;
	char *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_event(&made, 1500000, "note", "run", "one\033[2J");
	text = written(&made, NULL, &seq);
	assert_non_null(strstr(text, "    1.5 s run: one^[[2J\n"));
	free(text);
	text = written(&made, NULL, &seq);
	assert_string_equal(text, "");
	free(text);
	made_run_end(&made);
}

static void
a_run_is_live_while_its_supervisor_is(void **state)
{
	struct made_run made;
	char boot_id[BOOT_ID_SIZE];

	(void)state;
	made_run_begin(&made, &made_model_default);
	assert_false(run_is_live(made.db, made.run_id));
	host_boot_id(boot_id);
	made_sql(&made,
		 "UPDATE run SET state = 'running', supervisor_pid = %lld,"
		 " supervisor_start = NULL, boot_id = '%s'",
		 (long long)getpid(), boot_id);
	assert_true(run_is_live(made.db, made.run_id));
	assert_false(run_is_live(made.db, made.run_id + 1));
	made_sql(&made, "UPDATE run SET boot_id = 'another'");
	assert_false(run_is_live(made.db, made.run_id));
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_sample_is_shown),
		cmocka_unit_test(a_run_without_a_sample_is_shown_too),
		cmocka_unit_test(events_are_written_once_and_safely),
		cmocka_unit_test(a_run_is_live_while_its_supervisor_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
