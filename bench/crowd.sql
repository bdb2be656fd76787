-- Accounts with three orders each and all that hangs on them: one INSERT for each table, for SQLite and PostgreSQL (bench/crowd.py).
-- $order_id, $number, $at: of the chapter c of account n. $orders: all of them; $named: with the customer's name p.

INSERT INTO account (id, login, password_hash, name, name_key, email, plan, created_at)
SELECT n, 'bench' || n, '$password', p.name, p.name_key, $email, 'standard', $at FROM $named AND c.place = 0;

INSERT INTO subscription (id, account_id, product, kind, variant, name, quantity, renews, ended_on, created_at)
SELECT n, n, 'server', 'server', 'standard', 'スタンダードプラン', 1, c.left_on IS NULL AND c.method <> 'bank', c.left_on, $at
FROM $orders AND c.place = 0;

INSERT INTO payment_method (id, account_id, method, company, token, label, brand, last4, expires, state, tries, created_at, token_hash)
SELECT n, n, c.method, 'sandbox', '$token', '', 'Visa', '4242', '2098-12-31', 'active', 0, $at, CAST(n AS TEXT)
FROM $orders AND c.place = 0 AND c.method <> 'bank';

INSERT INTO renewal_setting (account_id, method, wallet_day, payment_method_id, set_on, updated_at)
SELECT n, c.method, 5, n, c.paid_on, $at FROM $orders AND c.place = 0 AND c.method <> 'bank' AND c.left_on IS NULL;

INSERT INTO "order" (id, number, account_id, kind, state, typed, revision, method, plan, total_yen, tax_yen, tax_percent, created_at, placed_at,
    wallet_day, due_on, paid_on, renews_end)
SELECT $order_id, $number, n, c.kind, c.state, '{}', 1, c.method, 'standard', c.yen, c.tax, 10, $at, $at,
    CASE WHEN c.method = 'wallet' THEN 5 END, c.due_on, c.paid_on, CASE WHEN c.kind = 'auto' THEN c.previous END FROM $orders;

INSERT INTO order_line (id, order_id, position, product, kind, variant, name, quantity, months, monthly_yen, yen, starts_on, ends_on,
    subscription_id, is_last_time, renews_by_default)
SELECT $order_id, $order_id, 1, 'server', 'server', 'standard', 'スタンダードプラン', 1, c.months, c.yen / c.months, c.yen, c.starts_on, c.ends_on,
    CASE WHEN c.place > 0 THEN n END, FALSE, TRUE FROM $orders;

INSERT INTO payment (id, order_id, attempt, method, key, yen, state, payment_method_id, company_reference, is_final, lookups, next_lookup_at,
    created_at, updated_at)
SELECT $order_id, $order_id, 1, c.method, 'bench-o' || $order_id || '-a1', c.yen, 'succeeded', n, 'ch_' || $order_id, FALSE, 0, $at, $at, $at
FROM $orders AND c.method <> 'bank';

INSERT INTO staff (login, password_hash, name, totp_secret, totp_step, is_active, created_at)
VALUES ('bench', '-', '見本 係', '$token', 0, FALSE, '$now');

INSERT INTO bank_file (id, number, sha256, name, account, format, content, state, staff_id, read_at, imported_at)
SELECT n, CAST(10000000 + n AS TEXT), '$sha', 'meisai.txt', 'bank ' || n, 'zengin01', '', 'imported', 1, '$now', '$now'
FROM bench_n WHERE n <= (SELECT COUNT(*) / 2000 + 1 FROM bench_n);

INSERT INTO deposit (id, number, booked_on, valued_on, yen, payer, payer_key, form_token, staff_id, created_at)
SELECT $order_id, $number, c.paid_on, c.paid_on, c.yen, CASE WHEN n % 3 = 0 THEN $number || ' ' ELSE '' END || p.payer, p.payer_key,
    'bench' || $order_id, 1, $at FROM $named AND c.method = 'bank' AND c.state = 'paid';

-- Money that is for no order: half of it of somebody who is known, which is お預かり; the rest waits to be allocated.
INSERT INTO deposit (id, number, booked_on, valued_on, yen, payer, payer_key, form_token, staff_id, created_at)
SELECT o.id + n, CAST(100000000 + n AS TEXT), c.paid_on, c.paid_on, 500 + n % 900, p.payer, p.payer_key, 'bench-rest' || n, 1, $at
FROM (SELECT MAX(id) AS id FROM "order") o CROSS JOIN $named AND c.place = 1 AND n % 100 = 63;

INSERT INTO bank_line (file_id, record, kind, account, identity, ordinal, booked_on, valued_on, yen, payer, payer_key, code, reference, note,
    deposit_id, was_typed)
SELECT $order_id % (SELECT COUNT(*) / 2000 + 1 FROM bench_n) + 1, $order_id, 'transfer', '0001', CAST($order_id AS TEXT), 0, c.paid_on,
    c.paid_on, c.yen, p.payer, p.payer_key, '11', '', '', $order_id, FALSE FROM $named AND c.method = 'bank' AND c.state = 'paid';

INSERT INTO transfer_report (order_id, payer, payer_key, paid_on, reported_at)
SELECT $order_id, p.payer, p.payer_key, c.due_on, $at FROM $named AND c.method = 'bank' AND n % 3 = 1;

INSERT INTO allocation (id, number, source, company_reference, yen, order_id, deposit_id, received_on, created_at)
SELECT $order_id, CAST(1000000000 + ($order_id * 48271) % 8999999999 AS TEXT), c.method,
    CASE WHEN c.method = 'bank' THEN $number ELSE 'ch_' || $order_id END, c.yen, $order_id, CASE WHEN c.method = 'bank' THEN $order_id END,
    c.paid_on, $at FROM $orders AND c.state = 'paid';

INSERT INTO allocation (id, number, source, company_reference, yen, deposit_id, received_on, created_at, account_id)
SELECT o.id + n, CAST(10000000000 + n AS TEXT), 'bank', CAST(100000000 + n AS TEXT), 500 + n % 900, o.id + n, c.paid_on, $at,
    CASE WHEN n % 200 = 63 THEN n END FROM (SELECT MAX(id) AS id FROM "order") o CROSS JOIN $orders AND c.place = 1 AND n % 100 = 63;

INSERT INTO term (id, subscription_id, starts_on, ends_on, order_id, order_line_id, previous_term_id, previous_ends_on)
SELECT $order_id, n, c.starts_on, c.ends_on, $order_id, $order_id, CASE WHEN c.place > 0 THEN $order_id - 1 END, c.previous
FROM $orders AND c.state = 'paid';

INSERT INTO invoice (number, kind, account_id, order_id, customer, issued_on, traded_on, total_yen, tax_percent, tax_yen, content, sha256, created_at)
SELECT number, 'receipt', account, order_id, customer, paid_on, paid_on, yen, 10, tax, content, $sha_of_paper, at
FROM (SELECT number, n AS account, order_id, customer, c.paid_on AS paid_on, c.yen AS yen, c.tax AS tax, $paper AS content, $at AS at
    FROM (SELECT ROW_NUMBER() OVER (ORDER BY $order_id) AS number, n, $order_id AS order_id, $number AS order_number, p.name AS customer,
        c.story AS story, c.place AS chapter FROM $named AND c.state = 'paid') o
    JOIN bench_chapter c ON c.story = o.story AND c.place = o.chapter) o ORDER BY 1;

INSERT INTO schedule (account_id, due_on, fence) SELECT n, c.schedule_on, 0 FROM $orders AND c.place = 0;

INSERT INTO consent (order_id, document, version, title, sha256, agreed_at)
SELECT $order_id, 'server', '2026-10-01', 'サーバーの特約', '$sha', $at FROM $orders AND c.kind <> 'auto';

INSERT INTO confirmation (account_id, about, order_id, content, sha256, accepted_at, address, browser)
SELECT n, 'order', $order_id, '<p>最終確認</p>', '$sha', $at, '192.0.2.1', 'Mozilla/5.0' FROM $orders AND c.kind <> 'auto';

INSERT INTO mail (kind, entity, recipient, account_id, message_id, subject, body, state, tries, pauses, next_try_at, created_at, sent_at,
    last_error)
SELECT 'payment_confirmed', 'order ' || $number, $email, n, '<' || $order_id || '@bench>', 'お支払いを確認しました',
    CASE WHEN c.place = 2 THEN '$body' ELSE '' END, 'sent', 1, 0, $at, $at, $at, '' FROM $orders AND c.state = 'paid';

INSERT INTO sent_notice (account_id, kind, ends_on, which, written_at)
SELECT n, 'notice', c.previous, 'first', $at FROM $orders AND c.kind = 'auto';

INSERT INTO event (account_id, entity, from_state, to_state, actor, reason, at)
SELECT bench_n.n, CASE e.k WHEN 3 THEN 'payment bench-o' || $order_id || '-a1' ELSE 'order ' || $number END,
    CASE e.k WHEN 1 THEN 'draft' WHEN 2 THEN 'placed' ELSE 'submitted' END,
    CASE e.k WHEN 1 THEN 'placed' WHEN 2 THEN 'paid' ELSE 'succeeded' END, CASE WHEN c.method = 'bank' THEN 'staff bench' ELSE 'worker' END,
    CASE WHEN c.method = 'bank' AND e.k = 2 THEN '番号と金額が一致' ELSE '' END, $at
FROM (SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3) e CROSS JOIN $orders AND (c.state = 'paid' OR e.k = 1) ORDER BY $order_id, e.k;

INSERT INTO hosting_event (account_id, subscription_id, kind, product, variant, quantity, starts_on, ends_on, order_number, key, body, state, tries,
    pauses, next_try_at, created_at, sent_at, last_error)
SELECT n, n, CASE WHEN c.place = 0 THEN 'start' ELSE 'extension' END, 'server', 'standard', 1, c.starts_on, c.ends_on, $number,
    'bench-' || $order_id, '{}', 'sent', 1, 0, $at, $at, $at, '' FROM $orders AND c.state = 'paid';

INSERT INTO webhook_event (company, event_id, body, received_at)
SELECT 'sandbox', 'evt_' || $order_id, '', $at FROM $orders AND c.method = 'card';

INSERT INTO session (token_hash, account_id, data, created_at, seen_at) SELECT 'bench' || n, n, '{}', '$now', '$now' FROM bench_n WHERE n % 100 = 7;

INSERT INTO counted_try (kind, who, network, at)
SELECT 'sign-in', 'bench' || n, '192.0.2.' || (n % 250), '$now' FROM bench_n WHERE n % 50 = 7;

INSERT INTO invoice_day (issued_on, tax_percent, kind, papers, total_yen, tax_yen)
SELECT issued_on, tax_percent, kind, COUNT(*), SUM(total_yen), SUM(tax_yen) FROM invoice GROUP BY issued_on, tax_percent, kind;
