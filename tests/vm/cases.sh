# shellcheck shell=bash
#
# The table: what is done to a machine, and what brink has to name there. It is read twice: in
# the machine, where truth is a run, and afterwards, where it is a check.
#
# truth MARK MACHINE NAME LIMIT COUNT WRAPPERS OPTION…
#
# MARK     * for those of VM=short.
# MACHINE  plain: 1 GiB; small: 512 MiB; large: 3 GiB.
# LIMIT    a pattern of "outcome, id of subject, confidence", or of "outcome, none".
# COUNT    "EXPRESSION FROM [TO]" of v_run r, v_funnel f and v_breaking_point b, or "-".
# WRAPPERS what is around the run: see wrappers.sh.
#
# says NAME TEXT           what the run prints has a line that matches the extended expression.
# holds NAME WHAT QUERY    the store answers 1.

machine=${machine-} # of the boot

# of_this_boot MARK MACHINE NAME …: whether the case belongs to it.
of_this_boot() {
  [[ $2 == "$machine" && ($VM != short || $1 == '*') ]] || return 1
  # shellcheck disable=SC2053  # a pattern
  [[ $3 == $VM_CASES ]]
}

# Healthy runs name nothing. Before Linux 6.2 open files are counted at a slower cadence, and
# not known between.
truth '*' plain healthy "survived, none" - "" --clients 500 --rate 250 --isolate
holds healthy "open files are known or not known, never none" \
  "SELECT count(fds) > 1 AND min(fds) > 0 FROM v_progress WHERE phase <> 'end'"
holds healthy "what there was before the load is known" \
  "SELECT min(base) > 0 AND max(base) < 100 FROM v_leak_rate
    WHERE resource = 'fds' AND subject = 'acceptors'"
truth '-' plain healthy-host "survived, none" - "" --clients 500 --rate 250
truth '-' plain healthy-group "survived, none" - "" --clients 500 --rate 250 --listener group
truth '-' plain healthy-fork "survived, none" - "" --clients 100 --rate 25 --handler fork
truth '-' plain healthy-far "survived, none" - "network delay+20ms --" --clients 200 --rate 100

# Open files: six of an acceptor are its own.
truth '*' plain nofile "broke, acceptor-nofile of acceptor 0, proven" "b.accepted 506" "" \
  --clients 1000 --rate 500 --acceptors 1 --limit nofile.acceptor=512
truth '-' plain nofile-client "inconclusive, client-nofile of client 0, proven" "b.held 251" "" \
  --clients 500 --rate 250 --per-client 500 --forkers 1 --limit nofile.client=256
truth '-' plain many "survived, none" "r.held_peak 10000" "" \
  --clients 10000 --rate max --acceptors 1 --messages 0
truth '-' plain nr-open "broke, acceptor-nofile of acceptor 0, *" "b.accepted 506" \
  "sysctls fs.nr_open=512 --" --clients 1000 --rate 500 --acceptors 1
truth '*' plain file-max-user "broke, system-files of host, proven" "b.usage 2400 2600" \
  "sysctls fs.file-max=2500 --" --clients 2000 --rate 300 --user nobody --no-guard

# Processes. Without a target, a run may have no room for all. Of 60, 2 are acceptors, 2
# forkers, and 2 are clients.
few=(--acceptors 2 --forkers 2 --rate 25 --clients unlimited --per-client 100k --handler fork
  --no-guard)
truth '*' plain pids-own "broke, pids-cgroup of cgroup, proven" "f.served 54" "" \
  "${few[@]}" --isolate --limit pids=60
truth '-' plain pids-group "broke, pids-cgroup of cgroup, proven" "b.usage 100" \
  "groups pids.max=100 --" "${few[@]}"
truth '*' plain pids-parent "broke, pids-cgroup of cgroup /level0, proven" "b.usage 100" \
  "groups pids.max=100 - --" "${few[@]}" --isolate
truth '-' plain pids-grandparent "broke, pids-cgroup of cgroup /level0, proven" "b.usage 100" \
  "groups pids.max=100 - - --" "${few[@]}" --isolate
truth '-' plain pids-inner "broke, pids-cgroup of cgroup, proven" "f.served 34" \
  "groups pids.max=64 - --" \
  "${few[@]}" --clients 200 --per-client 100 --isolate --limit pids=40
truth '*' plain threads-max "broke, threads-max of host, proven" - \
  "sysctls kernel.threads-max=180 --" "${few[@]}"
truth '-' plain pid-max "broke, pid-max of host, proven" - \
  "sysctls kernel.pid_max=420 --" "${few[@]}"

# Memory of a cgroup: the kernel kills. The store's reserve and brink itself are in the groups
# around the run's own.
much=(--acceptors 1 --rate 15 --clients 1000 --retain 256Ki/conn)
killed="@(broke|crashed), memory-cgroup of cgroup, @(proven|likely)"
killed_above="@(broke|crashed), memory-cgroup of cgroup /level0, @(proven|likely)"
truth '*' plain memory-own "@(broke|crashed), memory-cgroup of cgroup, proven" - "" \
  "${much[@]}" --isolate --limit memory=24Mi
truth '-' plain memory-group "$killed" - "groups memory.max=128M --" "${much[@]}"
truth '*' plain memory-parent "$killed_above" - "groups memory.max=128M - --" "${much[@]}" --isolate
truth '-' plain memory-grandparent "$killed_above" - \
  "groups memory.max=128M - - --" "${much[@]}" --isolate

# Memory that is slowed, not killed for: memory.high.
slowed="*, memory-high of acceptor*, likely"
truth '-' plain high-group "$slowed" - "groups memory.high=96M --" "${much[@]}"
truth '-' plain high-parent "$slowed" - "groups memory.high=96M - --" "${much[@]}" --isolate

# A quota of the processor, of a period that is not the usual one too.
throttled="*, cpu-quota of acceptors, @(proven|likely)"
busy=(--clients 2000 --rate 2000)
truth '-' plain cpu-group "$throttled" - "groups cpu.max=20000+100000 --" "${busy[@]}"
truth '-' plain cpu-parent "$throttled" - "groups cpu.max=20000+100000 - --" "${busy[@]}" --isolate
truth '-' plain cpu-period "$throttled" - "groups cpu.max=10000+50000 --" "${busy[@]}"

# The kernel's tables.
truth '-' plain conntrack "broke, conntrack of *, @(proven|likely)" - \
  "drops -- firewall ct+state+new+accept -- sysctls net.netfilter.nf_conntrack_max=300 --" \
  --clients 600 --rate 150
says conntrack "[0-9] the kernel dropped for NETFILTER_DROP"
truth '-' plain reserved "inconclusive, reserved-ports of netns, proven" "b.held 200" \
  "sysctls net.ipv4.ip_local_port_range=40000+40499 net.ipv4.ip_local_reserved_ports=40200-40499 --" \
  --clients 600 --rate 150 --sources 1
truth '-' plain commit "@(broke|inconclusive), commit-limit of host, @(proven|likely)" - \
  "sysctls vm.overcommit_memory=2 vm.overcommit_kbytes=300000 --" "${few[@]}"
truth '-' plain lossy "survived, none" - "network loss+1% --" --clients 200 --rate 50
truth '-' plain loss "*, segment-loss of *, likely" - "network loss+40% --" --clients 200 --rate 50
truth '-' plain tw-buckets "survived, none" - "sysctls net.ipv4.tcp_max_tw_buckets=50 --" \
  --clients 500 --rate 250 --release close

# Memory of the host.
truth '*' small oom "@(broke|crashed), memory-host of host, proven" - "with_memory 110 --" \
  "${much[@]}" --no-guard
truth '*' small oom-isolated "@(broke|crashed), memory-host of host, proven" - \
  "with_memory 110 --" "${much[@]}" --no-guard --isolate
truth '*' small guard "guarded, *" - "with_memory 220 --" "${much[@]}" --guard-memory 140Mi
truth '-' small guard-share "survived, none" - "" --clients 500 --rate 250

# Drops of a firewall. The kernel's own word for why stands beside the verdict.
past_200="tcp+flags+&+(syn+|+ack)+==+syn+limit+rate+over+1/minute+burst+200+packets+drop"
truth '-' plain firewall "broke, firewall of netns, likely" - \
  "drops -- firewall $past_200 --" --clients 400 --rate 100
says firewall "[0-9] the kernel dropped for NETFILTER_DROP"

# Queues of a listener. A peer that the kernel remembers has room kept for it.
truth '-' plain queue "broke, accept-queue of listener 0, *" - "" --clients 5000 --rate 20000 \
  --backlog 16 --handler fork --acceptors 1 --connect-timeout 800ms
truth '-' plain syn-queue "broke, syn-queue of listener 0, *" - \
  "sysctls net.ipv4.tcp_syncookies=0 net.ipv4.tcp_max_syn_backlog=8 \
  net.ipv4.tcp_no_metrics_save=1 -- unknown_peers -- network delay+100ms+limit+100000 --" \
  --clients 2000 --rate 500

# Past the limit sockets get less room, and no connection is refused: nothing gave way.
truth '-' plain tcp-pressure "survived, none" - \
  "sysctls net.ipv4.tcp_mem=60+80+100 -- network delay+100ms+limit+100000 --" \
  --clients 200 --rate max --message-size 16Ki --messages 50
holds tcp-pressure "it was past the third number of tcp_mem" \
  "SELECT max(tcp_memory_bytes) > 100 * 4096 FROM host_sample"

# What a user without capabilities sees, or does not: no more than its own processes, no
# /proc/sys. Root is exempt from fs.file-max.
calm=(--clients 200 --rate max)
own_files=(--clients 1000 --rate 500 --acceptors 1 --limit nofile.acceptor=512)
truth '-' plain user "survived, none" - "as_user --" "${calm[@]}"
truth '-' plain hidepid "survived, none" - "own_processes_only -- as_user --" "${calm[@]}"
truth '-' plain hidepid-nofile "broke, acceptor-nofile of acceptor 0, proven" "b.accepted 506" \
  "own_processes_only -- as_user --" "${own_files[@]}"
truth '-' plain no-sysctls "survived, none" - "no_sysctls --" "${calm[@]}"
truth '-' plain no-sysctls-nofile "broke, acceptor-nofile of acceptor 0, proven" \
  "b.accepted 506" "no_sysctls --" "${own_files[@]}"
truth '-' plain file-max-root "survived, none" "r.held_peak 1000" \
  "sysctls fs.file-max=1000 --" --clients 1000 --rate max --no-guard
truth '-' plain orphans "survived, none" - "sysctls net.ipv4.tcp_max_orphans=10 --" \
  "${calm[@]}" --release kill-clients
truth '-' plain pids-user "@(broke|inconclusive), pids-cgroup of cgroup, proven" "b.usage 100" \
  "groups pids.max=100 -- as_user --" "${few[@]}"
truth '-' plain pids-delegated "@(broke|inconclusive), pids-cgroup of cgroup, proven" \
  "b.usage 60" "delegated --" "${few[@]}" --isolate --limit pids=60

# As many as fit.
truth '-' small unlimited "broke, acceptor-nofile of acceptor 0, proven" "b.accepted 506" "" \
  --clients unlimited --rate 500 --acceptors 1 --limit nofile.acceptor=512
# An emulated sampler may miss ticks at that many: then nothing is said of what it did not see.
truth '-' large hundred-thousand "@(survived|inconclusive), none" "r.held_peak 100000" "" \
  --clients 100000 --rate max --acceptors 1 --messages 0
