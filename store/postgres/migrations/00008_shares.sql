-- +goose Up
-- What replicas do side by side, in parts, as a chat's connections are: who takes part
-- in that, and who has which part, until when. Whoever has a part anew has it with a
-- higher term than everybody before.
CREATE TABLE sharers (
    name    bytea       NOT NULL,
    replica bigint      NOT NULL,
    until   timestamptz NOT NULL,
    PRIMARY KEY (name, replica)
);
CREATE TABLE shares (
    name    bytea       NOT NULL,
    part    integer     NOT NULL,
    replica bigint      NOT NULL,
    until   timestamptz NOT NULL,
    term    bigint      GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (name, part)
);
