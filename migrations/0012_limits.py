"""One table of what is counted against limits, instead of one for sign-ins alone; until when an order waits because of a limit."""

from portal.store.migrations import execute

COUNTED = """
DROP TABLE sign_in_attempt;
CREATE TABLE counted_try (
    id {id}, kind VARCHAR(32) NOT NULL, who VARCHAR(80) NOT NULL, network VARCHAR(64) NOT NULL, browser VARCHAR(64), press VARCHAR(64),
    at {instant} NOT NULL);
CREATE INDEX counted_try_who ON counted_try(kind, who, at);
CREATE INDEX counted_try_network ON counted_try(kind, network, at);
CREATE INDEX counted_try_kind ON counted_try(kind, at);
ALTER TABLE "order" ADD COLUMN waits_until {instant};
CREATE INDEX event_limits ON event(at) WHERE to_state = 'limit reached'
"""


def up(migrator, db):
    execute(db, COUNTED)
