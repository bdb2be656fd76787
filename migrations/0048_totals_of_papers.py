"""The papers of each day of issue, added up: the months of papers added up a million of them each time.

The database adds a paper in the transaction that issues it, and papers are never changed. They are numbered one after another anyway, so
nobody waits for a day's row who did not wait before. Until the sums of those that are there are written, none is issued.
"""

from portal.store.migrations import create_trigger, execute

TABLE = """CREATE TABLE invoice_day (
    id {id}, issued_on DATE NOT NULL, tax_percent INTEGER NOT NULL, kind VARCHAR(16) NOT NULL, papers BIGINT NOT NULL,
    total_yen BIGINT NOT NULL, tax_yen BIGINT NOT NULL, UNIQUE (issued_on, tax_percent, kind)
)"""
COLUMNS = "INSERT INTO invoice_day (issued_on, tax_percent, kind, papers, total_yen, tax_yen)"
ADD = f"""{COLUMNS} VALUES (NEW.issued_on, NEW.tax_percent, NEW.kind, 1, NEW.total_yen, NEW.tax_yen)
    ON CONFLICT (issued_on, tax_percent, kind) DO UPDATE SET papers = invoice_day.papers + 1,
    total_yen = invoice_day.total_yen + excluded.total_yen, tax_yen = invoice_day.tax_yen + excluded.tax_yen"""
TAKE_OFF = """UPDATE invoice_day SET papers = papers - 1, total_yen = total_yen - OLD.total_yen, tax_yen = tax_yen - OLD.tax_yen
    WHERE issued_on = OLD.issued_on AND tax_percent = OLD.tax_percent AND kind = OLD.kind"""
WRITTEN = """ SELECT issued_on, tax_percent, kind, COUNT(*), SUM(total_yen), SUM(tax_yen) FROM invoice
    GROUP BY issued_on, tax_percent, kind ORDER BY issued_on, tax_percent, kind"""


def up(migrator, db):
    execute(db, TABLE)
    create_trigger(db, "invoice_counted", "INSERT ON invoice", ADD)
    create_trigger(db, "invoice_not_counted", "DELETE ON invoice", TAKE_OFF)  # a demo deletes them
    db.execute_sql(COLUMNS + WRITTEN)
