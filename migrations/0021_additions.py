"""Orders of kind `add`: one draft and one placed order for each thing that is added; devices added during a term; the switches."""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

STATEMENTS = """
ALTER TABLE "order" ADD COLUMN adds VARCHAR(255) NOT NULL DEFAULT '' CHECK ((adds <> '') = (kind = 'add'));
ALTER TABLE "order" ADD COLUMN keeps_method BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE subscription ADD COLUMN part_of_id {key} REFERENCES subscription(id);
ALTER TABLE subscription ADD COLUMN switched_on DATE;
ALTER TABLE order_line ADD COLUMN part_of_id {key} REFERENCES subscription(id) CHECK (part_of_id IS NULL OR subscription_id IS NULL);
DROP INDEX one_draft_of_a_kind;
CREATE UNIQUE INDEX one_draft_of_a_kind ON "order"(account_id, kind, adds) WHERE state = 'draft';
CREATE UNIQUE INDEX one_placed_addition ON "order"(account_id, adds) WHERE state = 'placed' AND kind = 'add';
DROP INDEX one_of_a_product;
CREATE UNIQUE INDEX one_of_a_product ON subscription(account_id, product)
    WHERE kind <> 'certificate' AND ended_on IS NULL AND part_of_id IS NULL;
CREATE INDEX subscription_part ON subscription(part_of_id) WHERE part_of_id IS NOT NULL;
CREATE INDEX subscription_running_part ON subscription(id) WHERE part_of_id IS NOT NULL AND ended_on IS NULL;
CREATE INDEX order_addition ON "order"(id) WHERE kind = 'add' AND state = 'placed';
"""

ON_POSTGRESQL = """
ALTER TABLE confirmation DROP CONSTRAINT confirmation_about_check;
ALTER TABLE confirmation ADD CHECK (about IN ('order', 'reservation', 'method', 'switch'));
"""

ON_SQLITE = """
CREATE TABLE confirmation_next (
    id {id}, account_id {key} NOT NULL REFERENCES account(id),
    about VARCHAR(16) NOT NULL CHECK (about IN ('order', 'reservation', 'method', 'switch')),
    order_id {key} REFERENCES "order"(id), payment_id {key} UNIQUE REFERENCES payment(id), content TEXT NOT NULL,
    sha256 CHAR(64) NOT NULL, accepted_at {instant} NOT NULL, address VARCHAR(64) NOT NULL, browser VARCHAR(255) NOT NULL,
    CHECK ((about = 'order') = (order_id IS NOT NULL)));
INSERT INTO confirmation_next SELECT id, account_id, about, order_id, payment_id, content, sha256, accepted_at, address, browser
    FROM confirmation;
DROP TABLE confirmation;
ALTER TABLE confirmation_next RENAME TO confirmation;
CREATE INDEX confirmation_order ON confirmation(order_id);
CREATE INDEX confirmation_account ON confirmation(account_id)
"""


def up(migrator, db):
    execute(db, STATEMENTS + (ON_POSTGRESQL if isinstance(db, PostgresqlDatabase) else ON_SQLITE))
