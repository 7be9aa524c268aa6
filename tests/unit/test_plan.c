#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "plan_try.h"

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

#define S               INT64_C(1000000)

static const struct option_spec *
spec_of(const char *name)
{
	for (size_t i = 0; i < plan_options.count; i++) {
		if (strcmp(plan_options.specs[i].name, name) == 0)
			return &plan_options.specs[i];
	}
	fail_msg("no option --%s", name);
	return NULL;
}

static int64_t
number(const struct plan *plan, const char *name)
{
	const char *member = (const char *)plan + spec_of(name)->offset;

	return *(const int64_t *)(const void *)member;
}

/* As the documents have them: base units, auto is 0. */
static void
defaults_are_the_documented_ones(void **state)
{
	static const struct {
		const char *name;
		int64_t value;
	} cases[] = {
		{ "clients", 20000 },
		{ "rate", 2000 },
		{ "messages", 5 },
		{ "message-size", 64 },
		{ "every", 0 },
		{ "inflight", 0 },
		{ "connect-timeout", 5 * S },
		{ "forkers", 0 },
		{ "per-client", 0 },
		{ "sources", 0 },
		{ "port", 10013 },
		{ "acceptors", 0 },
		{ "listener", LISTENER_SHARED },
		{ "handler", HANDLER_EVENT },
		{ "backlog", 4096 },
		{ "baseline", 3 * S },
		{ "steps", 5 },
		{ "plateau", 5 * S },
		{ "hold", 30 * S },
		{ "cycles", 1 },
		{ "linger", 5 * S },
		{ "duration", 0 },
		{ "stall", 5 * S },
		{ "ready", 30 * S },
		{ "release", RELEASE_CLOSE },
		{ "recovery-timeout", 90 * S },
		{ "interval", S / 10 },
		{ "isolate", 0 },
		{ "no-guard", 0 },
		{ "status", 10 * S },
		{ "force", 0 },
		{ "summary", SUMMARY_SHORT },
		{ "quiet", 0 },
		{ "dry-run", 0 },
		{ "json", 0 },
	};
	struct plan plan;
	char *sentence;

	(void)state;
	assert_int_equal(plan_try_parse(&plan, "", &sentence), 0);
	assert_string_equal(sentence, "");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (number(&plan, cases[i].name) != cases[i].value)
			fail_msg("--%s is %lld", cases[i].name,
				 (long long)number(&plan, cases[i].name));
	}
	/* What is not a number of its own: */
	assert_int_equal(plan.guard_bytes, -5);
	assert_null(plan.label);
	assert_null(plan.baseline_label);
	assert_null(plan.db);
	assert_null(plan.report);
	assert_null(plan.config);
	assert_int_equal(plan.expect.count, 0);
	assert_int_equal(plan.abort_on.count, 0);
	assert_int_equal(plan.tags.count, 0);
	assert_int_equal(plan.target_pids.count, 0);
	assert_null(plan.report);
	assert_null(plan.target);
	assert_null(plan.protocol);
	assert_null(plan.command);
	for (int i = 0; i < LIMIT_COUNT; i++)
		assert_int_equal(plan.limit[i], -1);
	for (int i = 0; i < PLAN_ACCEPTORS_MAX; i++)
		assert_int_equal(plan.acceptor_nofile[i], -1);
	assert_int_equal(plan.uid, -1);
	assert_int_equal(plan.gid, -1);
	for (int i = 0; i < RETAIN_COUNT; i++)
		assert_int_equal(plan.retain[i], 0);
	assert_int_equal(COUNT_OF(cases) + 15, plan_options.count);
	free(sentence);
	plan_free(&plan);
}

static const struct {
	const char *name, *arg;
	int64_t value;
} good[] = {
	{ "clients", "1", 1 },
	{ "clients", "4M", 4000000 },
	{ "clients", "unlimited", 0 },
	{ "rate", "2.5k/s", 2500 },
	{ "rate", "max", 0 },
	{ "messages", "0", 0 },
	{ "message-size", "64Ki", 65536 },
	{ "every", "30s", 30 * S },
	{ "every", "auto", 0 },
	{ "inflight", "64", 64 },
	{ "inflight", "auto", 0 },
	{ "connect-timeout", "100ms", S / 10 },
	{ "forkers", "256", 256 },
	{ "forkers", "auto", 0 },
	{ "per-client", "1", 1 },
	{ "sources", "250", 250 },
	{ "port", "65535", 65535 },
	{ "acceptors", "1", 1 },
	{ "listener", "group", LISTENER_GROUP },
	{ "handler", "fork", HANDLER_FORK },
	{ "backlog", "1", 1 },
	{ "baseline", "1s", S },
	{ "steps", "100", 100 },
	{ "plateau", "0", 0 },
	{ "hold", "8h", 28800 * S },
	{ "linger", "0", 0 },
	{ "duration", "1s", S },
	{ "stall", "500ms", S / 2 },
	{ "ready", "1m30s", 90 * S },
	{ "release", "reset", RELEASE_RESET },
	{ "release", "kill-clients", RELEASE_KILL_CLIENTS },
	{ "release", "kill-acceptors", RELEASE_KILL_ACCEPTORS },
	{ "release", "none", RELEASE_NONE },
	{ "cycles", "100", 100 },
	{ "recovery-timeout", "2m", 120 * S },
	{ "interval", "10ms", S / 100 },
	{ "interval", "10s", 10 * S },
	{ "isolate", NULL, 1 },
	{ "no-guard", NULL, 1 },
	{ "status", "1s", S },
	{ "force", NULL, 1 },
	{ "summary", "full", SUMMARY_FULL },
	{ "quiet", NULL, 1 },
	{ "dry-run", NULL, 1 },
	{ "json", NULL, 1 },
};

static void
good_values_are_stored(void **state)
{
	char line[128];
	struct plan plan;
	char *sentence;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		snprintf(line, sizeof(line), "--%s %s", good[i].name,
			 good[i].arg ? good[i].arg : "");
		if (plan_try_parse(&plan, line, &sentence) != 0)
			fail_msg("%s: %s", line, sentence);
		if (number(&plan, good[i].name) != good[i].value)
			fail_msg("%s: %lld", line,
				 (long long)number(&plan, good[i].name));
		free(sentence);
		plan_free(&plan);
	}
}

static void
texts_limits_and_guard_are_stored(void **state)
{
	struct plan plan;
	char *sentence;

	(void)state;
	assert_int_equal(plan_try_parse(&plan,
					"--label night --db /x/y.db --guard-memory 1Gi "
					"--limit ports=1k --limit nofile.acceptor=64 "
					"--limit ports=2000",
					&sentence),
			 0);
	assert_string_equal(plan.label, "night");
	assert_string_equal(plan.db, "/x/y.db");
	assert_int_equal(plan.guard_bytes, INT64_C(1) << 30);
	assert_int_equal(plan.limit[LIMIT_PORTS], 2000);
	assert_int_equal(plan.limit[LIMIT_NOFILE_ACCEPTOR], 64);
	assert_int_equal(plan.limit[LIMIT_NOFILE_CLIENT], -1);
	free(sentence);
	plan_free(&plan);
	assert_int_equal(
	    plan_try_parse(&plan, "--retain 4Ki/conn --retain 1k/s", &sentence), 0);
	assert_int_equal(plan.retain[RETAIN_CONNECTION], 4096);
	assert_int_equal(plan.retain[RETAIN_MESSAGE], 0);
	assert_int_equal(plan.retain[RETAIN_SECOND], 1000);
	free(sentence);
	plan_free(&plan);
	assert_int_equal(plan_try_parse(&plan, "--guard-memory 12%", &sentence), 0);
	assert_int_equal(plan.guard_bytes, -12);
	free(sentence);
	plan_free(&plan);
}

/* The option, a bad value, and the end of the sentence: what is allowed. */
static const struct {
	const char *name, *arg, *allowed;
} bad[] = {
	{ "clients", "0", "allowed are 1 to 4000000, or \"unlimited\"" },
	{ "clients", "4000001", "allowed are 1 to 4000000, or \"unlimited\"" },
	{ "clients", "-5", "such as 20000, 20k or 1M, or \"unlimited\"" },
	{ "clients", "infinite", "such as 20000, 20k or 1M, or \"unlimited\"" },
	{ "rate", "2x", "give a rate such as 2000, 2000/s or 2k/s, or \"max\"" },
	{ "rate", "0", "allowed are 1 to 1000000, or \"max\"" },
	{ "messages", "five", "such as 20000, 20k or 1M" },
	{ "messages", "1000001", "allowed are 0 to 1000000" },
	{ "message-size", "0", "allowed are 1 to 64Ki" },
	{ "message-size", "65537", "allowed are 1 to 64Ki" },
	{ "every", "30", "such as 100ms, 5s, 5m or 8h, or \"auto\"" },
	{ "every", "99ms", "allowed are 100ms to 1d, or \"auto\"" },
	{ "inflight", "0", "allowed are 1 to 4000000, or \"auto\"" },
	{ "connect-timeout", "5", "such as 100ms, 5s, 5m or 8h" },
	{ "connect-timeout", "99ms", "allowed are 100ms to 10m" },
	{ "forkers", "257", "allowed are 1 to 256, or \"auto\"" },
	{ "per-client", "0", "allowed are 1 to 1048576, or \"auto\"" },
	{ "sources", "251", "allowed are 1 to 250, or \"auto\"" },
	{ "port", "0", "allowed are 1 to 65535" },
	{ "port", "70000", "out of range; allowed are 1 to 65535" },
	{ "acceptors", "257", "allowed are 1 to 256, or \"auto\"" },
	{ "listener", "Group", "allowed are shared or group; did you mean group?" },
	{ "handler", "x", "allowed are event or fork" },
	{ "backlog", "65536", "allowed are 1 to 65535" },
	{ "baseline", "999ms", "allowed are 1s to 1h" },
	{ "steps", "0", "allowed are 1 to 100" },
	{ "steps", "101", "allowed are 1 to 100" },
	{ "plateau", "25h", "allowed are 0 to 1d" },
	{ "hold", "721h", "allowed are 0 to 30d" },
	{ "linger", "61m", "allowed are 0 to 1h" },
	{ "duration", "999ms", "allowed are 1s to 30d, or \"auto\"" },
	{ "stall", "1s5", "such as 100ms, 5s, 5m or 8h" },
	{ "stall", "1ms", "allowed are 100ms to 1h" },
	{ "ready", "1ms", "allowed are 100ms to 1h" },
	{ "summary", "long", "allowed are short, full or none" },
	{ "release", "drop",
	  "allowed are close, reset, kill-clients, kill-acceptors or none" },
	{ "recovery-timeout", "0", "allowed are 1s to 1d" },
	{ "cycles", "0", "allowed are 1 to 100" },
	{ "interval", "9ms", "allowed are 10ms to 10s" },
	{ "interval", "11s", "allowed are 10ms to 10s" },
	{ "status", "0", "allowed are 100ms to 1h" },
	{ "guard-memory", "5%%", "allowed are 1% to 90%" },
	{ "guard-memory", "%", "allowed are 1% to 90%" },
	{ "guard-memory", "0%", "allowed are 1% to 90%" },
	{ "guard-memory", "91%", "allowed are 1% to 90%" },
	{ "guard-memory", "123456789%", "allowed are 1% to 90%" },
	{ "guard-memory", "0",
	  "allowed are 16Mi to 1024Gi, or a share such as 5%, or "
	  "--no-guard" },
	{ "guard-memory", "much", "or a share such as 5%" },
	{ "limit", "prots=5", "no such limit; did you mean ports?" },
	{ "limit", "x=5", "nproc and address-space" },
	{ "limit", "=5", "nproc and address-space" },
	{ "tag", "it's", "such as ticket=4711" },
	{ "target-pid", "0", "allowed are 1 to 4194304" },
	{ "target-pid", "nginx", "allowed are 1 to 4194304" },
	{ "tag", "=5", "such as ticket=4711" },
	{ "expect", "held>=5s", "such as 15000, 15k or 1.01" },
	{ "expect", "helt>=5", "did you mean held?" },
	{ "abort-on", "recovered.fds>=99%",
	  "allowed are held, attempted, established, accepted, served, failed, missed, "
	  "lost, canary.failed, available_memory, fds, memory, queue, time_wait, "
	  "duration" },
	{ "config", "/nowhere", "No such file or directory" },
	{ "limit", "ports", "give ports= and a whole number such as 20000, 20k or 1M" },
	{ "limit", "ports=", "give ports= and a whole number such as 20000, 20k or 1M" },
	{ "limit", "ports=64512", "allowed are 1 to 64511" },
	{ "limit", "nofile.acceptor=15", "allowed are 16 to 1048576" },
	{ "limit", "nofile.client=15", "allowed are 16 to 1048576" },
	{ "limit", "backlog=0", "allowed are 1 to 65535" },
	{ "limit", "memory=1", "allowed are 4Mi to 1Ti" },
	{ "limit", "memory=20x",
	  "\"x\" is not a known unit; give a size such as 64, 64k (1000), 64Ki (1024) or "
	  "1Gi (memory of all workers together: memory.max)" },
	{ "limit", "pids=2", "allowed are 3 to 4194304" },
	{ "limit", "nofile.acceptor.256=64", "no such acceptor; allowed are 0 to 255" },
	{ "limit", "nofile.acceptor.x=64", "did you mean nofile.acceptor.K?" },
	{ "limit", "nofile.acceptor.2",
	  "give nofile.acceptor.2= and a whole number such as 20000, 20k or 1M" },
	{ "limit", "conntrack=500",
	  "net.netfilter.nf_conntrack_max is one for the whole host, read-only in a "
	  "network namespace" },
	{ "limit", "tcp_mem=500",
	  "net.ipv4.tcp_mem is one for the whole host, no network namespace has its "
	  "own" },
	{ "user", "no-such-user", "no such user; give the name of one, or a number" },
	{ "user", "4294967295", "no such user; give the name of one, or a number" },
	{ "user", "-1", "no such user; give the name of one, or a number" },
	{ "user", "root",
	  "is root, whom the limits of a user do not hold; give another user" },
	{ "user", "0",
	  "is root, whom the limits of a user do not hold; give another user" },
	{ "retain", "4Ki",
	  "\"/conn\", \"/msg\" or \"/s\" is missing; give a size per connection, message "
	  "or second, such as 4Ki/conn, 100/msg or 64Ki/s" },
	{ "retain", "4Ki/hour",
	  "\"/hour\" is not known; give a size per connection, message or second, such "
	  "as 4Ki/conn, 100/msg or 64Ki/s" },
	{ "retain", "5kB/",
	  "\"/\" is not known; give a size per connection, message or second, such "
	  "as 4Ki/conn, 100/msg or 64Ki/s" },
	{ "retain", "000000000000000000000000000000000000000000000000001/s",
	  "its size is too long; give a size per connection, message or second, such "
	  "as 4Ki/conn, 100/msg or 64Ki/s" },
	{ "retain", "0/s", "allowed are 1/s to 1Gi/s" },
	{ "retain", "2Gi/conn", "allowed are 1/conn to 1Gi/conn" },
	{ "retain", "x/msg",
	  "not a size; give a size such as 64, 64k (1000), 64Ki (1024) or 1Gi" },
	{ "retain", "4kb/conn",
	  "give a size such as 64, 64k (1000), 64Ki (1024) or 1Gi" },
	{ "limit", "ports=32768-60999", "a range; give how many there are: ports=28232" },
	{ "limit", "ports=60999-32768",
	  "\"-32768\" is not a known unit; give a whole number such as 20000, 20k or "
	  "1M (ephemeral ports of a source address)" },
	{ "release", "rst", "did you mean reset?" },
	{ "listener", "reuseport", "did you mean group?" },
};

static void
bad_values_are_refused_with_what_is_allowed(void **state)
{
	char line[128], begin[160];
	struct plan plan;
	char *sentence;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		size_t length, allowed = strlen(bad[i].allowed);

		snprintf(line, sizeof(line), "--%s %s", bad[i].name, bad[i].arg);
		snprintf(begin, sizeof(begin), "brink run: %s: ", line);
		assert_int_equal(plan_try_parse(&plan, line, &sentence), -1);
		length = strlen(sentence);
		if (strncmp(sentence, begin, strlen(begin)) != 0 || length <= allowed ||
		    strncmp(sentence + length - 1 - allowed, bad[i].allowed, allowed) !=
			0)
			fail_msg("%s: %s", line, sentence);
		assert_ptr_equal(strchr(sentence, '\n'), sentence + length - 1);
		free(sentence);
		plan_free(&plan);
	}
}

/* So that no option comes into the table without its cases here. */
static void
every_option_has_its_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < plan_options.count; i++) {
		const struct option_spec *spec = &plan_options.specs[i];
		int goods = 0, bads = 0;

		for (size_t k = 0; k < COUNT_OF(good); k++)
			goods += strcmp(good[k].name, spec->name) == 0;
		for (size_t k = 0; k < COUNT_OF(bad); k++)
			bads += strcmp(bad[k].name, spec->name) == 0;
		if (spec->type != OPTION_TEXT && spec->type != OPTION_CONFIG &&
		    spec->type != OPTION_CUSTOM && !goods)
			fail_msg("--%s: no good value", spec->name);
		if (spec->type != OPTION_TEXT && spec->type != OPTION_FLAG && !bads)
			fail_msg("--%s: no bad value", spec->name);
	}
}

static void
unknown_words_are_refused(void **state)
{
	static const struct {
		const char *line, *sentence;
	} cases[] = {
		{ "--clinets 5",
		  "brink run: --clinets: no such option; did you mean --clients?\n" },
		{ "--dur 5s",
		  "brink run: --dur: no such option; did you mean --duration?\n" },
		{ "--isolate=1", "brink run: --isolate 1: allowed are yes or no\n" },
		{ "--xyzzy 10",
		  "brink run: --xyzzy: no such option; see brink run --help\n" },
		{ "--no-guard --guard-memory 1Gi",
		  "brink run: --guard-memory and --no-guard contradict each other; give "
		  "one\n" },
		{ "--dry-run 5",
		  "brink run: 5: no operand is allowed, and --dry-run takes no value\n" },
		{ "true", "brink run: true: no operand is allowed; settings are options "
			  "such as --clients\n" },
	};
	struct plan plan;
	char *sentence;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(plan_try_parse(&plan, cases[i].line, &sentence), -1);
		assert_string_equal(sentence, cases[i].sentence);
		free(sentence);
		plan_free(&plan);
	}
}

static void
groups_stand_together(void **state)
{
	static const char *const groups[] = { "load",         "server",       "course",
					      "surroundings", "expectations", "results",
					      "file" };
	size_t group = 0;

	(void)state;
	for (size_t i = 0; i < plan_options.count; i++) {
		const char *name = plan_options.specs[i].group;

		if (strcmp(name, groups[group]) != 0)
			group++;
		assert_true(group < COUNT_OF(groups));
		assert_string_equal(name, groups[group]);
	}
	assert_int_equal(group, COUNT_OF(groups) - 1);
}

static void
json_is_what_was_given(void **state)
{
	struct plan plan;
	char *json;

	(void)state;
	plan_try_good(&plan,
		      "--isolate --limit ports=1000 --limit backlog=16 --handler fork "
		      "--limit nofile.acceptor.1=64 --user 4711 "
		      "--rate max --guard-memory 1Gi --label a\"b");
	json = plan_json(&plan);
	assert_non_null(strstr(json, "\"limit\": {\n    \"ports\": 1000,\n"
				     "    \"backlog\": 16,\n"
				     "    \"nofile.acceptor.1\": 64\n  }"));
	assert_non_null(strstr(json, "\"user\": 4711"));
	assert_non_null(strstr(json, "\"handler\": \"fork\""));
	assert_non_null(strstr(json, "\"rate\": 0"));
	assert_non_null(strstr(json, "\"isolate\": true"));
	assert_non_null(strstr(json, "\"hold\": 30000000"));
	assert_non_null(strstr(json, "\"guard-memory\": 1073741824"));
	assert_non_null(strstr(json, "\"label\": \"a\\\"b\""));
	for (size_t i = 0; i < plan_options.count; i++) {
		char key[64];

		snprintf(key, sizeof(key), "\n  \"%s\": ", plan_options.specs[i].name);
		if (!strstr(json, key))
			fail_msg("no key %s", plan_options.specs[i].name);
	}
	free(json);
	plan_free(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_the_documented_ones),
		cmocka_unit_test(good_values_are_stored),
		cmocka_unit_test(texts_limits_and_guard_are_stored),
		cmocka_unit_test(bad_values_are_refused_with_what_is_allowed),
		cmocka_unit_test(every_option_has_its_cases),
		cmocka_unit_test(unknown_words_are_refused),
		cmocka_unit_test(groups_stand_together),
		cmocka_unit_test(json_is_what_was_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
