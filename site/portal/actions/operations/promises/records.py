"""Records: the history ends where the tables are, every paper has its number, and every event its mail."""

from portal.actions.operations.promises.contracts import CALL_US
from portal.actions.operations.promises.promise import Promise
from portal.rules.documents.papers import RETURN_FROM_YEN

STATES = """SELECT 'order ' || number AS entity, state FROM "order" WHERE state <> 'draft'
    UNION ALL SELECT 'payment ' || key, state FROM payment UNION ALL SELECT 'refund ' || key, state FROM refund"""
KEPT = "(e.entity LIKE 'order %' OR e.entity LIKE 'payment %' OR e.entity LIKE 'refund %')"
VALID = """i.order_id = o.id AND i.kind = 'receipt' AND NOT EXISTS (SELECT 1 FROM invoice_void v WHERE v.invoice_id = i.id)"""

PROMISES = (
    Promise(
        "history ends here",
        "申し込み、お支払い、返金の状態は、履歴の最後と同じ",
        f"""SELECT s.entity, s.state, COALESCE(e.to_state, '-') FROM ({STATES}) AS s
            LEFT JOIN (SELECT entity, MAX(id) AS newest FROM event GROUP BY entity) AS l ON l.entity = s.entity
            LEFT JOIN event e ON e.id = l.newest WHERE e.id IS NULL OR e.to_state <> s.state ORDER BY s.entity""",
        "{0}：今は {1}、履歴では {2}",
        "履歴にない変更です。データベースを手で変えた人がいないか確かめてください。",
    ),
    Promise(
        "history without gaps",
        "履歴は、前の状態から続いている",
        f"""SELECT entity, before, from_state FROM (SELECT e.entity, e.from_state,
                LAG(e.to_state) OVER (PARTITION BY e.entity ORDER BY e.id) AS before FROM event e WHERE {KEPT}) AS found
            WHERE before IS NOT NULL AND (from_state IS NULL OR from_state <> before) ORDER BY entity""",
        "{0}：{1} のあとに、{2} からの変更",
        "履歴の行が消されたか、手で加えられています。",
    ),
    Promise(
        "numbers of papers",
        "領収書などの番号は、1から抜けなく続く",
        """SELECT number, place FROM (SELECT number, ROW_NUMBER() OVER (ORDER BY number) AS place FROM invoice) AS found
            WHERE number <> place ORDER BY number LIMIT 1""",
        "{1}番目の番号が {0} です",
        CALL_US,
    ),
    Promise(
        "days of papers",
        "発行した日ごとの合計は、その日の領収書などの合計",
        """SELECT issued_on, kind, tax_percent, SUM(papers), SUM(total_yen), SUM(tax_yen) FROM (
                SELECT issued_on, kind, tax_percent, papers, total_yen, tax_yen FROM invoice_day
                UNION ALL SELECT issued_on, kind, tax_percent, -COUNT(*), -SUM(total_yen), -SUM(tax_yen) FROM invoice
                    GROUP BY issued_on, kind, tax_percent) AS found
            GROUP BY issued_on, kind, tax_percent HAVING SUM(papers) <> 0 OR SUM(total_yen) <> 0 OR SUM(tax_yen) <> 0
            ORDER BY issued_on, kind, tax_percent""",
        "{0} の {1}（{2}%）：合計との差は {3}件、{4:,}円（消費税 {5:,}円）",
        CALL_US,
    ),
    Promise(
        "papers as issued",
        "領収書などの内容は、発行したときのまま（SHA-256 が合う）",
        "SELECT number FROM invoice WHERE sha256 <> {sha256_of_content} ORDER BY number",
        "{0} 番の内容が、発行したときと違います",
        "データベースを手で変えた人がいます。バックアップにある同じ番号の書類と比べてください。",
    ),
    Promise(
        "one receipt",
        "支払い済みの申し込みには、受け取った金額の有効な領収書が1枚あり、ほかの申し込みにはない",
        f"""SELECT number, state, money, papers, receipts FROM (SELECT o.number, o.state,
                (SELECT COUNT(*) FROM invoice i WHERE {VALID}) AS papers,
                (SELECT COALESCE(SUM(i.total_yen), 0) FROM invoice i WHERE {VALID}) AS receipts,
                (SELECT COALESCE(SUM(a.yen), 0) FROM allocation a
                    WHERE a.order_id = o.id AND a.source IN ('card', 'wallet', 'bank')) AS money
                FROM "order" o WHERE NOT EXISTS (SELECT 1 FROM invoice_owed w WHERE w.order_id = o.id)) AS found
            WHERE papers <> CASE WHEN state = 'paid' THEN 1 ELSE 0 END OR (state = 'paid' AND receipts <> money) ORDER BY number""",
        "申し込み {0}（{1}）：受け取り {2:,}円、領収書 {3}枚 {4:,}円",
        "領収書は書き換えられません。入金の確認を取り消して、もう一度確認すると、新しい領収書になります。",
    ),
    Promise(
        "returned on paper",
        "支払い済みの申し込みから返した10,000円以上には、有効な適格返還請求書がある",
        f"""SELECT o.number, r.yen FROM refund r JOIN "order" o ON o.id = r.order_id JOIN invoice i ON {VALID}
            WHERE r.state = 'succeeded' AND r.dispute_id IS NULL AND r.yen >= {RETURN_FROM_YEN} AND r.updated_at >= i.created_at
            AND EXISTS (SELECT 1 FROM allocation a WHERE a.source = 'returned' AND a.order_id = o.id AND a.yen = -r.yen)
            AND NOT EXISTS (SELECT 1 FROM invoice p LEFT JOIN invoice_void v ON v.invoice_id = p.id
                WHERE p.refund_id = r.id AND v.invoice_id IS NULL) ORDER BY o.number""",
        "申し込み {0}：返金 {1:,}円の適格返還請求書がありません",
        CALL_US,
    ),
    Promise(
        "told",
        "支払い済みと期限切れの申し込みは、お客様にメールで知らせてある",
        """SELECT o.number, o.state FROM "order" o WHERE o.state IN ('paid', 'expired') AND NOT EXISTS (SELECT 1 FROM mail m
            WHERE m.kind = CASE WHEN o.state = 'paid' THEN 'payment_confirmed' ELSE 'order_expired' END
            AND m.entity = 'order ' || o.number) ORDER BY o.number""",
        "申し込み {0}（{1}）のメールがありません",
        "お客様のページから、結果を書いたメールをお送りください。",
    ),
)
