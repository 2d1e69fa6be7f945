-- +goose Up
-- How far a chat's session is, for whoever takes over.
CREATE TABLE sessions (
    name    bytea PRIMARY KEY,
    session bytea NOT NULL
);
