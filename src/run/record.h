/*
 * What crosses the two rings to the recorder. All times are microseconds since the run's
 * start; texts are NUL-terminated, cut where they are too long. The supervisor's go through
 * its event log.
 */
#ifndef BRINK_RUN_RECORD_H
#define BRINK_RUN_RECORD_H

#include <stdint.h>

#include "model/resource.h"
#include "run/ledger.h"

enum record_kind {
	RECORD_TICK = 1, /* struct tick_record and its subjects */
	RECORD_GAUGES,   /* struct gauges_record */
	RECORD_LIMIT,    /* struct limit_record */
	RECORD_SETTING,  /* struct setting_record */
	RECORD_PHASE,    /* struct phase_record: the phase before it ends here */
	RECORD_EVENT,    /* struct event_record */
};

struct tick_record {
	int64_t tick;      /* scheduled at tick * interval */
	int64_t t_us;      /* when it began */
	int64_t late_us;   /* t_us less the scheduled time */
	int64_t took_us;   /* to read everything */
	uint32_t subjects; /* struct subject_sample follow, packed */
	uint32_t pad;
};

struct subject_sample {
	uint16_t kind; /* enum subject_kind */
	uint16_t
	    count; /* readings: the resource table's entries of that kind, in order */
	uint32_t index;
	int64_t reading[];
};

#define RECORD_NAME 64

/* Readings whose names are found at run time (slab caches), all of one tick. */
struct gauge {
	char name[RECORD_NAME];
	int64_t value;
};

struct gauges_record {
	int64_t tick, t_us;
	uint32_t count, pad;
	struct gauge gauge[];
};

struct limit_record {
	uint32_t subject, index;    /* enum subject_kind */
	char resource[RECORD_NAME]; /* of the resource table */
	int64_t value;
	char source[RECORD_NAME]; /* "RLIMIT_NOFILE", "net.core.somaxconn" */
};

struct setting_record {
	uint32_t subject, index;
	char name[RECORD_NAME]; /* "net.ipv4.tcp_mem", "RLIMIT_NPROC" */
	char value[256];
};

struct phase_record {
	int64_t seq;   /* from 0, one up each */
	int64_t cycle; /* from 0 */
	int64_t from_us;
	int64_t target;   /* connections to be held at its end */
	int64_t begun_us; /* the newest connect before it; 0: none yet */
	char name
	    [RECORD_NAME]; /* baseline, ramp, plateau, hold, exhausted, recovery, end */
};

enum event_level { EVENT_INFO, EVENT_FINDING, EVENT_WARNING };

struct event_record {
	int64_t seq; /* from 0, one up each: two commits of one event are one row */
	int64_t t_us;
	int32_t level; /* enum event_level */
	uint32_t pad;
	char kind[RECORD_NAME]; /* a word: "broken", "worker-died", "released" */
	char subject[RECORD_NAME];
	char text[256];
};

/* The role of a process or worker, or that of all members of a group, ROLE_NONE where there
 * is none; *slot receives the number within the role, -1 where it is not one of its kind. */
enum role subject_role(const struct ledger *ledger, enum subject_kind kind,
		       uint32_t index, int32_t *slot);

/* "host", "listener 0", "acceptor 2", "clients": writes a subject's name to buf. */
void subject_name(const struct ledger *ledger, enum subject_kind kind, uint32_t index,
		  char *buf, size_t size);

struct event_log {
	struct ledger *ledger;
	int64_t phases, events; /* written so far: the next seq */
};

/* A new phase begins now; "end" only ends the one before. */
void event_log_phase(struct event_log *event_log, int64_t cycle, const char *name,
		     int64_t target);

/* Something happened now. It also goes to standard error, with --quiet only if it is a
 * warning; text is one clause, cut at 255 bytes. */
void event_log_add(struct event_log *event_log, enum event_level level, const char *kind,
		   const char *subject, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
