-- +goose Up
-- When the copy was made that was moved into the database, in nanoseconds since 1970;
-- 0: what was moved was none, or nothing was.
ALTER TABLE format ADD COLUMN restored bigint NOT NULL DEFAULT 0;
