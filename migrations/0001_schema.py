"""The schema of version 0.2.0 with its constraints, for SQLite and PostgreSQL.

A released migration is never edited: each change is a new file, and a test upgrades every release with data.
"""

from portal.store.migrations import execute

PEOPLE = """
CREATE TABLE installation (
    id {id}, installation_id VARCHAR(64) NOT NULL, is_demo BOOLEAN NOT NULL, catalog_sha256 CHAR(64), CHECK (id = 1));

CREATE TABLE account (
    id {id}, login VARCHAR(64) NOT NULL UNIQUE, password_hash VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL, plan VARCHAR(64) NOT NULL, created_at {instant} NOT NULL,
    CHECK (login = lower(login)));

CREATE TABLE staff (
    id {id}, login VARCHAR(64) NOT NULL UNIQUE, password_hash VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL,
    totp_secret VARCHAR(64) NOT NULL, totp_step BIGINT NOT NULL, is_active BOOLEAN NOT NULL, created_at {instant} NOT NULL,
    CHECK (login = lower(login)));

CREATE TABLE recovery_code (
    id {id}, staff_id {key} NOT NULL REFERENCES staff(id), code_hash CHAR(64) NOT NULL, used_at {instant},
    UNIQUE (staff_id, code_hash));

CREATE TABLE session (
    token_hash CHAR(64) NOT NULL PRIMARY KEY, account_id {key} REFERENCES account(id), staff_id {key} REFERENCES staff(id),
    data TEXT NOT NULL, created_at {instant} NOT NULL, seen_at {instant} NOT NULL);
CREATE INDEX session_account ON session(account_id);
CREATE INDEX session_staff ON session(staff_id);
CREATE INDEX session_seen ON session(seen_at);

CREATE TABLE sign_in_attempt (
    id {id}, login_hash CHAR(64) NOT NULL, address VARCHAR(64) NOT NULL, device VARCHAR(64), at {instant} NOT NULL);
CREATE INDEX sign_in_attempt_login ON sign_in_attempt(login_hash, at);
CREATE INDEX sign_in_attempt_address ON sign_in_attempt(address, at);
CREATE INDEX sign_in_attempt_at ON sign_in_attempt(at);
"""

ORDERS = """
CREATE TABLE "order" (
    id {id}, number VARCHAR(16) NOT NULL UNIQUE, account_id {key} NOT NULL REFERENCES account(id),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('new', 'renew', 'change', 'auto', 'add')),
    state VARCHAR(16) NOT NULL CHECK (state IN ('draft', 'placed', 'paid', 'cancelled', 'expired')),
    typed TEXT NOT NULL, revision INTEGER NOT NULL,
    method VARCHAR(16) CHECK (method IN ('card', 'wallet', 'bank')), plan VARCHAR(64),
    total_yen BIGINT CHECK (total_yen > 0), tax_yen BIGINT CHECK (tax_yen >= 0 AND tax_yen < total_yen), tax_percent INTEGER,
    created_at {instant} NOT NULL, placed_at {instant}, wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25)),
    due_on DATE, paid_on DATE, renews_end DATE, closed_on DATE,
    CHECK (state IN ('draft', 'cancelled') OR (method IS NOT NULL AND plan IS NOT NULL AND total_yen IS NOT NULL
        AND tax_yen IS NOT NULL AND tax_percent IS NOT NULL AND placed_at IS NOT NULL)),
    CHECK ((state = 'paid') = (paid_on IS NOT NULL)));
CREATE INDEX order_account ON "order"(account_id, state);
CREATE INDEX order_placed ON "order"(placed_at) WHERE state = 'placed';
CREATE INDEX order_awaited ON "order"(due_on) WHERE state = 'placed' AND method = 'bank';
CREATE UNIQUE INDEX one_draft_of_a_kind ON "order"(account_id, kind) WHERE state = 'draft';
CREATE UNIQUE INDEX one_placed_order ON "order"(account_id) WHERE state = 'placed' AND kind IN ('new', 'renew', 'change', 'auto');
CREATE UNIQUE INDEX one_automatic_order ON "order"(account_id, renews_end) WHERE kind = 'auto' AND state IN ('placed', 'paid');

CREATE TABLE subscription (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), product VARCHAR(64) NOT NULL,
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('server', 'option', 'per_device', 'certificate')), variant VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0), renews BOOLEAN NOT NULL, stopped_on DATE,
    stopped_until DATE, ended_on DATE, created_at {instant} NOT NULL,
    CHECK ((stopped_on IS NULL) = (stopped_until IS NULL)), CHECK (stopped_until >= stopped_on));
CREATE INDEX subscription_account ON subscription(account_id);
CREATE UNIQUE INDEX one_of_a_product ON subscription(account_id, product) WHERE kind <> 'certificate' AND ended_on IS NULL;

CREATE TABLE order_line (
    id {id}, order_id {key} NOT NULL REFERENCES "order"(id), position INTEGER NOT NULL, product VARCHAR(64) NOT NULL,
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('server', 'option', 'per_device', 'certificate')),
    variant VARCHAR(64) NOT NULL, name VARCHAR(255) NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0),
    months INTEGER NOT NULL CHECK (months > 0), monthly_yen BIGINT, yen BIGINT NOT NULL CHECK (yen >= 0),
    starts_on DATE NOT NULL, ends_on DATE NOT NULL, subscription_id {key} REFERENCES subscription(id), is_last_time BOOLEAN NOT NULL,
    renews_by_default BOOLEAN NOT NULL,
    CHECK (ends_on >= starts_on), UNIQUE (order_id, position));
CREATE INDEX order_line_subscription ON order_line(subscription_id);

CREATE TABLE consent (
    id {id}, order_id {key} NOT NULL REFERENCES "order"(id), document VARCHAR(64) NOT NULL, version VARCHAR(64) NOT NULL,
    title VARCHAR(255) NOT NULL, sha256 CHAR(64) NOT NULL, agreed_at {instant} NOT NULL, UNIQUE (order_id, document));
"""

PAYMENTS = """
CREATE TABLE payment_method (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')),
    company VARCHAR(64) NOT NULL, token VARCHAR(255), label VARCHAR(255) NOT NULL, brand VARCHAR(64), last4 CHAR(4), expires DATE,
    state VARCHAR(16) NOT NULL CHECK (state IN ('ready', 'active', 'detaching', 'detached')),
    tries INTEGER NOT NULL CHECK (tries >= 0), next_try_at {instant}, created_at {instant} NOT NULL,
    UNIQUE (id, method), UNIQUE (account_id, method, company, token),
    CHECK (method <> 'card' OR (brand IS NOT NULL AND last4 IS NOT NULL AND expires IS NOT NULL)),
    CHECK ((state = 'detached') = (token IS NULL)), CHECK ((state = 'detaching') = (next_try_at IS NOT NULL)));
CREATE INDEX payment_method_account ON payment_method(account_id);
CREATE INDEX payment_method_to_detach ON payment_method(next_try_at) WHERE state = 'detaching';
CREATE UNIQUE INDEX one_wallet ON payment_method(account_id) WHERE method = 'wallet' AND state = 'active';

CREATE TABLE payment_method_setup (
    id {id}, reference VARCHAR(64) NOT NULL UNIQUE, account_id {key} NOT NULL REFERENCES account(id),
    order_id {key} REFERENCES "order"(id), method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')),
    state VARCHAR(16) NOT NULL CHECK (state IN ('open', 'ready', 'used', 'failed')), address VARCHAR(2000) NOT NULL,
    payment_method_id {key}, wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25)), code VARCHAR(64),
    created_at {instant} NOT NULL, FOREIGN KEY (payment_method_id, method) REFERENCES payment_method(id, method),
    CHECK (state NOT IN ('ready', 'used') OR payment_method_id IS NOT NULL));
CREATE INDEX payment_method_setup_order ON payment_method_setup(order_id);
CREATE INDEX payment_method_setup_account ON payment_method_setup(account_id);
CREATE INDEX card_left ON payment_method_setup(created_at) WHERE method = 'card' AND state IN ('open', 'ready');

CREATE TABLE payment (
    id {id}, order_id {key} NOT NULL REFERENCES "order"(id), attempt INTEGER NOT NULL CHECK (attempt > 0),
    method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')), key VARCHAR(128) NOT NULL UNIQUE,
    yen BIGINT NOT NULL CHECK (yen > 0),
    state VARCHAR(16) NOT NULL CHECK (state IN ('created', 'submitted', 'unknown', 'succeeded', 'declined', 'abandoned')),
    setup_id {key} UNIQUE REFERENCES payment_method_setup(id), payment_method_id {key} NOT NULL,
    company_reference VARCHAR(255), code VARCHAR(64), is_final BOOLEAN NOT NULL,
    lookups INTEGER NOT NULL, next_lookup_at {instant} NOT NULL, created_at {instant} NOT NULL, updated_at {instant} NOT NULL,
    FOREIGN KEY (payment_method_id, method) REFERENCES payment_method(id, method),
    UNIQUE (order_id, attempt), CHECK (state <> 'succeeded' OR company_reference IS NOT NULL));
CREATE UNIQUE INDEX one_live_attempt ON payment(order_id) WHERE state IN ('created', 'submitted', 'unknown');
CREATE UNIQUE INDEX one_succeeded_payment ON payment(order_id) WHERE state = 'succeeded';
CREATE INDEX payment_to_ask_about ON payment(next_lookup_at) WHERE state IN ('created', 'submitted', 'unknown');

CREATE TABLE confirmation (
    id {id}, account_id {key} NOT NULL REFERENCES account(id),
    about VARCHAR(16) NOT NULL CHECK (about IN ('order', 'reservation', 'method')),
    order_id {key} REFERENCES "order"(id), payment_id {key} UNIQUE REFERENCES payment(id), content TEXT NOT NULL,
    sha256 CHAR(64) NOT NULL, accepted_at {instant} NOT NULL, address VARCHAR(64) NOT NULL, browser VARCHAR(255) NOT NULL,
    CHECK ((about = 'order') = (order_id IS NOT NULL)));
CREATE INDEX confirmation_order ON confirmation(order_id);
CREATE INDEX confirmation_account ON confirmation(account_id);

CREATE TABLE webhook_event (
    id {id}, company VARCHAR(64) NOT NULL, event_id VARCHAR(255) NOT NULL, body TEXT NOT NULL, received_at {instant} NOT NULL,
    UNIQUE (company, event_id));
"""

TRANSFERS = """
CREATE TABLE transfer_report (
    id {id}, order_id {key} NOT NULL UNIQUE REFERENCES "order"(id), payer VARCHAR(255) NOT NULL, paid_on DATE NOT NULL,
    reported_at {instant} NOT NULL);

CREATE TABLE deposit (
    id {id}, number VARCHAR(16) NOT NULL UNIQUE, booked_on DATE NOT NULL, valued_on DATE NOT NULL, yen BIGINT NOT NULL CHECK (yen > 0),
    payer VARCHAR(255) NOT NULL, form_token VARCHAR(64) NOT NULL UNIQUE, staff_id {key} NOT NULL REFERENCES staff(id),
    created_at {instant} NOT NULL);
CREATE INDEX deposit_same ON deposit(yen, booked_on);

CREATE TABLE allocation (
    id {id}, number VARCHAR(16) NOT NULL UNIQUE, source VARCHAR(16) NOT NULL CHECK (source IN ('card', 'wallet', 'bank')),
    company_reference VARCHAR(255) NOT NULL, yen BIGINT NOT NULL CHECK (yen > 0), order_id {key} REFERENCES "order"(id),
    deposit_id {key} REFERENCES deposit(id), received_on DATE NOT NULL, created_at {instant} NOT NULL,
    UNIQUE (source, company_reference, order_id));
CREATE INDEX allocation_order ON allocation(order_id);
CREATE INDEX allocation_deposit ON allocation(deposit_id);
CREATE UNIQUE INDEX one_rest_of_a_deposit ON allocation(deposit_id) WHERE order_id IS NULL;
CREATE UNIQUE INDEX one_company_reference ON allocation(source, company_reference) WHERE source IN ('card', 'wallet');
"""

# Each term starts on the day after the previous one, so the terms of a subscription have no overlap and no gap.
RENEWALS = """
CREATE TABLE term (
    id {id}, subscription_id {key} NOT NULL REFERENCES subscription(id), starts_on DATE NOT NULL, ends_on DATE NOT NULL,
    order_id {key} NOT NULL REFERENCES "order"(id), order_line_id {key} NOT NULL UNIQUE REFERENCES order_line(id),
    previous_term_id {key} UNIQUE REFERENCES term(id), previous_ends_on DATE,
    CHECK (ends_on >= starts_on), UNIQUE (subscription_id, starts_on), UNIQUE (id, subscription_id, ends_on),
    CHECK ((previous_term_id IS NULL) = (previous_ends_on IS NULL)),
    CHECK (previous_ends_on IS NULL OR starts_on = {day_after_previous}),
    FOREIGN KEY (previous_term_id, subscription_id, previous_ends_on) REFERENCES term(id, subscription_id, ends_on));
CREATE UNIQUE INDEX one_first_term ON term(subscription_id) WHERE previous_term_id IS NULL;
CREATE INDEX term_order ON term(order_id);

CREATE TABLE renewal_setting (
    id {id}, account_id {key} NOT NULL UNIQUE REFERENCES account(id),
    method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')), wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25)),
    payment_method_id {key} NOT NULL, set_on DATE NOT NULL, updated_at {instant} NOT NULL,
    FOREIGN KEY (payment_method_id, method) REFERENCES payment_method(id, method), CHECK (method <> 'wallet' OR wallet_day IS NOT NULL));

CREATE TABLE reservation (
    id {id}, account_id {key} NOT NULL UNIQUE REFERENCES account(id), ends_on DATE NOT NULL, typed TEXT NOT NULL, content TEXT NOT NULL,
    yen BIGINT NOT NULL CHECK (yen > 0), made_at {instant} NOT NULL);

CREATE TABLE announcement (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), ends_on DATE NOT NULL, charge_on DATE,
    yen BIGINT NOT NULL CHECK (yen > 0), content TEXT NOT NULL, announced_on DATE NOT NULL, UNIQUE (account_id, ends_on));

CREATE TABLE sent_notice (
    id {id}, account_id {key} NOT NULL REFERENCES account(id),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('notice', 'moved', 'card', 'hand', 'end', 'deletion', 'reset')),
    subscription_id {key} REFERENCES subscription(id), ends_on DATE, which VARCHAR(16) NOT NULL, written_at {instant} NOT NULL,
    CHECK ((subscription_id IS NOT NULL) = (kind IN ('end', 'deletion'))), CHECK ((ends_on IS NULL) = (kind = 'reset')));
CREATE INDEX sent_notice_account ON sent_notice(account_id, ends_on);
CREATE UNIQUE INDEX one_notice ON sent_notice(account_id, kind, ends_on, which) WHERE subscription_id IS NULL;
CREATE UNIQUE INDEX one_notice_of_a_subscription ON sent_notice(subscription_id, kind, ends_on) WHERE subscription_id IS NOT NULL;

CREATE TABLE schedule (
    account_id {key} NOT NULL PRIMARY KEY REFERENCES account(id), due_on DATE NOT NULL, fence INTEGER NOT NULL, lease_until {instant});
CREATE INDEX schedule_due ON schedule(due_on);
"""

# The indexes for sending contain only unsent rows, so they stay small.
OUTGOING = """
CREATE TABLE hosting_event (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), subscription_id {key} NOT NULL REFERENCES subscription(id),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('start', 'extension', 'resume', 'stop', 'end')),
    product VARCHAR(64) NOT NULL, variant VARCHAR(64) NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0), starts_on DATE, ends_on DATE, order_number VARCHAR(16),
    key VARCHAR(128) NOT NULL UNIQUE, body TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries INTEGER NOT NULL CHECK (tries >= 0), pauses INTEGER NOT NULL CHECK (pauses >= 0),
    next_try_at {instant} NOT NULL, trying_since {instant}, claimed_until {instant},
    created_at {instant} NOT NULL, sent_at {instant}, last_error TEXT NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK ((state = 'sending') = (claimed_until IS NOT NULL)), CHECK ((state = 'sent') = (sent_at IS NOT NULL)));
CREATE INDEX hosting_event_to_send ON hosting_event(next_try_at, id) WHERE state <> 'sent';
CREATE INDEX hosting_event_order ON hosting_event(subscription_id, id) WHERE state <> 'sent';

CREATE TABLE mail (
    id {id}, kind VARCHAR(32) NOT NULL, entity VARCHAR(128) NOT NULL, recipient VARCHAR(255) NOT NULL,
    account_id {key} REFERENCES account(id), message_id VARCHAR(255) NOT NULL UNIQUE,
    subject VARCHAR(255) NOT NULL, body TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'withdrawn')),
    tries INTEGER NOT NULL CHECK (tries >= 0), pauses INTEGER NOT NULL CHECK (pauses >= 0),
    next_try_at {instant} NOT NULL, trying_since {instant}, claimed_until {instant},
    created_at {instant} NOT NULL, sent_at {instant}, last_error TEXT NOT NULL, good_until DATE,
    UNIQUE (kind, entity, recipient),
    CHECK ((state = 'sending') = (claimed_until IS NOT NULL)), CHECK (state <> 'sent' OR sent_at IS NOT NULL));
CREATE INDEX mail_account ON mail(account_id, id);
CREATE INDEX mail_to_send ON mail(next_try_at) WHERE state IN ('waiting', 'sending');

CREATE TABLE event (
    id {id}, account_id {key} REFERENCES account(id), entity VARCHAR(64) NOT NULL,
    from_state VARCHAR(16), to_state VARCHAR(16) NOT NULL, actor VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL, at {instant} NOT NULL);
CREATE INDEX event_entity ON event(entity);
"""

AUDIT_VIEWS = """
CREATE VIEW audit_orders AS SELECT o.number, a.login AS account, o.kind, o.method, o.total_yen, o.tax_yen, o.state, o.placed_at, o.due_on,
    o.paid_on FROM "order" o JOIN account a ON a.id = o.account_id;
CREATE VIEW audit_lines AS SELECT o.number AS order_number, l.product, l.variant, l.quantity, l.months, l.yen, l.starts_on, l.ends_on
    FROM order_line l JOIN "order" o ON o.id = l.order_id;
CREATE VIEW audit_payments AS SELECT o.number AS order_number, p.attempt, p.method, p.key, p.yen, p.state, p.company_reference,
    p.created_at, p.updated_at FROM payment p JOIN "order" o ON o.id = p.order_id;
CREATE VIEW audit_receipts AS SELECT r.number, r.source, r.source || ':' || r.company_reference AS company_reference, r.yen,
    o.number AS order_number, r.received_on FROM allocation r LEFT JOIN "order" o ON o.id = r.order_id;
CREATE VIEW audit_terms AS SELECT a.login AS account, s.id AS subscription, s.product, t.starts_on, t.ends_on, o.number AS order_number
    FROM term t JOIN subscription s ON s.id = t.subscription_id JOIN account a ON a.id = s.account_id JOIN "order" o ON o.id = t.order_id;
CREATE VIEW audit_mails AS SELECT kind, entity, recipient, message_id, state, tries FROM mail;
CREATE VIEW audit_history AS SELECT entity, from_state, to_state, actor, reason, at FROM event;
"""


def up(migrator, db):
    execute(db, PEOPLE + ORDERS + PAYMENTS + TRANSFERS + RENEWALS + OUTGOING + AUDIT_VIEWS)
