"""The figures of a day against the rows that they lead to, and against the audit views."""

from datetime import date

from portal.actions.staff import day
from portal.enums import DayPart
from portal.store import database as store

VIEWS = {  # part: how many and how many yen the audit views have on that day
    DayPart.CARDS: "SELECT COUNT(*), SUM(yen) FROM audit_receipts WHERE source = 'card' AND received_on = '{day}'",
    DayPart.WALLETS: "SELECT COUNT(*), SUM(yen) FROM audit_receipts WHERE source = 'wallet' AND received_on = '{day}'",
    DayPart.RETURNED: "SELECT COUNT(*), -SUM(yen) FROM audit_receipts WHERE source = 'returned' AND received_on = '{day}'",
    DayPart.PAID: "SELECT COUNT(*), SUM(total_yen) FROM audit_orders WHERE paid_on = '{day}' AND state <> 'draft'",
    DayPart.DUE: """SELECT COUNT(*), SUM(total_yen - COALESCE((SELECT SUM(yen) FROM audit_receipts WHERE order_number = o.number
        AND source <> 'returned'), 0)) FROM audit_orders o WHERE method = 'bank' AND state = 'placed' AND due_on = '{day}'""",
}


def wrong_figures(chosen: date) -> list[str]:
    """Of the day: a figure that is not its rows, or not what the audit views have."""
    found, wrong = day.figures(chosen), []
    for part, figure in found.items():
        rows, page = [], 1
        while True:
            listed = day.rows(part, chosen, page)
            rows, page = [*rows, *listed.rows], page + 1
            if not listed.has_more:
                break
        if (figure.rows, figure.yen) != (len(rows), sum(row.yen for row in rows)):
            wrong.append(f"{part}: {figure} and {len(rows)} rows")
    for part, statement in VIEWS.items():
        count, yen = store.database.execute_sql(statement.format(day=chosen)).fetchone()
        if (found[part].rows, found[part].yen) != (count, int(yen or 0)):
            wrong.append(f"{part}: {found[part]} and {count} of {yen} yen in the views")
    return wrong
