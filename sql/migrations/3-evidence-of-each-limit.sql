-- What a limit is proven or disproven by, at each tick, for each cycle. Runs of before have
-- NULL there: it was not read.
ALTER TABLE listener_sample ADD COLUMN drops_total INTEGER; -- handshake packets that this listener dropped
