"""What payment companies send to our bank account (Stripe: payouts), each with what it is made of and its line in the bank's file. Yen."""

from portal.store.migrations import execute

TABLE = """
CREATE TABLE remittance (
    id {id}, method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')), company VARCHAR(64) NOT NULL,
    number VARCHAR(255) NOT NULL, yen BIGINT NOT NULL CHECK (yen <> 0), arrives_on DATE NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('on_way', 'sent', 'failed')),
    charged_yen BIGINT, refunded_yen BIGINT, disputed_yen BIGINT, fee_yen BIGINT, other_yen BIGINT,
    bank_line_id {key} UNIQUE REFERENCES bank_line(id), seen_at {instant} NOT NULL,
    UNIQUE (company, number), CHECK ((charged_yen IS NULL) = (refunded_yen IS NULL)),
    CHECK ((charged_yen IS NULL) = (disputed_yen IS NULL)),
    CHECK ((charged_yen IS NULL) = (fee_yen IS NULL)), CHECK ((charged_yen IS NULL) = (other_yen IS NULL)));
CREATE INDEX remittance_arrival ON remittance(arrives_on DESC, id DESC);
CREATE INDEX bank_line_day ON bank_line(booked_on, yen)
"""


def up(migrator, db):
    execute(db, TABLE)
