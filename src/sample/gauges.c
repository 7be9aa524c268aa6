#include "sample/gauges.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/procfile.h"

/* A kernel merges caches of one size: then only one of their names is there. */
static const char *const caches[] = {
	"TCP",
	"TCPv6",
	"request_sock_TCP",
	"tw_sock_TCP",
	"sock_inode_cache",
	"dentry",
	"filp",
	"eventpoll_epi",
	"eventpoll_pwq",
	"skbuff_head_cache",
	"skbuff_small_head",
	"lsm_inode_cache",
	"nf_conntrack",
	"task_struct",
	"mm_struct",
	"kmalloc-cg-1k",
};

#define CACHES (sizeof(caches) / sizeof(caches[0]))

int
gauges_open(struct gauges *gauges)
{
	gauges->fd = open("/proc/slabinfo", O_RDONLY | O_CLOEXEC);
	gauges->record =
	    calloc(1, sizeof(*gauges->record) + CACHES * sizeof(struct gauge));
	return gauges->record == NULL ? -1 : 0;
}

void
gauges_close(struct gauges *gauges)
{
	if (gauges->fd != -1)
		close(gauges->fd);
	free(gauges->record);
}

static bool
is_wanted(const char *name, size_t length)
{
	for (size_t i = 0; i < CACHES; i++)
		if (strlen(caches[i]) == length && strncmp(caches[i], name, length) == 0)
			return true;
	return false;
}

void
gauges_parse(struct gauges *gauges, const char *text)
{
	struct gauges_record *record = gauges->record;

	record->count = 0;
	while (*text != '\0' && record->count < CACHES) {
		size_t length = strcspn(text, " \n");
		struct gauge *gauge = &record->gauge[record->count];

		if (is_wanted(text, length)) {
			snprintf(gauge->name, sizeof(gauge->name), "slab %.*s",
				 (int)length, text);
			gauge->value = strtoll(text + length, NULL, 10);
			record->count++;
		}
		text = strchrnul(text, '\n');
		text += *text == '\n';
	}
}

void
gauges_read(struct gauges *gauges, int64_t tick, int64_t t_us, struct ring *ring,
	    char *buf, size_t size)
{
	struct gauges_record *record = gauges->record;

	if (gauges->fd == -1 || procfile_pread(gauges->fd, buf, size) <= 0)
		return;
	gauges_parse(gauges, buf);
	record->tick = tick;
	record->t_us = t_us;
	if (record->count > 0)
		ring_push(ring, RECORD_GAUGES, record,
			  (uint32_t)(sizeof(*record) +
				     record->count * sizeof(record->gauge[0])));
}
