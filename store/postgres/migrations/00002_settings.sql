-- +goose Up
-- What was set for a channel.
CREATE TABLE settings (
    workspace bytea NOT NULL,
    channel   bytea NOT NULL,
    record    json  NOT NULL,
    PRIMARY KEY (workspace, channel)
);
