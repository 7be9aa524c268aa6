#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/procfile.h"
#include "sample/keyed.h"
#include "sample/system.h"

#define READINGS 64

/* Readings of all kinds, none of them made yet. */
struct sheet {
	int64_t values[SUBJECT_KINDS][READINGS];
	readings_by_kind readings;
};

static void
sheet_clear(struct sheet *sheet)
{
	for (int kind = 0; kind < SUBJECT_KINDS; kind++) {
		sheet->readings[kind] = sheet->values[kind];
		for (int i = 0; i < READINGS; i++)
			sheet->values[kind][i] = -77;
	}
}

static int64_t
reading(const struct sheet *sheet, enum subject_kind kind, const char *name)
{
	const struct resource *resource = resource_find(kind, name);

	assert_non_null(resource);
	return sheet->values[kind][resource_position(resource)];
}

#define HOST(sheet, name)  reading(&(sheet), SUBJECT_HOST, name)
#define NETNS(sheet, name) reading(&(sheet), SUBJECT_NETNS, name)

static void
parse_as(struct sheet *sheet, enum source source, const char *text)
{
	struct keyed keyed;

	sheet_clear(sheet);
	keyed_init(&keyed, 0);
	keyed_want_source(&keyed, source);
	assert_true(keyed.count > 0);
	keyed_parse(&keyed, text, sheet->readings);
}

static void
meminfo(void **state)
{
	struct sheet sheet;

	(void)state;
	parse_as(&sheet, SOURCE_MEMINFO,
		 "MemTotal:       24683660 kB\n"
		 "MemFree:        24522128 kB\n"
		 "MemAvailable:   24434416 kB\n"
		 "SwapCached:            0 kB\n"
		 "Active(anon):       1532 kB\n"
		 "AnonPages:         16248 kB\n"
		 "Slab:              77360 kB\n"
		 "SReclaimable:      52760 kB\n"
		 "SUnreclaim:        24600 kB\n"
		 "KernelStack:        1752 kB\n"
		 "PageTables:         1884 kB\n"
		 "SecPageTables:         0 kB\n");
	assert_int_equal(HOST(sheet, "available_bytes"), INT64_C(24434416) * 1024);
	assert_int_equal(HOST(sheet, "free_bytes"), INT64_C(24522128) * 1024);
	assert_int_equal(HOST(sheet, "anon_bytes"), 16248 * 1024);
	assert_int_equal(HOST(sheet, "slab_bytes"), 77360 * 1024);
	assert_int_equal(HOST(sheet, "slab_unreclaimable_bytes"), 24600 * 1024);
	assert_int_equal(HOST(sheet, "kernel_stack_bytes"), 1752 * 1024);
	assert_int_equal(HOST(sheet, "page_table_bytes"), 1884 * 1024);
}

/* "cpu" is not "cpu0", and the long line of interrupts is skipped. */
static void
cpu(void **state)
{
	struct sheet sheet;

	(void)state;
	parse_as(&sheet, SOURCE_CPU,
		 "cpu  1232 5 1119 517407 299 0 42 11 0 0\n"
		 "cpu0 121 0 163 129786 4 0 15 1 0 0\n"
		 "cpu1 143 0 176 129726 4 0 6 1 0 0\n"
		 "intr 88231 0 9 0 0 0 0 0 0 0 0 0 22 17\n"
		 "ctxt 160122\n"
		 "btime 1763889317\n"
		 "processes 4245\n"
		 "procs_running 2\n");
	assert_int_equal(HOST(sheet, "cpu_user_us_total"), 12320000);
	assert_int_equal(HOST(sheet, "cpu_system_us_total"), 11190000);
	assert_int_equal(HOST(sheet, "cpu_idle_us_total"), INT64_C(5174070000));
	assert_int_equal(HOST(sheet, "cpu_softirq_us_total"), 420000);
	assert_int_equal(HOST(sheet, "cpu_steal_us_total"), 110000);
	assert_int_equal(HOST(sheet, "context_switches_total"), 160122);
	assert_int_equal(HOST(sheet, "forks_total"), 4245);
}

static void
small_files(void **state)
{
	struct sheet sheet;

	(void)state;
	parse_as(&sheet, SOURCE_LOADAVG, "0.20 0.18 0.12 2/93 4245\n");
	assert_int_equal(HOST(sheet, "threads"), 93);
	parse_as(&sheet, SOURCE_FILE_NR, "487\t0\t2465959\n");
	assert_int_equal(HOST(sheet, "files"), 487);
	parse_as(&sheet, SOURCE_CONNTRACK, "31\n");
	assert_int_equal(NETNS(sheet, "conntrack_entries"), 31);
	parse_as(&sheet, SOURCE_VMSTAT,
		 "nr_free_pages 6130532\noom_kill 3\noom_kill_x 9\n");
	assert_int_equal(HOST(sheet, "oom_kills_total"), 3);
}

/* One file of two subjects: TCP's memory is the host's, its sockets the namespace's. */
static void
sockstat(void **state)
{
	struct sheet sheet;

	(void)state;
	parse_as(&sheet, SOURCE_SOCKSTAT,
		 "sockets: used 14\n"
		 "TCP: inuse 5 orphan 2 tw 60 alloc 7 mem 199\n"
		 "UDP: inuse 1 mem 3\n"
		 "UDPLITE: inuse 0\n"
		 "RAW: inuse 0\n"
		 "FRAG: inuse 0 memory 0\n");
	assert_int_equal(NETNS(sheet, "sockets"), 14);
	assert_int_equal(NETNS(sheet, "tcp_in_use"), 5);
	assert_int_equal(NETNS(sheet, "tcp_time_wait"), 60);
	assert_int_equal(HOST(sheet, "tcp_orphans"), 2);
	assert_int_equal(HOST(sheet, "tcp_allocated"), 7);
	assert_int_equal(HOST(sheet, "tcp_memory_bytes"), 199 * 4096);
}

static const char snmp_text[] =
    "Icmp: InMsgs InErrors\n"
    "Icmp: 1 0\n"
    "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails "
    "EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors\n"
    "Tcp: 1 200 120000 -1 13 2 3 4 40002 517 301 6 0 8 0\n"
    "Udp: InDatagrams NoPorts\n"
    "Udp: 26 0\n";

static void
check_snmp(const struct sheet *sheet)
{
	assert_int_equal(NETNS(*sheet, "active_opens_total"), 13);
	assert_int_equal(NETNS(*sheet, "passive_opens_total"), 2);
	assert_int_equal(NETNS(*sheet, "attempt_fails_total"), 3);
	assert_int_equal(NETNS(*sheet, "established_resets_total"), 4);
	assert_int_equal(NETNS(*sheet, "tcp_established"), 40002);
	assert_int_equal(NETNS(*sheet, "in_segments_total"), 517);
	assert_int_equal(NETNS(*sheet, "out_segments_total"), 301);
	assert_int_equal(NETNS(*sheet, "retransmitted_segments_total"), 6);
	assert_int_equal(NETNS(*sheet, "out_resets_total"), 8);
}

static void
snmp(void **state)
{
	struct sheet sheet;

	(void)state;
	parse_as(&sheet, SOURCE_SNMP, snmp_text);
	check_snmp(&sheet);
}

/* The kernel adds the IcmpMsg lines once there is something to count: all below moves. */
static void
lines_that_move_are_found_again(void **state)
{
	const char *rest = strstr(snmp_text, "Tcp:");
	char one_more[1024], two_more[1024];
	struct sheet sheet;
	struct keyed keyed;

	(void)state;
	snprintf(one_more, sizeof(one_more), "Odd: 1\n%s", snmp_text);
	snprintf(two_more, sizeof(two_more), "%.*sIcmpMsg: InType3\nIcmpMsg: 1\n%s",
		 (int)(rest - snmp_text), snmp_text, rest);
	keyed_init(&keyed, 0);
	keyed_want_source(&keyed, SOURCE_SNMP);
	const char *const texts[] = { snmp_text, two_more, snmp_text, one_more,
				      snmp_text };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		sheet_clear(&sheet);
		keyed_parse(&keyed, texts[i], sheet.readings);
		check_snmp(&sheet);
	}
}

static void
netstat(void **state)
{
	struct sheet sheet;

	(void)state;
	parse_as(&sheet, SOURCE_NETSTAT,
		 "TcpExt: SyncookiesSent SyncookiesRecv TW ListenOverflows ListenDrops "
		 "TCPTimeouts TCPAbortOnClose TCPAbortOnMemory TCPMemoryPressures "
		 "TCPTimeWaitOverflow TCPReqQFullDoCookies TCPReqQFullDrop "
		 "TCPToZeroWindowAdv TCPSynRetrans\n"
		 "TcpExt: 1 2 3 311 312 4 5 6 7 150 8 9 10 11\n"
		 "IpExt: InNoRoutes InOctets\n"
		 "IpExt: 0 20454965\n");
	assert_int_equal(NETNS(sheet, "syn_cookies_sent_total"), 1);
	assert_int_equal(NETNS(sheet, "listen_overflows_total"), 311);
	assert_int_equal(NETNS(sheet, "listen_drops_total"), 312);
	assert_int_equal(NETNS(sheet, "timeouts_total"), 4);
	assert_int_equal(NETNS(sheet, "aborts_on_close_total"), 5);
	assert_int_equal(NETNS(sheet, "aborts_on_memory_total"), 6);
	assert_int_equal(NETNS(sheet, "memory_pressures_total"), 7);
	assert_int_equal(NETNS(sheet, "time_wait_overflows_total"), 150);
	assert_int_equal(NETNS(sheet, "syn_queue_cookies_total"), 8);
	assert_int_equal(NETNS(sheet, "syn_queue_drops_total"), 9);
	assert_int_equal(NETNS(sheet, "zero_windows_total"), 10);
	assert_int_equal(NETNS(sheet, "syn_retransmits_total"), 11);
	/* An older kernel does not count this. */
	assert_int_equal(NETNS(sheet, "receive_queue_drops_total"), READING_NONE);
}

/* Whatever the text, every reading that is wanted is set, and to no invented number. */
static void
broken_texts_give_no_reading(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n\n",
		"MemFree",
		"MemFree:",
		"MemFree: kB\n",
		"MemFree: 12x kB\n",
		"MemFree: -\n",
		"xMemFree: 12 kB\nMemFreed: 12 kB\n",
		"MemFree: 99999999999999999999 kB\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sheet sheet;

		parse_as(&sheet, SOURCE_MEMINFO, texts[i]);
		assert_int_equal(HOST(sheet, "free_bytes"), READING_NONE);
		assert_int_equal(HOST(sheet, "slab_bytes"), READING_NONE);
	}
}

static void
numbers_saturate_and_may_be_negative(void **state)
{
	struct sheet sheet;

	(void)state;
	parse_as(&sheet, SOURCE_VMSTAT, "oom_kill 18446744073709551615\n");
	assert_int_equal(HOST(sheet, "oom_kills_total"), INT64_MAX);
	parse_as(&sheet, SOURCE_VMSTAT, "oom_kill -12\n");
	assert_int_equal(HOST(sheet, "oom_kills_total"), -12);
}

static void
keys_are_told_apart(void **state)
{
	static const char text[] = "cache 1\nkernel 20\nkernel_stack 3\nempty\n";

	(void)state;
	assert_true(keyed_has(text, "kernel"));
	assert_true(keyed_has("12\n", "0"));
	assert_false(keyed_has("12\n", "1"));
	assert_false(keyed_has("max\n", "0"));
	assert_false(keyed_has(text, "sock"));
	assert_false(keyed_has(text, "kern"));
	assert_false(keyed_has(text, "empty"));
}

static void
a_file_that_is_not_there_gives_no_reading(void **state)
{
	struct sheet sheet;
	struct keyed keyed;
	char buf[64];

	(void)state;
	sheet_clear(&sheet);
	keyed_init(&keyed, 0);
	keyed_want_source(&keyed, SOURCE_CONNTRACK);
	assert_false(keyed_read(&keyed, -1, buf, sizeof(buf), sheet.readings));
	assert_int_equal(NETNS(sheet, "conntrack_entries"), READING_NONE);
}

/* The number behind a word of a file, found in the plainest way. */
static int64_t
plain(const char *path, const char *word)
{
	static char text[PROCFILE_MAX];
	const char *at;

	assert_true(procfile_read(path, text, sizeof(text)) > 0);
	at = strstr(text, word);
	assert_non_null(at);
	return strtoll(at + strlen(word), NULL, 10);
}

static void
assert_near(int64_t a, int64_t b, int64_t tolerance)
{
	assert_true(a != READING_NONE);
	assert_in_range(a, b > tolerance ? b - tolerance : 0, b + tolerance);
}

/* The live system, against a second look at it with other means. */
static void
the_live_system_is_read(void **state)
{
	static char buf[PROCFILE_MAX];
	struct system system;
	struct sheet sheet;
	const int64_t mib = 1 << 20;

	(void)state;
	sheet_clear(&sheet);
	system_open(&system);
	system_read(&system, buf, sizeof(buf), sheet.readings);
	assert_near(HOST(sheet, "free_bytes"), plain("/proc/meminfo", "MemFree:") * 1024,
		    256 * mib);
	assert_near(HOST(sheet, "slab_bytes"), plain("/proc/meminfo", "\nSlab:") * 1024,
		    64 * mib);
	assert_near(HOST(sheet, "forks_total"), plain("/proc/stat", "\nprocesses "),
		    1000);
	assert_near(HOST(sheet, "context_switches_total"), plain("/proc/stat", "\nctxt "),
		    1000000);
	assert_near(HOST(sheet, "threads"), plain("/proc/loadavg", "/"), 100);
	assert_near(HOST(sheet, "files"), plain("/proc/sys/fs/file-nr", ""), 2000);
	assert_near(NETNS(sheet, "sockets"), plain("/proc/net/sockstat", "used "), 2000);
	assert_near(HOST(sheet, "oom_kills_total"), plain("/proc/vmstat", "\noom_kill "),
		    10);
	system_close(&system);
}

/* A kept-open file tells what has happened since. */
static void
the_live_counters_move(void **state)
{
	static char buf[PROCFILE_MAX];
	struct system system;
	struct sheet before, after;

	(void)state;
	sheet_clear(&before);
	sheet_clear(&after);
	system_open(&system);
	system_read(&system, buf, sizeof(buf), before.readings);
	for (int i = 0; i < 5; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	system_read(&system, buf, sizeof(buf), after.readings);
	assert_in_range(HOST(after, "forks_total"), HOST(before, "forks_total") + 5,
			HOST(before, "forks_total") + 1000);
	system_close(&system);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meminfo),
		cmocka_unit_test(cpu),
		cmocka_unit_test(small_files),
		cmocka_unit_test(sockstat),
		cmocka_unit_test(snmp),
		cmocka_unit_test(lines_that_move_are_found_again),
		cmocka_unit_test(netstat),
		cmocka_unit_test(broken_texts_give_no_reading),
		cmocka_unit_test(numbers_saturate_and_may_be_negative),
		cmocka_unit_test(keys_are_told_apart),
		cmocka_unit_test(a_file_that_is_not_there_gives_no_reading),
		cmocka_unit_test(the_live_system_is_read),
		cmocka_unit_test(the_live_counters_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
