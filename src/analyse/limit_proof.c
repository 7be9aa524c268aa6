#include "analyse/limit_proof.h"

#include <string.h>

#include "analyse/evidence.h"
#include "analyse/evidence_target.h"
#include "analyse/symptom.h"
#include "base/log.h"

static const struct limit_proof proofs[] = {
	{ "disk-results", symptom_disk, evidence_disk, NULL },
	{ "memory-cgroup", symptom_killed_target, evidence_killed, headroom_gauge },
	{ "memory-host", symptom_killed, evidence_killed_by_host, NULL },
	{ "pids-cgroup", symptom_fork, evidence_cgroup, headroom_gauge },
	{ "nproc", symptom_fork, evidence_processes, headroom_processes },
	{ "threads-max", symptom_fork, evidence_gauge, headroom_gauge },
	{ "pid-max", symptom_fork, evidence_gauge, headroom_gauge },
	{ "system-files", symptom_call, evidence_gauge, headroom_gauge },
	{ "acceptor-nofile", symptom_acceptors, evidence_descriptors, headroom_gauge },
	{ "target-nofile", symptom_target_files, evidence_target_files, NULL },
	{ "client-nofile", symptom_call, evidence_descriptors, headroom_gauge },
	{ "reserved-ports", symptom_call, evidence_reserved, NULL },
	{ "time-wait", symptom_call, evidence_time_wait, NULL },
	{ "ephemeral-ports", symptom_call, evidence_ports, headroom_ports },
	{ "port-search", symptom_missed, evidence_port_search, NULL },
	{ "closed-port", symptom_refused, evidence_refused, NULL },
	{ "conntrack", symptom_timeout, evidence_gauge, headroom_gauge },
	{ "shared-port", symptom_shared, evidence_shared, NULL },
	{ "firewall", symptom_timeout, evidence_firewall, NULL },
	{ "acceptor-died", symptom_death, evidence_death, headroom_deaths },
	{ "target-died", symptom_target_died, evidence_target_died, NULL },
	{ "protocol-mismatch", symptom_target_refused, evidence_mismatch, NULL },
	{ "application-limit", symptom_target_refused, evidence_application, NULL },
	{ "idle-timeout", symptom_target_ended_held, evidence_idle_timeout, NULL },
	{ "evicts-idle", symptom_target_ended_held, evidence_evicts, NULL },
	{ "address-space", symptom_call, evidence_gauge, headroom_gauge },
	{ "commit-limit", symptom_call, evidence_commit, headroom_gauge },
	{ "tcp-memory", symptom_timeout, evidence_counted, headroom_gauge },
	{ "receive-window", symptom_silent, evidence_window, NULL },
	{ "segment-loss", symptom_lost, evidence_loss, NULL },
	{ "connection-resets", symptom_timeout, evidence_resets, NULL },
	{ "acceptor-stuck", symptom_stuck, evidence_stuck, NULL },
	{ "queue-without-accept", symptom_target_stuck, evidence_target_stuck, NULL },
	{ "cpu-quota", symptom_slow, evidence_quota, NULL },
	{ "memory-high", symptom_slow, evidence_slowed, NULL },
	{ "acceptor-busy", symptom_busy, evidence_busy, NULL },
	{ "target-busy", symptom_target_slow, evidence_target_busy, NULL },
	{ "service-stops", symptom_target_silent, evidence_target_silent, NULL },
	{ "syn-queue", symptom_timeout, evidence_syn_queue, NULL },
	{ "somaxconn", symptom_queue, evidence_somaxconn, headroom_queue },
	{ "accept-queue", symptom_queue, evidence_queue, headroom_queue },
};

const struct limit_proof *
limit_proof(const struct limit_rule *rule)
{
	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++)
		if (strcmp(proofs[i].id, rule->id) == 0)
			return &proofs[i];
	fatalx("the limit %s has no proof", rule->id);
}
