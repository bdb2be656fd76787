"""Money: every yen is counted once, for one order or as money that waits."""

from portal.actions.operations.promises.contracts import CALL_US
from portal.actions.operations.promises.promise import Promise, Sum

COUNTED = """(SELECT COALESCE(SUM(a.yen), 0) FROM allocation a WHERE a.order_id = o.id AND a.source <> 'returned')"""
LOOK_AT_HISTORY = "お客様のページの履歴で、だれがいつ変えたかを確かめ、正しい金額に直してください。"

PROMISES = (
    Promise(
        "one succeeded payment",
        "1つの申し込みで成立したお支払いは、1回だけ",
        """SELECT o.number, COUNT(*), SUM(p.yen) FROM payment p JOIN "order" o ON o.id = p.order_id
            WHERE p.state = 'succeeded' GROUP BY o.number HAVING COUNT(*) > 1 ORDER BY o.number""",
        "申し込み {0}：成立 {1}回、{2:,}円",
        "二重に受け取ったお支払いを、申し込みの画面から返金してください。",
    ),
    Promise(
        "not more than the total",
        "申し込みに充当した金額は、合計を超えない",
        f"""SELECT number, COALESCE(total_yen, 0), counted FROM (SELECT o.number, o.total_yen, {COUNTED} AS counted FROM "order" o) AS found
            WHERE counted > COALESCE(total_yen, 0) ORDER BY number""",
        "申し込み {0}：合計 {1:,}円、充当 {2:,}円",
        "多い分の充当を取り消すか、返金してください。",
    ),
    Promise(
        "money only where it counts",
        "お金は、支払い済みの申し込みか、一部入金の申し込みにだけ充当されている",
        """SELECT number, state, kept FROM (SELECT o.number, o.state, o.total_yen,
                (SELECT COALESCE(SUM(a.yen), 0) FROM allocation a WHERE a.order_id = o.id)
                - (SELECT COALESCE(SUM(f.yen), 0) FROM refund f WHERE f.order_id = o.id AND f.state IN ('created', 'unknown')) AS kept
                FROM "order" o WHERE o.state <> 'paid') AS found
            WHERE kept > 0 AND (state <> 'placed' OR kept >= total_yen) ORDER BY number""",
        "申し込み {0}（{1}）：{2:,}円が充当されています",
        "終わった申し込みなら、返金するか別の申し込みに充当してください。全額が充当された申し込みは、支払い済みになっていなければなりません。",
    ),
    Promise(
        "payment and allocation",
        "成立したお支払いは、同じ金額で1回だけ記録されている",
        """SELECT p.key, p.yen, COALESCE(a.counted, 0) FROM payment p LEFT JOIN (SELECT source, company_reference, SUM(yen) AS counted
                FROM allocation WHERE source IN ('card', 'wallet') GROUP BY source, company_reference) AS a
                ON a.source = p.method AND a.company_reference = p.company_reference
            WHERE p.state = 'succeeded' AND p.yen <> COALESCE(a.counted, 0) ORDER BY p.key""",
        "お支払い {0}：{1:,}円、記録 {2:,}円",
        "会社の管理画面と portal reconcile で、実際に受け取った金額を確かめてください。",
    ),
    Promise(
        "nothing from nowhere",
        "カードやおさいぽ!の入金には、成立したお支払いがある",
        """SELECT a.number, a.source, a.company_reference, a.yen FROM allocation a WHERE a.source IN ('card', 'wallet')
            AND a.order_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.method = a.source
                AND p.company_reference = a.company_reference AND p.order_id = a.order_id AND p.state = 'succeeded') ORDER BY a.number""",
        "入金の記録 {0}（{1} {2}）：{3:,}円",
        "会社の管理画面と portal reconcile で、この番号の入金があるかを確かめてください。",
    ),
    Promise(
        "deposits add up",
        "振込の入金は、充当した金額と残りの合計に等しい",
        """SELECT number, yen, counted FROM (SELECT d.number, d.yen,
                (SELECT COALESCE(SUM(a.yen), 0) FROM allocation a WHERE a.deposit_id = d.id AND a.source = 'bank') AS counted
                FROM deposit d) AS found WHERE counted <> yen ORDER BY number""",
        "入金 {0}：{1:,}円、内訳の合計 {2:,}円",
        LOOK_AT_HISTORY,
    ),
    Promise(
        "where money is",
        "入金を待つ申し込みに入金があれば、その印がある",
        """SELECT number FROM "order" o WHERE state = 'placed' AND method = 'bank' AND NOT has_money
            AND EXISTS (SELECT 1 FROM allocation a WHERE a.order_id = o.id) ORDER BY due_on, id""",
        "申し込み {0}：入金の印がなく、入金待ちの金額が多く表示されます",
        CALL_US,
    ),
    Promise(
        "returned once",
        "会社を通した返金は、同じ金額で1回だけ記録されている",
        """SELECT p.key, refunded, returned FROM payment p JOIN (SELECT q.id,
                (SELECT COALESCE(SUM(f.yen), 0) FROM refund f WHERE f.payment_id = q.id AND f.state = 'succeeded') AS refunded,
                (SELECT COALESCE(-SUM(a.yen), 0) FROM allocation a WHERE a.source = 'returned'
                    AND a.company_reference = q.method || ':' || q.company_reference) AS returned
                FROM payment q WHERE q.id IN (SELECT payment_id FROM refund)) AS found ON found.id = p.id
            WHERE refunded <> returned ORDER BY p.key""",
        "お支払い {0}：返金 {1:,}円、記録 {2:,}円",
        "会社の管理画面で、実際に返金された金額を確かめてください。",
    ),
    Promise(
        "not more back than came",
        "受け取った金額より多くは返金していない",
        """SELECT reference, SUM(yen) FROM (
                SELECT CASE WHEN source = 'returned' THEN company_reference ELSE source || ':' || company_reference END AS reference, yen
                FROM allocation WHERE source <> 'waived') AS found
            GROUP BY reference HAVING SUM(yen) < 0 ORDER BY reference""",
        "入金 {0}：{1:,}円",
        "返金の記録が二重でないか、銀行か会社の明細で確かめてください。",
    ),
    Promise(
        "lines add up",
        "申し込みの合計は、明細の合計に等しく、内税は合計から計算した金額",
        """SELECT number, total_yen, lines, tax_yen FROM (SELECT o.number, o.total_yen, o.tax_yen, o.tax_percent,
                (SELECT COALESCE(SUM(l.yen), 0) FROM order_line l WHERE l.order_id = o.id) AS lines
                FROM "order" o WHERE o.state IN ('placed', 'paid', 'expired')) AS found
            WHERE lines <> total_yen OR tax_yen <> (total_yen * tax_percent - (total_yen * tax_percent) % (100 + tax_percent))
                / (100 + tax_percent) ORDER BY number""",
        "申し込み {0}：合計 {1:,}円、明細 {2:,}円、内税 {3:,}円",
        LOOK_AT_HISTORY,
    ),
)


def _of(source: str) -> str:
    return f"SELECT COALESCE(SUM(yen), 0) FROM allocation WHERE source = '{source}'"


def _succeeded(method: str) -> str:
    return f"SELECT COALESCE(SUM(yen), 0) FROM payment WHERE method = '{method}' AND state = 'succeeded'"


def _counted(method: str) -> str:
    """Without what came for nothing: that waits for staff."""
    return f"""SELECT COALESCE(SUM(a.yen), 0) FROM allocation a WHERE a.source = '{method}' AND (a.order_id IS NOT NULL OR EXISTS
        (SELECT 1 FROM payment p WHERE p.method = a.source AND p.company_reference = a.company_reference AND p.state = 'succeeded'))"""


ON_PAID_ORDERS = """SELECT COALESCE(SUM(a.yen), 0) FROM allocation a JOIN "order" o ON o.id = a.order_id
    WHERE o.state = 'paid' AND a.source"""

SUMS = (
    Sum("クレジットカード", "成立したお支払い", _succeeded("card"), "入金の記録", _counted("card")),
    Sum("おさいぽ!", "成立したお支払い", _succeeded("wallet"), "入金の記録", _counted("wallet")),
    Sum("銀行振込", "入金", "SELECT COALESCE(SUM(yen), 0) FROM deposit", "充当と残り", _of("bank")),
    Sum("返金", "返金", "SELECT COALESCE(SUM(yen), 0) FROM refund WHERE state = 'succeeded'", "入金の記録", f"SELECT -({_of('returned')})"),
    Sum(
        "支払い済みの申し込み",
        "合計",
        """SELECT COALESCE(SUM(total_yen), 0) FROM "order" WHERE state = 'paid'""",
        "充当",
        f"{ON_PAID_ORDERS} <> 'returned'",
    ),
    Sum(
        "領収書",
        "有効な領収書",
        """SELECT COALESCE(SUM(i.total_yen), 0) FROM invoice i WHERE i.kind = 'receipt'
            AND NOT EXISTS (SELECT 1 FROM invoice_void v WHERE v.invoice_id = i.id)""",
        "受け取ったお金",
        f"{ON_PAID_ORDERS} IN ('card', 'wallet', 'bank') AND NOT EXISTS (SELECT 1 FROM invoice_owed w WHERE w.order_id = o.id)",
    ),
)
