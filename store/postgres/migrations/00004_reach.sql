-- +goose Up
-- Where other replicas reach the one that leads, and which one that is: a replica
-- of the version before takes over without a word about either.
ALTER TABLE leader ADD COLUMN reach bytea NOT NULL DEFAULT '', ADD COLUMN reached bigint NOT NULL DEFAULT 0;
