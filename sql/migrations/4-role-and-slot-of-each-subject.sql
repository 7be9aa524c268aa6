-- What kind of process or worker a name stands for, as columns: a name is for people. This is
-- the last place that takes one apart.
ALTER TABLE subject ADD COLUMN role TEXT; -- of a process or worker, or of all that a group sums up: acceptor, forker; NULL: of none, or of several
ALTER TABLE subject ADD COLUMN slot INTEGER; -- within the role, from 0; NULL: not of one process or worker
ALTER TABLE failure ADD COLUMN role TEXT; -- of the worker: "acceptor"
ALTER TABLE failure ADD COLUMN slot INTEGER; -- of the worker within its role, from 0
ALTER TABLE worker_total ADD COLUMN role TEXT; -- of the worker: "acceptor"
ALTER TABLE worker_total ADD COLUMN slot INTEGER; -- of the worker within its role, from 0

-- What memory.high did.
ALTER TABLE cgroup_sample ADD COLUMN memory_slowed_total INTEGER; -- times that the cgroup's processes were slowed for memory.high

UPDATE subject SET
  role = substr(name, 1, instr(name || ' ', ' ') - 1),
  slot = CAST(substr(name, instr(name || ' ', ' ') + 1) AS INTEGER)
WHERE kind IN ('process', 'worker');
UPDATE subject SET role = substr(name, 1, length(name) - 1)
WHERE kind = 'group' AND name <> 'observers';
UPDATE failure SET
  role = substr(worker, 1, instr(worker || ' ', ' ') - 1),
  slot = CAST(substr(worker, instr(worker || ' ', ' ') + 1) AS INTEGER);
UPDATE worker_total SET
  role = substr(worker, 1, instr(worker || ' ', ' ') - 1),
  slot = CAST(substr(worker, instr(worker || ' ', ' ') + 1) AS INTEGER);
