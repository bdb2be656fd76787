"""What an accountant's books need beside the rows as they stand now: what was taken back, and the balances of the bank.

`moved_money`: an allocation as it was made, when it is taken off its order, or a deposit that turned out to be no customer's money
(`source` = 'deposit'). Rows are only added, so that the entries of a day that is over never change (rules/staff/journal.py).
`statement_day`: what a bank's file says of one day of one account. Yen.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

TABLES = """
CREATE TABLE moved_money (
    id {id}, number VARCHAR(16) NOT NULL, source VARCHAR(16) NOT NULL CHECK (source IN ('card', 'wallet', 'bank', 'returned', 'deposit')),
    company_reference VARCHAR(255) NOT NULL, yen BIGINT NOT NULL, order_id {key} REFERENCES "order"(id), received_on DATE NOT NULL,
    created_at {instant} NOT NULL, moved_at {instant} NOT NULL,
    UNIQUE (number, source), CHECK (yen > 0 OR (yen < 0 AND source = 'returned')), CHECK ((source = 'deposit') = (order_id IS NULL)));
CREATE INDEX moved_money_order ON moved_money(order_id);
CREATE INDEX moved_money_made ON moved_money(created_at);
CREATE INDEX moved_money_moved ON moved_money(moved_at);
CREATE INDEX allocation_made ON allocation(created_at);
CREATE INDEX allocation_received ON allocation(received_on);
CREATE INDEX deposit_made ON deposit(created_at);
CREATE INDEX deposit_booked ON deposit(booked_on);
CREATE INDEX event_at ON event(at);

CREATE TABLE statement_day (
    id {id}, file_id {key} NOT NULL REFERENCES bank_file(id), account VARCHAR(64) NOT NULL, day DATE NOT NULL,
    opening_yen BIGINT NOT NULL, incoming_yen BIGINT NOT NULL CHECK (incoming_yen >= 0),
    outgoing_yen BIGINT NOT NULL CHECK (outgoing_yen >= 0), closing_yen BIGINT NOT NULL, UNIQUE (file_id, account, day));
CREATE INDEX statement_day_day ON statement_day(day, account);
"""

KEPT = "what was taken back is never changed or forgotten"
IN_A_DEMO = "EXISTS (SELECT 1 FROM installation WHERE is_demo)"


def up(migrator, db):
    execute(db, TABLES)
    for statement in _on_postgresql() if isinstance(db, PostgresqlDatabase) else _on_sqlite():
        db.execute_sql(statement)


def _on_sqlite():
    stop = f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    yield f"CREATE TRIGGER moved_money_unchanged BEFORE UPDATE ON moved_money {stop}"
    yield f"CREATE TRIGGER moved_money_kept BEFORE DELETE ON moved_money WHEN NOT {IN_A_DEMO} {stop}"


def _on_postgresql():
    yield f"""CREATE FUNCTION moved_money_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN IF {IN_A_DEMO} THEN RETURN OLD; END IF; END IF;
        RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    yield """CREATE TRIGGER moved_money_kept BEFORE UPDATE OR DELETE ON moved_money FOR EACH ROW EXECUTE FUNCTION moved_money_stays()"""
