-- +goose Up

-- The same statements serve SQLite and PostgreSQL. Times are milliseconds since
-- 1970, 0 for none; lists are JSON.
CREATE TABLE api_keys (
    id             TEXT    NOT NULL PRIMARY KEY,
    name           TEXT    NOT NULL,
    legacy         BOOLEAN NOT NULL, -- the key is older than the gateway and has a form of its own
    secret_hash    BYTEA   NOT NULL,
    previous_hash  BYTEA,            -- of the secret before the last rotation
    previous_until BIGINT  NOT NULL,
    scopes         TEXT    NOT NULL,
    expires_at     BIGINT  NOT NULL,
    requests       BIGINT  NOT NULL,
    cost_capacity  BIGINT  NOT NULL,
    cost_restore   BIGINT  NOT NULL,
    origins        TEXT    NOT NULL,
    networks       TEXT    NOT NULL,
    documents      TEXT    NOT NULL,
    odoo_login     TEXT    NOT NULL,
    odoo_sealed    BYTEA,
    created_at     BIGINT  NOT NULL,
    last_used_at   BIGINT  NOT NULL,
    last_used_from TEXT    NOT NULL,
    rotated_at     BIGINT  NOT NULL,
    revoked_at     BIGINT  NOT NULL,
    version        BIGINT  NOT NULL  -- counts the changes of the key
);

-- Each change of a key is one event with the version that it led to, so that no
-- change is without an event and their order needs no clock.
CREATE TABLE audit_events (
    key_id  TEXT   NOT NULL REFERENCES api_keys (id),
    version BIGINT NOT NULL,
    event   TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    who     TEXT   NOT NULL,
    details TEXT   NOT NULL,
    PRIMARY KEY (key_id, version)
);

-- A migration that two processes run at once fails in one of them as a whole.
CREATE UNIQUE INDEX odoograph_migrations_once ON odoograph_migrations (version_id);
