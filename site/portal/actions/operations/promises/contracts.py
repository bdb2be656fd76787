"""Contracts: what is paid runs, what runs is paid, and nothing of one customer is another's."""

from portal.actions.operations.promises.promise import Promise

CALL_US = "データベースが手で変えられたか、プログラムの誤りです。バックアップと履歴を比べて直し、開発元に知らせてください。"

PROMISES = (
    Promise(
        "terms follow one another",
        "1つの契約の契約期間は、重ならず、間も空かない",
        """SELECT subscription_id, before, starts_on FROM (SELECT subscription_id, starts_on,
                LAG(ends_on) OVER (PARTITION BY subscription_id ORDER BY starts_on) AS before FROM term) AS found
            WHERE before IS NOT NULL AND starts_on <> {day_after_before} ORDER BY subscription_id""",
        "契約 {0}：{1} に終わり、次は {2} に始まります",
        CALL_US,
    ),
    Promise(
        "one server",
        "1つのアカウントで、2つのサーバーの契約期間は重ならない",
        """SELECT a.login, later.starts_on FROM term earlier JOIN subscription x ON x.id = earlier.subscription_id AND x.kind = 'server'
            JOIN subscription y ON y.account_id = x.account_id AND y.kind = 'server' AND y.id <> x.id
            JOIN term later ON later.subscription_id = y.id AND later.starts_on BETWEEN earlier.starts_on AND earlier.ends_on
            JOIN account a ON a.id = x.account_id ORDER BY a.login""",
        "アカウント {0}：{1} にサーバーが2つあります",
        "一方の申し込みを取り消して返金してください。",
    ),
    Promise(
        "paid means terms",
        "支払い済みの申し込みには、明細ごとに契約期間があり、ほかの申し込みにはない",
        """SELECT number, state, lines, terms FROM (SELECT o.number, o.state,
                (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines,
                (SELECT COUNT(*) FROM term t WHERE t.order_id = o.id) AS terms FROM "order" o) AS found
            WHERE terms <> CASE WHEN state = 'paid' THEN lines ELSE 0 END OR (state = 'paid' AND lines = 0) ORDER BY number""",
        "申し込み {0}（{1}）：明細 {2}行、契約期間 {3}件",
        CALL_US,
    ),
    Promise(
        "paid means money",
        "支払い済みの申し込みには、合計と同じ金額が充当されている",
        """SELECT number, total_yen, counted FROM (SELECT o.number, o.total_yen, (SELECT COALESCE(SUM(a.yen), 0) FROM allocation a
                WHERE a.order_id = o.id AND a.source <> 'returned') AS counted FROM "order" o WHERE o.state = 'paid') AS found
            WHERE counted < total_yen ORDER BY number""",
        "申し込み {0}：合計 {1:,}円、充当 {2:,}円",
        "入金を確かめて充当するか、申し込みの入金確認を取り消してください。",
    ),
    Promise(
        "imported once",
        "申し込みのない契約期間は、取り込んだ契約の最初の期間だけ",
        """SELECT t.subscription_id, t.starts_on FROM term t JOIN order_line l ON l.id = t.order_line_id
            WHERE COALESCE(t.order_id, 0) <> COALESCE(l.order_id, 0) OR (t.order_id IS NULL AND t.previous_term_id IS NOT NULL)
            ORDER BY t.subscription_id""",
        "契約 {0}：{1} からの契約期間",
        CALL_US,
    ),
    Promise(
        "runs for a reason",
        "契約期間のないサービスは、入金の確認をやり直している間だけ動く",
        """SELECT a.login, s.id, s.name FROM subscription s JOIN account a ON a.id = s.account_id WHERE s.ended_on IS NULL
            AND NOT EXISTS (SELECT 1 FROM term t WHERE t.subscription_id = s.id) AND (s.runs_until IS NULL
                OR NOT EXISTS (SELECT 1 FROM order_line l WHERE l.undone_subscription_id = s.id)) ORDER BY s.id""",
        "アカウント {0} の契約 {1}（{2}）",
        CALL_US,
    ),
    Promise(
        "undone means unpaid",
        "入金の確認を取り消した契約は、その申し込みが支払われるまで期限がある",
        """SELECT o.number, o.state, s.id FROM order_line l JOIN subscription s ON s.id = l.undone_subscription_id
            JOIN "order" o ON o.id = l.order_id WHERE s.ended_on IS NULL AND (o.state = 'paid' OR s.runs_until IS NULL)
            ORDER BY o.number""",
        "申し込み {0}（{1}）と契約 {2}",
        CALL_US,
    ),
    Promise(
        "everybody's own",
        "申し込み、契約、お支払い方法、領収書は、同じお客様のもの",
        """SELECT what, id FROM (
            SELECT '契約期間' AS what, t.id FROM term t JOIN subscription s ON s.id = t.subscription_id
                JOIN "order" o ON o.id = t.order_id WHERE s.account_id <> o.account_id
            UNION ALL SELECT '明細', l.id FROM order_line l JOIN "order" o ON o.id = l.order_id
                JOIN subscription s ON s.id = COALESCE(l.subscription_id, l.undone_subscription_id) WHERE s.account_id <> o.account_id
            UNION ALL SELECT '追加の明細', l.id FROM order_line l JOIN "order" o ON o.id = l.order_id
                JOIN subscription s ON s.id = l.part_of_id WHERE s.account_id <> o.account_id
            UNION ALL SELECT 'お支払い', p.id FROM payment p JOIN payment_method m ON m.id = p.payment_method_id
                JOIN "order" o ON o.id = p.order_id WHERE m.account_id <> o.account_id
            UNION ALL SELECT '自動更新の設定', r.id FROM renewal_setting r JOIN payment_method m ON m.id = r.payment_method_id
                WHERE m.account_id <> r.account_id
            UNION ALL SELECT '領収書など', i.id FROM invoice i JOIN "order" o ON o.id = i.order_id WHERE i.account_id <> o.account_id
            UNION ALL SELECT '証明書', c.id FROM certificate c JOIN subscription s ON s.id = c.subscription_id
                JOIN domain d ON d.id = c.domain_id WHERE d.account_id <> s.account_id) AS found ORDER BY what, id""",
        "{0}（id {1}）",
        CALL_US,
    ),
)
