-- +goose Up

-- Requests that must not be done twice, by the key that their client gave them.
-- Times are milliseconds since 1970 on the database's clock.
CREATE TABLE idempotency_keys (
    owner       TEXT    NOT NULL, -- id of the API key
    client_key  TEXT    NOT NULL,
    fingerprint BYTEA   NOT NULL, -- of what was asked
    attempt     TEXT    NOT NULL, -- who does the work, or did it
    interrupted BOOLEAN NOT NULL, -- an attempt before this one ended without a word
    lease_until BIGINT  NOT NULL, -- 0 when the attempt is over
    finished_at BIGINT  NOT NULL, -- 0 while there is no answer
    omitted     BOOLEAN NOT NULL, -- the answer was too large to be kept
    answer      BYTEA,
    expires_at  BIGINT  NOT NULL,
    PRIMARY KEY (owner, client_key)
);

CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
