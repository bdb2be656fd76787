"""Renewals: terms that follow one another, what an automatic charge was announced and reserved as, and when to look at an account again.

An entry and a confirmation need no order any more (a method can be changed, a renewal reserved without one); a mail that has become
untrue is withdrawn. SQLite cannot change a table's rules, so these tables are made anew there.
"""

from peewee import PostgresqlDatabase

ENTRY = """
CREATE TABLE entry (
    id {id}, reference VARCHAR(64) NOT NULL UNIQUE, account_id {key} NOT NULL REFERENCES account(id),
    order_id {key} REFERENCES "order"(id), method VARCHAR(16) NOT NULL DEFAULT 'card' CHECK (method IN ('card', 'wallet')),
    state VARCHAR(16) NOT NULL CHECK (state IN ('open', 'ready', 'used', 'failed')), address VARCHAR(2000) NOT NULL,
    token VARCHAR(255), brand VARCHAR(64), last4 CHAR(4), expires DATE, label VARCHAR(255),
    wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25)), code VARCHAR(64), created_at {instant} NOT NULL,
    CHECK (state NOT IN ('ready', 'used') OR token IS NOT NULL));
CREATE INDEX entry_order ON entry(order_id);
CREATE INDEX entry_account ON entry(account_id)
"""
ENTRY_COLUMNS = (
    "id, reference, {account}, order_id, method, state, address, token, brand, last4, expires, label, wallet_day, code, created_at"
)

CONFIRMATION = """
CREATE TABLE confirmation (
    id {id}, account_id {key} NOT NULL REFERENCES account(id),
    about VARCHAR(16) NOT NULL CHECK (about IN ('order', 'reservation', 'method')),
    order_id {key} REFERENCES "order"(id), payment_id {key} UNIQUE REFERENCES payment(id), content TEXT NOT NULL,
    sha256 CHAR(64) NOT NULL, accepted_at {instant} NOT NULL, address VARCHAR(64) NOT NULL, browser VARCHAR(255) NOT NULL,
    CHECK ((about = 'order') = (order_id IS NOT NULL)));
CREATE INDEX confirmation_order ON confirmation(order_id);
CREATE INDEX confirmation_account ON confirmation(account_id)
"""
CONFIRMATION_COLUMNS = "id, {account}, {about}, order_id, payment_id, content, sha256, accepted_at, address, browser"

MAIL_STATES = "state IN ('waiting', 'sending', 'sent', 'failed', 'withdrawn')"
MAIL = f"""
CREATE TABLE mail (
    id {{id}}, kind VARCHAR(32) NOT NULL, entity VARCHAR(128) NOT NULL, recipient VARCHAR(255) NOT NULL,
    account_id {{key}} REFERENCES account(id), message_id VARCHAR(255) NOT NULL UNIQUE,
    subject VARCHAR(255) NOT NULL, body TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK ({MAIL_STATES}),
    tries INTEGER NOT NULL CHECK (tries >= 0), pauses INTEGER NOT NULL CHECK (pauses >= 0),
    next_try_at {{instant}} NOT NULL, trying_since {{instant}}, claimed_until {{instant}},
    created_at {{instant}} NOT NULL, sent_at {{instant}}, last_error TEXT NOT NULL, good_until DATE,
    UNIQUE (kind, entity, recipient),
    CHECK ((state = 'sending') = (claimed_until IS NOT NULL)), CHECK (state <> 'sent' OR sent_at IS NOT NULL));
CREATE INDEX mail_account ON mail(account_id, id);
CREATE INDEX mail_to_send ON mail(next_try_at) WHERE state IN ('waiting', 'sending')
"""
MAIL_COLUMNS = (
    "id, kind, entity, recipient, account_id, message_id, subject, body, state, tries, pauses, next_try_at, trying_since,"
    " claimed_until, created_at, sent_at, last_error"
)
AUDIT_MAILS = "CREATE VIEW audit_mails AS SELECT kind, entity, recipient, message_id, state, tries FROM mail"

# Each term begins on the day after the one before it: so terms of one subscription neither overlap nor leave a gap.
TERM = """
CREATE TABLE term (
    id {id}, subscription_id {key} NOT NULL REFERENCES subscription(id), starts_on DATE NOT NULL, ends_on DATE NOT NULL,
    order_id {key} NOT NULL REFERENCES "order"(id), order_line_id {key} NOT NULL UNIQUE REFERENCES order_line(id),
    previous_term_id {key} UNIQUE REFERENCES term(id), previous_ends_on DATE,
    CHECK (ends_on >= starts_on), UNIQUE (subscription_id, starts_on), UNIQUE (id, subscription_id, ends_on),
    CHECK ((previous_term_id IS NULL) = (previous_ends_on IS NULL)),
    CHECK (previous_ends_on IS NULL OR starts_on = date(previous_ends_on, '+1 day')),
    FOREIGN KEY (previous_term_id, subscription_id, previous_ends_on) REFERENCES term(id, subscription_id, ends_on));
CREATE UNIQUE INDEX one_first_term ON term(subscription_id) WHERE previous_term_id IS NULL;
CREATE INDEX term_order ON term(order_id)
"""
TERM_COLUMNS = "id, subscription_id, starts_on, ends_on, order_id, order_line_id, previous_term_id"
AUDIT_TERMS = (
    "CREATE VIEW audit_terms AS SELECT a.login AS account, s.id AS subscription, s.product, t.starts_on, t.ends_on,"
    " o.number AS order_number FROM term t JOIN subscription s ON s.id = t.subscription_id JOIN account a ON a.id = s.account_id"
    ' JOIN "order" o ON o.id = t.order_id'
)

POSTGRESQL = f"""
ALTER TABLE entry ADD COLUMN account_id BIGINT REFERENCES account(id);
UPDATE entry SET account_id = (SELECT account_id FROM "order" o WHERE o.id = entry.order_id);
ALTER TABLE entry ALTER COLUMN account_id SET NOT NULL;
ALTER TABLE entry ALTER COLUMN order_id DROP NOT NULL;
CREATE INDEX entry_account ON entry(account_id);

ALTER TABLE confirmation ADD COLUMN account_id BIGINT REFERENCES account(id);
ALTER TABLE confirmation ADD COLUMN about VARCHAR(16) NOT NULL DEFAULT 'order' CHECK (about IN ('order', 'reservation', 'method'));
UPDATE confirmation SET account_id = (SELECT account_id FROM "order" o WHERE o.id = confirmation.order_id);
ALTER TABLE confirmation ALTER COLUMN account_id SET NOT NULL;
ALTER TABLE confirmation ALTER COLUMN order_id DROP NOT NULL;
ALTER TABLE confirmation ADD CHECK ((about = 'order') = (order_id IS NOT NULL));
CREATE INDEX confirmation_account ON confirmation(account_id);

ALTER TABLE mail DROP CONSTRAINT mail_state_check;
ALTER TABLE mail ADD CONSTRAINT mail_state_check CHECK ({MAIL_STATES});
ALTER TABLE mail ADD COLUMN good_until DATE;

ALTER TABLE term ADD COLUMN previous_ends_on DATE;
ALTER TABLE term ADD UNIQUE (id, subscription_id, ends_on);
ALTER TABLE term ADD CHECK ((previous_term_id IS NULL) = (previous_ends_on IS NULL));
ALTER TABLE term ADD CHECK (previous_ends_on IS NULL OR starts_on = previous_ends_on + 1);
ALTER TABLE term ADD FOREIGN KEY (previous_term_id, subscription_id, previous_ends_on) REFERENCES term(id, subscription_id, ends_on)
"""  # noqa: S608 (words of our own)

BOTH = """
ALTER TABLE "order" ADD COLUMN renews_end DATE;
ALTER TABLE "order" ADD COLUMN closed_on DATE;
CREATE UNIQUE INDEX one_automatic_order ON "order"(account_id, renews_end) WHERE kind = 'auto' AND state IN ('placed', 'paid');
ALTER TABLE order_line ADD COLUMN subscription_id {key} REFERENCES subscription(id);
ALTER TABLE order_line ADD COLUMN is_last_time BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE payment ADD COLUMN is_final BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE payment ADD COLUMN paid_with VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE subscription ADD COLUMN stopped_on DATE;
ALTER TABLE installation ADD COLUMN catalog_sha256 CHAR(64);
CREATE INDEX order_line_subscription ON order_line(subscription_id);

CREATE TABLE announcement (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), ends_on DATE NOT NULL, charge_on DATE NOT NULL,
    yen BIGINT NOT NULL CHECK (yen > 0), content TEXT NOT NULL, announced_on DATE NOT NULL, UNIQUE (account_id, ends_on));

CREATE TABLE reservation (
    id {id}, account_id {key} NOT NULL UNIQUE REFERENCES account(id), ends_on DATE NOT NULL, typed TEXT NOT NULL, content TEXT NOT NULL,
    yen BIGINT NOT NULL CHECK (yen > 0), made_at {instant} NOT NULL);

CREATE TABLE agenda (
    account_id {key} NOT NULL PRIMARY KEY REFERENCES account(id), look_on DATE NOT NULL, fence INTEGER NOT NULL, lease_until {instant});
CREATE INDEX agenda_due ON agenda(look_on);
INSERT INTO agenda (account_id, look_on, fence) SELECT DISTINCT account_id, date '2000-01-01', 0 FROM subscription
"""

DIALECTS = {
    "sqlite": {"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "key": "INTEGER", "instant": "DATETIME"},
    "postgresql": {"id": "BIGSERIAL PRIMARY KEY", "key": "BIGINT", "instant": "TIMESTAMP"},
}


def up(migrator, db):
    is_postgresql = isinstance(db, PostgresqlDatabase)
    dialect = DIALECTS["postgresql" if is_postgresql else "sqlite"]
    if is_postgresql:
        _run(db, POSTGRESQL)
        _run(db, BOTH.format(**dialect))
        return
    db.execute_sql("PRAGMA defer_foreign_keys = 1")
    _rebuild_for_sqlite(db, dialect)
    _run(db, BOTH.format(**dialect).replace("date '2000-01-01'", "'2000-01-01'"))


def _rebuild_for_sqlite(db, dialect):
    """Rows keep their ids, and what points at them is checked again when the migration is committed."""
    owner = '(SELECT account_id FROM "order" o WHERE o.id = order_id)'
    old, new = ENTRY_COLUMNS.format(account=owner), ENTRY_COLUMNS.format(account="account_id")
    _rebuild(db, "entry", ENTRY.format(**dialect), old, new)
    old = CONFIRMATION_COLUMNS.format(account=owner, about="'order'")
    _rebuild(db, "confirmation", CONFIRMATION.format(**dialect), old, CONFIRMATION_COLUMNS.format(account="account_id", about="about"))
    db.execute_sql("DROP VIEW audit_mails")
    _rebuild(db, "mail", MAIL.format(**dialect), MAIL_COLUMNS, MAIL_COLUMNS)
    db.execute_sql(AUDIT_MAILS)
    db.execute_sql("DROP VIEW audit_terms")
    _rebuild(db, "term", TERM.format(**dialect), TERM_COLUMNS, TERM_COLUMNS)
    db.execute_sql(AUDIT_TERMS)


def _rebuild(db, name, statements, old, new):
    db.execute_sql(f"CREATE TEMP TABLE kept AS SELECT {old} FROM {name}")  # noqa: S608 (names of our own)
    db.execute_sql(f"DROP TABLE {name}")
    _run(db, statements)
    db.execute_sql(f"INSERT INTO {name} ({new}) SELECT * FROM kept")  # noqa: S608
    db.execute_sql("DROP TABLE kept")


def _run(db, statements):
    for statement in statements.split(";"):
        db.execute_sql(statement)
