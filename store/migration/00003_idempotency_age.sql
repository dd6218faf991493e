-- +goose Up

-- When the work may have been begun last, 0 when nobody said.
ALTER TABLE idempotency_keys ADD COLUMN begun_at BIGINT NOT NULL DEFAULT 0;
