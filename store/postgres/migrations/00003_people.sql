-- +goose Up
-- What is kept of a person of the page.
CREATE TABLE people (
    workspace bytea NOT NULL,
    voter     bytea NOT NULL,
    record    json  NOT NULL,
    PRIMARY KEY (workspace, voter)
);
