-- Sweeps: which values were tried, and the runs that were made for them.
-- Runs that were made to see how what they come to moves with options ("brink sweep"): every
-- point of a grid of values, some times over.
CREATE TABLE sweep (
  sweep_id INTEGER PRIMARY KEY, -- a person calls it "s3"
  started_unix_us INTEGER NOT NULL,
  ended_unix_us INTEGER, -- NULL: some of its runs are not made yet
  points INTEGER NOT NULL,
  repeats INTEGER NOT NULL, -- runs of each point
  seed INTEGER NOT NULL, -- of the order in which the runs are made
  command TEXT NOT NULL, -- the command line, quoted for a shell
  arguments TEXT NOT NULL, -- JSON: an array of those of "brink run" that all points share
  plan TEXT NOT NULL, -- JSON: what they came to, as in run
  version TEXT NOT NULL -- of brink
) STRICT;

-- What a point of a sweep sets: an option as it is typed, without its dashes.
CREATE TABLE sweep_value (
  sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
  point INTEGER NOT NULL, -- from 0
  seq INTEGER NOT NULL, -- from 0, in the order of the command line
  axis INTEGER NOT NULL, -- from 0; options of one axis change together
  name TEXT NOT NULL, -- "acceptors", "limit.nofile.acceptor"
  value TEXT NOT NULL, -- "4"
  PRIMARY KEY (sweep_id, point, seq)
) STRICT, WITHOUT ROWID;

-- A run of a sweep, made or to be made, in the order in which they are made.
CREATE TABLE sweep_point (
  sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
  position INTEGER NOT NULL, -- from 0
  point INTEGER NOT NULL,
  repeat INTEGER NOT NULL, -- from 0, of the point
  run_id INTEGER REFERENCES run ON DELETE SET NULL, -- NULL: not made yet, refused before it
    -- began, or deleted since
  exit_code INTEGER, -- what "brink run" exited with; NULL: it has not ended
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_point_run ON sweep_point (run_id);
