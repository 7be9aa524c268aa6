-- What each cycle counted. Old ones get it when they are analysed anew.
ALTER TABLE cycle ADD COLUMN attempted INTEGER;
ALTER TABLE cycle ADD COLUMN established INTEGER;
ALTER TABLE cycle ADD COLUMN accepted INTEGER;
ALTER TABLE cycle ADD COLUMN served INTEGER;
ALTER TABLE cycle ADD COLUMN failed INTEGER;
ALTER TABLE cycle ADD COLUMN missed INTEGER;
ALTER TABLE cycle ADD COLUMN transient INTEGER;
ALTER TABLE cycle ADD COLUMN lost INTEGER;
ALTER TABLE cycle ADD COLUMN released INTEGER;
