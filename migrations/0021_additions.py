"""Orders of kind `add`: one draft and one placed order for each thing that is added; devices added during a term; the switches."""

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
CREATE INDEX subscription_part ON subscription(part_of_id) WHERE part_of_id IS NOT NULL
"""


def up(migrator, db):
    execute(db, STATEMENTS)
