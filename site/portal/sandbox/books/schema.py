"""The sandbox's tables. The columns of charge, wallet_entry and bank_line are documented: external checks read them."""

TABLES = """
CREATE TABLE IF NOT EXISTS demo_clock (id INTEGER PRIMARY KEY CHECK (id = 1), offset_days INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS demo_start (id INTEGER PRIMARY KEY CHECK (id = 1), first_day TEXT NOT NULL, is_filled INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS demo_turn (
    id INTEGER PRIMARY KEY CHECK (id = 1), from_day TEXT NOT NULL, to_day TEXT NOT NULL, after_event INTEGER NOT NULL, until_event INTEGER
);

CREATE TABLE IF NOT EXISTS card_setup (
    id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, return_url TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'asked', 'done', 'failed')), code TEXT NOT NULL DEFAULT '', opened_at TEXT NOT NULL,
    outcome TEXT, brand TEXT, last4 TEXT, expires TEXT, card_token TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS one_live_setup ON card_setup (reference) WHERE state IN ('open', 'asked');
CREATE INDEX IF NOT EXISTS setups_of_reference ON card_setup (reference, id);

CREATE TABLE IF NOT EXISTS demo_tour (
    step INTEGER PRIMARY KEY, login TEXT NOT NULL, from_day TEXT NOT NULL, to_day TEXT NOT NULL, after_event INTEGER NOT NULL,
    until_event INTEGER NOT NULL, picture TEXT NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS visit_binding (
    token TEXT PRIMARY KEY, shop TEXT NOT NULL, customer TEXT NOT NULL, browser_hash TEXT, code_hash TEXT
);

CREATE TABLE IF NOT EXISTS card (
    token TEXT PRIMARY KEY, outcome TEXT NOT NULL, brand TEXT NOT NULL, last4 TEXT NOT NULL CHECK (length(last4) = 4),
    expires TEXT NOT NULL, is_removed INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS charge (
    key TEXT PRIMARY KEY, yen INTEGER NOT NULL CHECK (yen >= 0), state TEXT NOT NULL CHECK (state IN ('paid', 'refused', 'refunded')),
    at TEXT NOT NULL, reference TEXT NOT NULL UNIQUE, token TEXT, code TEXT NOT NULL DEFAULT '',
    is_retryable INTEGER NOT NULL DEFAULT 0, is_silent INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS charges_of_card ON charge (token);

CREATE TABLE IF NOT EXISTS card_refund (
    key TEXT PRIMARY KEY, reference TEXT NOT NULL, yen INTEGER NOT NULL CHECK (yen > 0), at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS refunds_of_charge ON card_refund (reference);

CREATE TABLE IF NOT EXISTS card_proof (
    token TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, card_token TEXT NOT NULL, yen INTEGER NOT NULL, return_url TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS card_dispute (
    number TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, yen INTEGER NOT NULL CHECK (yen > 0),
    state TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')), opened_at TEXT NOT NULL, respond_by TEXT NOT NULL, closed_at TEXT
);

CREATE TABLE IF NOT EXISTS webhook (
    id TEXT NOT NULL, copy INTEGER NOT NULL, body TEXT NOT NULL, due_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, is_done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, copy)
);
CREATE INDEX IF NOT EXISTS webhooks_due ON webhook (due_at) WHERE is_done = 0;

CREATE TABLE IF NOT EXISTS wallet_entry (
    wallet_id TEXT NOT NULL, key TEXT NOT NULL, yen INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (wallet_id, key)
);

CREATE UNIQUE INDEX IF NOT EXISTS one_debit_per_key ON wallet_entry (key) WHERE yen < 0;
CREATE INDEX IF NOT EXISTS points_of_wallet ON wallet_entry (wallet_id, yen);

CREATE TABLE IF NOT EXISTS wallet_visit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, return_url TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'named', 'signed_in', 'done', 'failed')), code TEXT NOT NULL DEFAULT '',
    opened_at TEXT NOT NULL, wallet_id TEXT NOT NULL DEFAULT '', link_token TEXT, purchases INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS one_live_visit ON wallet_visit (reference) WHERE state IN ('open', 'named', 'signed_in');
CREATE INDEX IF NOT EXISTS visits_of_reference ON wallet_visit (reference, id);

CREATE TABLE IF NOT EXISTS wallet_link (token TEXT PRIMARY KEY, wallet_id TEXT NOT NULL, is_removed INTEGER NOT NULL DEFAULT 0);

CREATE TABLE IF NOT EXISTS wallet_mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT, wallet_id TEXT NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS mails_of_wallet ON wallet_mail (wallet_id, id);

CREATE TABLE IF NOT EXISTS wallet_debit (
    key TEXT PRIMARY KEY, yen INTEGER NOT NULL CHECK (yen >= 0), state TEXT NOT NULL CHECK (state IN ('paid', 'refused', 'refunded')),
    at TEXT NOT NULL, reference TEXT NOT NULL UNIQUE, token TEXT, code TEXT NOT NULL DEFAULT '',
    is_retryable INTEGER NOT NULL DEFAULT 0, is_silent INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS debit_refund (
    key TEXT PRIMARY KEY, reference TEXT NOT NULL, yen INTEGER NOT NULL CHECK (yen > 0), at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS refunds_of_debit ON debit_refund (reference);

CREATE TABLE IF NOT EXISTS wallet_try (
    id INTEGER PRIMARY KEY AUTOINCREMENT, wallet_hash TEXT NOT NULL, address TEXT NOT NULL, is_right INTEGER NOT NULL, at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS tries_at ON wallet_try (at);

CREATE TABLE IF NOT EXISTS bank_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT, booked_on TEXT NOT NULL, valued_on TEXT NOT NULL, yen INTEGER NOT NULL,
    payer TEXT NOT NULL, number TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS bank_line_code (line INTEGER PRIMARY KEY, code TEXT NOT NULL);
"""

TRIGGERS = (
    """
    CREATE TRIGGER IF NOT EXISTS no_wallet_below_zero BEFORE INSERT ON wallet_entry
    WHEN NEW.yen < 0 AND (SELECT COALESCE(SUM(yen), 0) FROM wallet_entry WHERE wallet_id = NEW.wallet_id) + NEW.yen < 0
    BEGIN SELECT RAISE(ABORT, 'a wallet would fall below zero'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS no_wallet_entry_changes BEFORE UPDATE ON wallet_entry
    BEGIN SELECT RAISE(ABORT, 'a wallet entry is never changed'); END
    """,
)
STATEMENTS = (*(part for part in TABLES.split(";") if part.strip()), *TRIGGERS)

NAMES = (
    *("demo_clock", "demo_start", "demo_turn", "demo_tour", "visit_binding", "card_setup", "card", "charge", "card_refund", "webhook"),
    *("card_proof", "card_dispute"),
    *("wallet_entry", "wallet_visit", "wallet_link", "wallet_debit", "wallet_mail", "debit_refund", "wallet_try", "bank_line"),
    "bank_line_code",
)
