BEGIN TRANSACTION;
CREATE TABLE account (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, login VARCHAR(64) NOT NULL UNIQUE, password_hash VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL, plan VARCHAR(64) NOT NULL, created_at DATETIME NOT NULL,
    CHECK (login = lower(login)));
INSERT INTO "account" VALUES(1,'ended','$argon2id$v=19$m=19456,t=3,p=1$ZYOe2joN6+GJO1Zo3GLUdQ$n15ztao91kC531nBnfv1BjASvy4ZE2ZW/gNCRL5ZXA0','見本 終','ended@example.jp','standard','2026-09-20 03:00:00.292339');
INSERT INTO "account" VALUES(2,'renew','$argon2id$v=19$m=19456,t=3,p=1$vpMMrkvkMt8Xw/0B9zJgRg$Ye4Aq+NcCB93Ndc0m/6XEZGm8SxNOD7u0MXcvZNwNqM','見本 更','renew@example.jp','standard','2026-10-20 03:00:01.473577');
INSERT INTO "account" VALUES(3,'failed','$argon2id$v=19$m=19456,t=3,p=1$6WPX6/LrTGA+ZmZSR9AkZw$oFaBb0YMr/ag9+8YDFKpoB0AwXngAYkC/NSJY9/kUl4','見本 三郎','failed@example.jp','standard','2026-10-20 03:00:01.717319');
INSERT INTO "account" VALUES(4,'card','$argon2id$v=19$m=19456,t=3,p=1$OG8JxeAUwYHSjFWPcedoJg$SRRvZaEMkM35Wo2tZIzXXPOdBJkY7Iz4QOIxxwcr1N8','見本 花','card@example.jp','standard','2026-11-10 03:00:02.543105');
INSERT INTO "account" VALUES(5,'osaipo','$argon2id$v=19$m=19456,t=3,p=1$JWtbU7LgqOGQ4k7C0G9j9w$E9ZDNRGC8Rch4Wns8NouRku9FjAWtGrrM6IweHgDsfo','見本 次郎','osaipo@example.jp','standard','2026-11-10 03:00:02.780020');
INSERT INTO "account" VALUES(6,'bank','$argon2id$v=19$m=19456,t=3,p=1$sSw4XVxyGS+GVuiu4ggz4A$1tl4pvzm39TIK22Iycx9CQxBcLR07eQviecx6ADXHzw','見本 太郎','bank@example.jp','standard','2026-11-10 03:00:03.042843');
INSERT INTO "account" VALUES(7,'new','$argon2id$v=19$m=19456,t=3,p=1$1vu98Btmdx52V+yojaGFPw$AU7oXeG+yszjGBXEuCpdJ310gorrHQnwUoaXISfgido','見本 新','new@example.jp','standard','2026-11-10 03:00:03.237785');
CREATE TABLE allocation (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, number VARCHAR(16) NOT NULL UNIQUE, source VARCHAR(16) NOT NULL CHECK (source IN ('card', 'wallet', 'bank')),
    company_reference VARCHAR(255) NOT NULL, yen BIGINT NOT NULL CHECK (yen > 0), order_id INTEGER REFERENCES "order"(id),
    deposit_id INTEGER REFERENCES deposit(id), received_on DATE NOT NULL, created_at DATETIME NOT NULL,
    UNIQUE (source, company_reference, order_id));
INSERT INTO "allocation" VALUES(1,'9987723062','card','sand_ffd02fcf9e7b20006684',1320,1,NULL,'2026-09-20','2026-09-20 03:00:00.868940');
INSERT INTO "allocation" VALUES(2,'8128621545','card','sand_d6ddb73bfb9e393c21b9',1320,2,NULL,'2026-10-20','2026-10-20 03:00:01.652494');
INSERT INTO "allocation" VALUES(3,'1737150064','card','sand_de232cd39a89fec6e18f',1320,3,NULL,'2026-10-20','2026-10-20 03:00:01.937164');
INSERT INTO "allocation" VALUES(4,'6993082369','card','sand_f07d1a88841f6534872e',27060,5,NULL,'2026-11-10','2026-11-10 03:00:02.711662');
INSERT INTO "allocation" VALUES(5,'4734213910','wallet','sand_0b501ff25217eaacee29',13200,6,NULL,'2026-11-10','2026-11-10 03:00:02.979214');
INSERT INTO "allocation" VALUES(6,'9605628963','bank','D18251535',100,NULL,1,'2026-11-10','2026-11-10 03:00:03.251390');
INSERT INTO "allocation" VALUES(7,'1504376493','bank','D18251535',13200,7,1,'2026-11-10','2026-11-10 03:00:03.257843');
CREATE TABLE announcement (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL REFERENCES account(id), ends_on DATE NOT NULL, charge_on DATE,
    yen BIGINT NOT NULL CHECK (yen > 0), content TEXT NOT NULL, announced_on DATE NOT NULL, UNIQUE (account_id, ends_on));
INSERT INTO "announcement" VALUES(1,3,'2026-11-30','2026-11-05',1320,'{"3": 1320}','2026-10-29');
CREATE TABLE confirmation (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL REFERENCES account(id),
    about VARCHAR(16) NOT NULL CHECK (about IN ('order', 'reservation', 'method')),
    order_id INTEGER REFERENCES "order"(id), payment_id INTEGER UNIQUE REFERENCES payment(id), content TEXT NOT NULL,
    sha256 CHAR(64) NOT NULL, accepted_at DATETIME NOT NULL, address VARCHAR(64) NOT NULL, browser VARCHAR(255) NOT NULL,
    CHECK ((about = 'order') = (order_id IS NOT NULL)));
INSERT INTO "confirmation" VALUES(1,1,'order',1,1,'<table class="lines">
<caption>お申し込みの内容</caption>
<thead><tr><th scope="col">内容</th><th scope="col" class="num">金額（税込）</th></tr></thead>
<tbody>
<tr><th scope="row">スタンダードプラン<small>1か月　<span class="unit"><time datetime="2026-09-20">2026年9月20日（日）</time>から</span><span class="unit"><time datetime="2026-10-31">2026年10月31日（土）</time>まで</span></small></th>
<td class="num">1,320円</td></tr>
</tbody>
<tfoot>
<tr class="total"><th scope="row">今回のお支払い総額</th><td class="num">1,320円</td></tr>
<tr><th scope="row">うち消費税（10%）</th><td class="num">120円</td></tr>
</tfoot>
</table>

<dl class="terms">
<dt>お申し込み番号</dt><dd>50596009</dd>
<dt>契約期間</dt><dd><span class="unit"><time datetime="2026-09-20">2026年9月20日（日）</time>から</span><span class="unit"><time datetime="2026-10-31">2026年10月31日（土）</time>まで</span>（1か月、42日間）</dd>
<dt>12か月あたりの目安</dt><dd>15,840円（税込。同じ内容で12か月続けた場合）</dd>
<dt>お支払い方法</dt><dd>クレジットカード　Visa 下4桁 4242（有効期限 12/2098）</dd>
<dt>お支払いの時期</dt><dd>OK を押したときに、1,320円を一括でお支払いいただきます。</dd>
<dt>ご利用の開始</dt><dd>
<p>お支払いの完了後、すぐにご利用いただけます。</p>
</dd>
<dt>自動更新</dt><dd>
<p>あり：スタンダードプランは、停止するまで同じ期間で自動更新されます。次回は<time datetime="2026-10-05">2026年10月5日（月）</time>に1,320円（税込）を同じカードでお支払いいただきます。お支払いできなかったときは、10日、15日、20日、25日、28日にもう一度手続きします。</p>
</dd>
<dt>自動更新の変更・停止</dt><dd>
<p>2026年10月5日（月）のお支払いは、<time datetime="2026-10-04">2026年10月4日（日）</time> 23時59分まで変更・停止できます。</p>
<p>自動更新は、コントロールパネル「サーバー契約・更新」の「支払い方法をリセットする」でいつでも止められます。止めても、お支払い済みの期間の終わりまでご利用いただけます。</p></dd>
<dt>お申し込みの撤回・解約</dt><dd>契約期間の途中で解約された場合、残りの期間の料金は返金いたしません。お客様のご都合によるお支払い後の返品・キャンセルは、サービスの性質上お受けできません。</dd>
<dt>お申し込みの期間</dt><dd>お申し込みの期間に限りはありません。銀行振込は、お支払いの期限を過ぎるとお申し込みの効力がなくなります。</dd>
<dt>お問い合わせ</dt><dd>株式会社サンプルサーバー　<span class="unit">03-0000-0000</span>（平日10時から17時まで（土日・祝日・年末年始を除く））　support@kawasemi.example.jp</dd>
</dl>','9da0586074d496d006ac7b1243592e901ec1aaa4b0d0d06274f2b7378dc5d97c','2026-09-20 03:00:00.855300','127.0.0.1','Werkzeug/3.1.9');
INSERT INTO "confirmation" VALUES(2,2,'order',2,2,'<table class="lines">
<caption>お申し込みの内容</caption>
<thead><tr><th scope="col">内容</th><th scope="col" class="num">金額（税込）</th></tr></thead>
<tbody>
<tr><th scope="row">スタンダードプラン<small>1か月　<span class="unit"><time datetime="2026-10-20">2026年10月20日（火）</time>から</span><span class="unit"><time datetime="2026-11-30">2026年11月30日（月）</time>まで</span></small></th>
<td class="num">1,320円</td></tr>
</tbody>
<tfoot>
<tr class="total"><th scope="row">今回のお支払い総額</th><td class="num">1,320円</td></tr>
<tr><th scope="row">うち消費税（10%）</th><td class="num">120円</td></tr>
</tfoot>
</table>

<dl class="terms">
<dt>お申し込み番号</dt><dd>59719973</dd>
<dt>契約期間</dt><dd><span class="unit"><time datetime="2026-10-20">2026年10月20日（火）</time>から</span><span class="unit"><time datetime="2026-11-30">2026年11月30日（月）</time>まで</span>（1か月、42日間）</dd>
<dt>12か月あたりの目安</dt><dd>15,840円（税込。同じ内容で12か月続けた場合）</dd>
<dt>お支払い方法</dt><dd>クレジットカード　Visa 下4桁 4242（有効期限 12/2098）</dd>
<dt>お支払いの時期</dt><dd>OK を押したときに、1,320円を一括でお支払いいただきます。</dd>
<dt>ご利用の開始</dt><dd>
<p>お支払いの完了後、すぐにご利用いただけます。</p>
</dd>
<dt>自動更新</dt><dd>
<p>あり：スタンダードプランは、停止するまで同じ期間で自動更新されます。次回は<time datetime="2026-11-05">2026年11月5日（木）</time>に1,320円（税込）を同じカードでお支払いいただきます。お支払いできなかったときは、10日、15日、20日、25日、28日にもう一度手続きします。</p>
</dd>
<dt>自動更新の変更・停止</dt><dd>
<p>2026年11月5日（木）のお支払いは、<time datetime="2026-11-04">2026年11月4日（水）</time> 23時59分まで変更・停止できます。</p>
<p>自動更新は、コントロールパネル「サーバー契約・更新」の「支払い方法をリセットする」でいつでも止められます。止めても、お支払い済みの期間の終わりまでご利用いただけます。</p></dd>
<dt>お申し込みの撤回・解約</dt><dd>契約期間の途中で解約された場合、残りの期間の料金は返金いたしません。お客様のご都合によるお支払い後の返品・キャンセルは、サービスの性質上お受けできません。</dd>
<dt>お申し込みの期間</dt><dd>お申し込みの期間に限りはありません。銀行振込は、お支払いの期限を過ぎるとお申し込みの効力がなくなります。</dd>
<dt>お問い合わせ</dt><dd>株式会社サンプルサーバー　<span class="unit">03-0000-0000</span>（平日10時から17時まで（土日・祝日・年末年始を除く））　support@kawasemi.example.jp</dd>
</dl>','605ed28149b30c2710dead1b9b94da92e2b8fff86f4e5ae34a4090a50fe559f5','2026-10-20 03:00:01.641216','127.0.0.1','Werkzeug/3.1.9');
INSERT INTO "confirmation" VALUES(3,3,'order',3,3,'<table class="lines">
<caption>お申し込みの内容</caption>
<thead><tr><th scope="col">内容</th><th scope="col" class="num">金額（税込）</th></tr></thead>
<tbody>
<tr><th scope="row">スタンダードプラン<small>1か月　<span class="unit"><time datetime="2026-10-20">2026年10月20日（火）</time>から</span><span class="unit"><time datetime="2026-11-30">2026年11月30日（月）</time>まで</span></small></th>
<td class="num">1,320円</td></tr>
</tbody>
<tfoot>
<tr class="total"><th scope="row">今回のお支払い総額</th><td class="num">1,320円</td></tr>
<tr><th scope="row">うち消費税（10%）</th><td class="num">120円</td></tr>
</tfoot>
</table>

<dl class="terms">
<dt>お申し込み番号</dt><dd>50793661</dd>
<dt>契約期間</dt><dd><span class="unit"><time datetime="2026-10-20">2026年10月20日（火）</time>から</span><span class="unit"><time datetime="2026-11-30">2026年11月30日（月）</time>まで</span>（1か月、42日間）</dd>
<dt>12か月あたりの目安</dt><dd>15,840円（税込。同じ内容で12か月続けた場合）</dd>
<dt>お支払い方法</dt><dd>クレジットカード　Visa 下4桁 9995（有効期限 12/2098）</dd>
<dt>お支払いの時期</dt><dd>OK を押したときに、1,320円を一括でお支払いいただきます。</dd>
<dt>ご利用の開始</dt><dd>
<p>お支払いの完了後、すぐにご利用いただけます。</p>
</dd>
<dt>自動更新</dt><dd>
<p>あり：スタンダードプランは、停止するまで同じ期間で自動更新されます。次回は<time datetime="2026-11-05">2026年11月5日（木）</time>に1,320円（税込）を同じカードでお支払いいただきます。お支払いできなかったときは、10日、15日、20日、25日、28日にもう一度手続きします。</p>
</dd>
<dt>自動更新の変更・停止</dt><dd>
<p>2026年11月5日（木）のお支払いは、<time datetime="2026-11-04">2026年11月4日（水）</time> 23時59分まで変更・停止できます。</p>
<p>自動更新は、コントロールパネル「サーバー契約・更新」の「支払い方法をリセットする」でいつでも止められます。止めても、お支払い済みの期間の終わりまでご利用いただけます。</p></dd>
<dt>お申し込みの撤回・解約</dt><dd>契約期間の途中で解約された場合、残りの期間の料金は返金いたしません。お客様のご都合によるお支払い後の返品・キャンセルは、サービスの性質上お受けできません。</dd>
<dt>お申し込みの期間</dt><dd>お申し込みの期間に限りはありません。銀行振込は、お支払いの期限を過ぎるとお申し込みの効力がなくなります。</dd>
<dt>お問い合わせ</dt><dd>株式会社サンプルサーバー　<span class="unit">03-0000-0000</span>（平日10時から17時まで（土日・祝日・年末年始を除く））　support@kawasemi.example.jp</dd>
</dl>','cce791ae67443e3a32d2d30f4da8d3d762d300d377410c23690d3b17d9f96ffd','2026-10-20 03:00:01.921165','127.0.0.1','Werkzeug/3.1.9');
INSERT INTO "confirmation" VALUES(4,4,'order',5,6,'<table class="lines">
<caption>お申し込みの内容</caption>
<thead><tr><th scope="col">内容</th><th scope="col" class="num">金額（税込）</th></tr></thead>
<tbody>
<tr><th scope="row">スタンダードプラン<small>12か月　<span class="unit"><time datetime="2026-11-10">2026年11月10日（火）</time>から</span><span class="unit"><time datetime="2027-11-30">2027年11月30日（火）</time>まで</span></small></th>
<td class="num">13,200円</td></tr>
<tr><th scope="row">バックアップオプション<small>12か月　<span class="unit"><time datetime="2026-11-10">2026年11月10日（火）</time>から</span><span class="unit"><time datetime="2027-11-30">2027年11月30日（火）</time>まで</span></small></th>
<td class="num">3,960円</td></tr>
<tr><th scope="row">デバイスセキュリティ 3台<small>12か月　<span class="unit"><time datetime="2026-11-10">2026年11月10日（火）</time>から</span><span class="unit"><time datetime="2027-11-30">2027年11月30日（火）</time>まで</span></small></th>
<td class="num">9,900円</td></tr>
</tbody>
<tfoot>
<tr class="total"><th scope="row">今回のお支払い総額</th><td class="num">27,060円</td></tr>
<tr><th scope="row">うち消費税（10%）</th><td class="num">2,460円</td></tr>
</tfoot>
</table>

<dl class="terms">
<dt>お申し込み番号</dt><dd>14743282</dd>
<dt>契約期間</dt><dd><span class="unit"><time datetime="2026-11-10">2026年11月10日（火）</time>から</span><span class="unit"><time datetime="2027-11-30">2027年11月30日（火）</time>まで</span>（12か月、386日間）</dd>
<dt>お支払い方法</dt><dd>クレジットカード　Visa 下4桁 4242（有効期限 12/2098）</dd>
<dt>お支払いの時期</dt><dd>OK を押したときに、27,060円を一括でお支払いいただきます。</dd>
<dt>ご利用の開始</dt><dd>
<p>お支払いの完了後、すぐにご利用いただけます。</p>
</dd>
<dt>自動更新</dt><dd>
<p>あり：スタンダードプラン、バックアップオプション、デバイスセキュリティは、停止するまで同じ期間で自動更新されます。次回は<time datetime="2027-11-05">2027年11月5日（金）</time>に27,060円（税込）を同じカードでお支払いいただきます。お支払いできなかったときは、10日、15日、20日、25日、28日にもう一度手続きします。</p>
</dd>
<dt>自動更新の変更・停止</dt><dd>
<p>2027年11月5日（金）のお支払いは、<time datetime="2027-11-04">2027年11月4日（木）</time> 23時59分まで変更・停止できます。</p>
<p>自動更新は、コントロールパネル「サーバー契約・更新」の「支払い方法をリセットする」でいつでも止められます。止めても、お支払い済みの期間の終わりまでご利用いただけます。</p></dd>
<dt>お申し込みの撤回・解約</dt><dd>契約期間の途中で解約された場合、残りの期間の料金は返金いたしません。お客様のご都合によるお支払い後の返品・キャンセルは、サービスの性質上お受けできません。</dd>
<dt>お申し込みの期間</dt><dd>お申し込みの期間に限りはありません。銀行振込は、お支払いの期限を過ぎるとお申し込みの効力がなくなります。</dd>
<dt>お問い合わせ</dt><dd>株式会社サンプルサーバー　<span class="unit">03-0000-0000</span>（平日10時から17時まで（土日・祝日・年末年始を除く））　support@kawasemi.example.jp</dd>
</dl>','f1f5fe1c13ef4a7624cf6ff2bbeef5cf0df8a3f38784e78a5f3f74b5e0051d82','2026-11-10 03:00:02.698799','127.0.0.1','Werkzeug/3.1.9');
INSERT INTO "confirmation" VALUES(5,5,'order',6,7,'<table class="lines">
<caption>お申し込みの内容</caption>
<thead><tr><th scope="col">内容</th><th scope="col" class="num">金額（税込）</th></tr></thead>
<tbody>
<tr><th scope="row">スタンダードプラン<small>12か月　<span class="unit"><time datetime="2026-11-10">2026年11月10日（火）</time>から</span><span class="unit"><time datetime="2027-11-30">2027年11月30日（火）</time>まで</span></small></th>
<td class="num">13,200円</td></tr>
</tbody>
<tfoot>
<tr class="total"><th scope="row">今回のお支払い総額</th><td class="num">13,200円</td></tr>
<tr><th scope="row">うち消費税（10%）</th><td class="num">1,200円</td></tr>
</tfoot>
</table>

<dl class="terms">
<dt>お申し込み番号</dt><dd>95411713</dd>
<dt>契約期間</dt><dd><span class="unit"><time datetime="2026-11-10">2026年11月10日（火）</time>から</span><span class="unit"><time datetime="2027-11-30">2027年11月30日（火）</time>まで</span>（12か月、386日間）</dd>
<dt>お支払い方法</dt><dd>おさいぽ!　os****mo</dd>
<dt>お支払いの時期</dt><dd>OK を押したときに、13,200円分のポイントを一括で引き落とします。</dd>
<dt>ご利用の開始</dt><dd>
<p>お支払いの完了後、すぐにご利用いただけます。</p>
</dd>
<dt>自動更新</dt><dd>
<p>あり：スタンダードプランは、停止するまで同じ期間で自動更新されます。次回は<time datetime="2027-11-15">2027年11月15日（月）</time>に13,200円（税込）を同じおさいぽ!でお支払いいただきます。お支払いできなかったときは、20日、25日、28日にもう一度手続きします。</p>
</dd>
<dt>自動更新の変更・停止</dt><dd>
<p>2027年11月15日（月）のお支払いは、<time datetime="2027-11-11">2027年11月11日（木）</time> 23時59分まで変更・停止できます。</p>
<p>自動更新は、コントロールパネル「サーバー契約・更新」の「支払い方法をリセットする」でいつでも止められます。止めても、お支払い済みの期間の終わりまでご利用いただけます。</p></dd>
<dt>お申し込みの撤回・解約</dt><dd>契約期間の途中で解約された場合、残りの期間の料金は返金いたしません。お客様のご都合によるお支払い後の返品・キャンセルは、サービスの性質上お受けできません。</dd>
<dt>お申し込みの期間</dt><dd>お申し込みの期間に限りはありません。銀行振込は、お支払いの期限を過ぎるとお申し込みの効力がなくなります。</dd>
<dt>お問い合わせ</dt><dd>株式会社サンプルサーバー　<span class="unit">03-0000-0000</span>（平日10時から17時まで（土日・祝日・年末年始を除く））　support@kawasemi.example.jp</dd>
</dl>','2d959b755a5bbe64d86074241ff663174b2841e767e96f365e64ffff697a06a8','2026-11-10 03:00:02.969323','127.0.0.1','Werkzeug/3.1.9');
INSERT INTO "confirmation" VALUES(6,6,'order',7,NULL,'<table class="lines">
<caption>お申し込みの内容</caption>
<thead><tr><th scope="col">内容</th><th scope="col" class="num">金額（税込）</th></tr></thead>
<tbody>
<tr><th scope="row">スタンダードプラン<small>12か月　<span class="unit"><time datetime="2026-11-10">2026年11月10日（火）</time>から</span><span class="unit"><time datetime="2027-11-30">2027年11月30日（火）</time>まで</span></small></th>
<td class="num">13,200円</td></tr>
</tbody>
<tfoot>
<tr class="total"><th scope="row">今回のお支払い総額</th><td class="num">13,200円</td></tr>
<tr><th scope="row">うち消費税（10%）</th><td class="num">1,200円</td></tr>
</tfoot>
</table>

<dl class="terms">
<dt>お申し込み番号</dt><dd>89566654</dd>
<dt>契約期間</dt><dd>本日ご入金を確認した場合：<span class="unit"><time datetime="2026-11-10">2026年11月10日（火）</time>から</span><span class="unit"><time datetime="2027-11-30">2027年11月30日（火）</time>まで</span>（12か月、386日間）</dd>
<dt>お支払い方法</dt><dd>銀行振込</dd>
<dt>お支払いの時期</dt><dd><time datetime="2026-11-24">2026年11月24日（火）</time>までに、13,200円をお振り込みください。期限までにご入金がないと、お申し込みは期限切れになります。</dd>
<dt>振込手数料</dt><dd>銀行振込の手数料は、お客様のご負担です。</dd>
<dt>ご利用の開始</dt><dd>
<p>ご入金を確認した日からご利用いただけます。確認には通常2～3営業日かかります（土日・祝日・年末年始を除く）。 契約期間は、ご入金を確認した日から始まります。</p>
</dd>
<dt>自動更新</dt><dd>
<p>なし：スタンダードプランは<time datetime="2027-11-30">2027年11月30日（火）</time>に終了します。</p>
</dd>
<dt>お申し込みの撤回・解約</dt><dd>契約期間の途中で解約された場合、残りの期間の料金は返金いたしません。お客様のご都合によるお支払い後の返品・キャンセルは、サービスの性質上お受けできません。</dd>
<dt>お申し込みの期間</dt><dd>お申し込みの期間に限りはありません。銀行振込は、お支払いの期限を過ぎるとお申し込みの効力がなくなります。</dd>
<dt>お問い合わせ</dt><dd>株式会社サンプルサーバー　<span class="unit">03-0000-0000</span>（平日10時から17時まで（土日・祝日・年末年始を除く））　support@kawasemi.example.jp</dd>
</dl>','717c2e3dbb422010c1cd66c6709a553319c30cdaaa648dc5222d4fe1c791bdef','2026-11-10 03:00:03.147973','127.0.0.1','Werkzeug/3.1.9');
CREATE TABLE consent (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL REFERENCES "order"(id), document VARCHAR(64) NOT NULL, version VARCHAR(64) NOT NULL,
    title VARCHAR(255) NOT NULL, sha256 CHAR(64) NOT NULL, agreed_at DATETIME NOT NULL, UNIQUE (order_id, document));
INSERT INTO "consent" VALUES(1,1,'server-terms','2026-04-01','サーバーご利用約款','b9cd35787ad39a914f8d534e3070eda3e9d526417419a8dce1ea2a4e05a4a8b1','2026-09-20 03:00:00.854150');
INSERT INTO "consent" VALUES(2,2,'server-terms','2026-04-01','サーバーご利用約款','b9cd35787ad39a914f8d534e3070eda3e9d526417419a8dce1ea2a4e05a4a8b1','2026-10-20 03:00:01.639110');
INSERT INTO "consent" VALUES(3,3,'server-terms','2026-04-01','サーバーご利用約款','b9cd35787ad39a914f8d534e3070eda3e9d526417419a8dce1ea2a4e05a4a8b1','2026-10-20 03:00:01.920301');
INSERT INTO "consent" VALUES(4,5,'server-terms','2026-04-01','サーバーご利用約款','b9cd35787ad39a914f8d534e3070eda3e9d526417419a8dce1ea2a4e05a4a8b1','2026-11-10 03:00:02.697515');
INSERT INTO "consent" VALUES(5,5,'backup-terms','2026-04-01','バックアップオプション特約','66958cbede23cd2bad2a7edc1ea78e9a22aa0814e971103eb124ef8580a2884a','2026-11-10 03:00:02.697537');
INSERT INTO "consent" VALUES(6,5,'device-terms','2026-04-01','デバイスセキュリティ特約','a7abf501cf1b76821f61ffbc0faa54bf4dc96142763f791f53d56a6e85cc78dc','2026-11-10 03:00:02.697547');
INSERT INTO "consent" VALUES(7,6,'server-terms','2026-04-01','サーバーご利用約款','b9cd35787ad39a914f8d534e3070eda3e9d526417419a8dce1ea2a4e05a4a8b1','2026-11-10 03:00:02.968478');
INSERT INTO "consent" VALUES(8,7,'server-terms','2026-04-01','サーバーご利用約款','b9cd35787ad39a914f8d534e3070eda3e9d526417419a8dce1ea2a4e05a4a8b1','2026-11-10 03:00:03.146875');
CREATE TABLE deposit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, number VARCHAR(16) NOT NULL UNIQUE, booked_on DATE NOT NULL, valued_on DATE NOT NULL, yen BIGINT NOT NULL CHECK (yen > 0),
    payer VARCHAR(255) NOT NULL, form_token VARCHAR(64) NOT NULL UNIQUE, staff_id INTEGER NOT NULL REFERENCES staff(id),
    created_at DATETIME NOT NULL);
INSERT INTO "deposit" VALUES(1,'18251535','2026-11-10','2026-11-10',13300,'ﾐﾎﾝ ｷﾞﾝｺｳ','release',1,'2026-11-10 03:00:03.250716');
CREATE TABLE event (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER REFERENCES account(id), entity VARCHAR(64) NOT NULL,
    from_state VARCHAR(16), to_state VARCHAR(16) NOT NULL, actor VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL, at DATETIME NOT NULL);
INSERT INTO "event" VALUES(1,NULL,'staff staff',NULL,'active','demo','社員を追加','2026-09-20 03:00:00.259921');
INSERT INTO "event" VALUES(2,1,'account ended',NULL,'open','demo','アカウントを作成','2026-09-20 03:00:00.292849');
INSERT INTO "event" VALUES(3,1,'mail 1',NULL,'waiting','portal','新しいブラウザーからのログイン（sign-in ended 2026-09-20T03:00:00.474934+00:00）','2026-09-20 03:00:00.488545');
INSERT INTO "event" VALUES(4,1,'order 50596009','draft','placed','account ended','申し込み 1320円','2026-09-20 03:00:00.853595');
INSERT INTO "event" VALUES(5,1,'payment demo-3487eaec-o50596009-a1',NULL,'created','account ended','1320円の支払いを開始','2026-09-20 03:00:00.855134');
INSERT INTO "event" VALUES(6,1,'payment demo-3487eaec-o50596009-a1','created','submitted','portal','決済会社へ送る','2026-09-20 03:00:00.860307');
INSERT INTO "event" VALUES(7,1,'payment demo-3487eaec-o50596009-a1','submitted','succeeded','card company','決済会社が支払いを確認','2026-09-20 03:00:00.869896');
INSERT INTO "event" VALUES(8,1,'order 50596009','placed','paid','card company','1320円の入金を確認','2026-09-20 03:00:00.870604');
INSERT INTO "event" VALUES(9,1,'provisioning 1',NULL,'waiting','portal','利用開始（start term 1）','2026-09-20 03:00:00.873127');
INSERT INTO "event" VALUES(10,1,'account ended',NULL,'renewal on','portal','自動更新の支払い方法: クレジットカード','2026-09-20 03:00:00.874552');
INSERT INTO "event" VALUES(11,1,'mail 2',NULL,'waiting','portal','入金の確認（order 50596009）','2026-09-20 03:00:00.898589');
INSERT INTO "event" VALUES(12,1,'mail 1','waiting','sent','worker','1回目で送信','2026-09-20 03:00:00.985814');
INSERT INTO "event" VALUES(13,1,'mail 2','waiting','sent','worker','1回目で送信','2026-09-20 03:00:00.997682');
INSERT INTO "event" VALUES(14,1,'account ended','renewal on','renewal off','account ended','支払い方法をリセット','2026-09-21 03:00:01.042049');
INSERT INTO "event" VALUES(15,1,'mail 3',NULL,'waiting','portal','お支払い方法のリセット（renewal ended reset 2026-09-21T03:00:01.042463+00:00）','2026-09-21 03:00:01.049874');
INSERT INTO "event" VALUES(16,1,'account ended','to forget','forgotten','card company','カードを削除した','2026-09-21 03:00:01.057912');
INSERT INTO "event" VALUES(17,1,'mail 3','waiting','sent','worker','1回目で送信','2026-09-21 03:00:01.108894');
INSERT INTO "event" VALUES(18,1,'mail 4',NULL,'waiting','portal','更新手続きのお願い（renewal ended hand 2026-10-31 first）','2026-10-01 03:00:01.212160');
INSERT INTO "event" VALUES(19,1,'mail 4','waiting','sent','worker','1回目で送信','2026-10-01 03:00:01.221442');
INSERT INTO "event" VALUES(20,2,'account renew',NULL,'open','demo','アカウントを作成','2026-10-20 03:00:01.474024');
INSERT INTO "event" VALUES(21,2,'mail 5',NULL,'waiting','portal','新しいブラウザーからのログイン（sign-in renew 2026-10-20T03:00:01.534873+00:00）','2026-10-20 03:00:01.536622');
INSERT INTO "event" VALUES(22,2,'order 59719973','draft','placed','account renew','申し込み 1320円','2026-10-20 03:00:01.638718');
INSERT INTO "event" VALUES(23,2,'payment demo-3487eaec-o59719973-a1',NULL,'created','account renew','1320円の支払いを開始','2026-10-20 03:00:01.641045');
INSERT INTO "event" VALUES(24,2,'payment demo-3487eaec-o59719973-a1','created','submitted','portal','決済会社へ送る','2026-10-20 03:00:01.642660');
INSERT INTO "event" VALUES(25,2,'payment demo-3487eaec-o59719973-a1','submitted','succeeded','card company','決済会社が支払いを確認','2026-10-20 03:00:01.653352');
INSERT INTO "event" VALUES(26,2,'order 59719973','placed','paid','card company','1320円の入金を確認','2026-10-20 03:00:01.653840');
INSERT INTO "event" VALUES(27,2,'provisioning 2',NULL,'waiting','portal','利用開始（start term 2）','2026-10-20 03:00:01.655893');
INSERT INTO "event" VALUES(28,2,'account renew',NULL,'renewal on','portal','自動更新の支払い方法: クレジットカード','2026-10-20 03:00:01.657086');
INSERT INTO "event" VALUES(29,2,'mail 6',NULL,'waiting','portal','入金の確認（order 59719973）','2026-10-20 03:00:01.664751');
INSERT INTO "event" VALUES(30,3,'account failed',NULL,'open','demo','アカウントを作成','2026-10-20 03:00:01.717767');
INSERT INTO "event" VALUES(31,3,'mail 7',NULL,'waiting','portal','新しいブラウザーからのログイン（sign-in failed 2026-10-20T03:00:01.788405+00:00）','2026-10-20 03:00:01.796043');
INSERT INTO "event" VALUES(32,3,'order 50793661','draft','placed','account failed','申し込み 1320円','2026-10-20 03:00:01.919848');
INSERT INTO "event" VALUES(33,3,'payment demo-3487eaec-o50793661-a1',NULL,'created','account failed','1320円の支払いを開始','2026-10-20 03:00:01.921028');
INSERT INTO "event" VALUES(34,3,'payment demo-3487eaec-o50793661-a1','created','submitted','portal','決済会社へ送る','2026-10-20 03:00:01.923801');
INSERT INTO "event" VALUES(35,3,'payment demo-3487eaec-o50793661-a1','submitted','succeeded','card company','決済会社が支払いを確認','2026-10-20 03:00:01.937927');
INSERT INTO "event" VALUES(36,3,'order 50793661','placed','paid','card company','1320円の入金を確認','2026-10-20 03:00:01.938393');
INSERT INTO "event" VALUES(37,3,'provisioning 3',NULL,'waiting','portal','利用開始（start term 3）','2026-10-20 03:00:01.941653');
INSERT INTO "event" VALUES(38,3,'account failed',NULL,'renewal on','portal','自動更新の支払い方法: クレジットカード','2026-10-20 03:00:01.942849');
INSERT INTO "event" VALUES(39,3,'mail 8',NULL,'waiting','portal','入金の確認（order 50793661）','2026-10-20 03:00:01.949806');
INSERT INTO "event" VALUES(40,2,'mail 5','waiting','sent','worker','1回目で送信','2026-10-20 03:00:02.011712');
INSERT INTO "event" VALUES(41,2,'mail 6','waiting','sent','worker','1回目で送信','2026-10-20 03:00:02.016998');
INSERT INTO "event" VALUES(42,3,'mail 7','waiting','sent','worker','1回目で送信','2026-10-20 03:00:02.019791');
INSERT INTO "event" VALUES(43,3,'mail 8','waiting','sent','worker','1回目で送信','2026-10-20 03:00:02.027451');
INSERT INTO "event" VALUES(44,2,'account renew','renewal on','renewal off','account renew','支払い方法をリセット','2026-10-21 03:00:02.044232');
INSERT INTO "event" VALUES(45,2,'mail 9',NULL,'waiting','portal','お支払い方法のリセット（renewal renew reset 2026-10-21T03:00:02.044665+00:00）','2026-10-21 03:00:02.045909');
INSERT INTO "event" VALUES(46,2,'account renew','to forget','forgotten','card company','カードを削除した','2026-10-21 03:00:02.049676');
INSERT INTO "event" VALUES(47,2,'mail 9','waiting','sent','worker','1回目で送信','2026-10-21 03:00:02.079761');
INSERT INTO "event" VALUES(48,1,'mail 10',NULL,'waiting','portal','更新手続きのお願い（renewal ended hand 2026-10-31 second）','2026-10-24 03:00:02.117201');
INSERT INTO "event" VALUES(49,1,'mail 10','waiting','sent','worker','1回目で送信','2026-10-24 03:00:02.130964');
INSERT INTO "event" VALUES(50,3,'mail 11',NULL,'waiting','portal','自動更新のお知らせ（renewal failed notice 2026-11-30 second）','2026-10-29 03:00:02.158820');
INSERT INTO "event" VALUES(51,3,'mail 11','waiting','sent','worker','1回目で送信','2026-10-29 03:00:02.165961');
INSERT INTO "event" VALUES(52,2,'mail 12',NULL,'waiting','portal','更新手続きのお願い（renewal renew hand 2026-11-30 first）','2026-10-31 03:00:02.186101');
INSERT INTO "event" VALUES(53,2,'mail 12','waiting','sent','worker','1回目で送信','2026-10-31 03:00:02.196850');
INSERT INTO "event" VALUES(54,1,'mail 13',NULL,'waiting','portal','契約期間の終了（renewal ended end 1 2026-10-31）','2026-11-01 03:00:02.223006');
INSERT INTO "event" VALUES(55,1,'subscription 1','active','stopped','worker','スタンダードプラン：契約期間が2026-10-31に終了','2026-11-01 03:00:02.223646');
INSERT INTO "event" VALUES(56,1,'provisioning 4',NULL,'waiting','portal','停止（stop subscription 1 2026-11-01）','2026-11-01 03:00:02.224717');
INSERT INTO "event" VALUES(57,1,'mail 14',NULL,'waiting','portal','サービスの停止（renewal ended stop 1 2026-10-31）','2026-11-01 03:00:02.227884');
INSERT INTO "event" VALUES(58,1,'mail 13','waiting','sent','worker','1回目で送信','2026-11-01 03:00:02.241339');
INSERT INTO "event" VALUES(59,1,'mail 14','waiting','sent','worker','1回目で送信','2026-11-01 03:00:02.249046');
INSERT INTO "event" VALUES(60,3,'order 73136749','draft','placed','worker','自動更新 1320円','2026-11-05 03:00:02.290579');
INSERT INTO "event" VALUES(61,3,'payment demo-3487eaec-o73136749-a1',NULL,'created','worker','1320円の自動更新の支払いを開始','2026-11-05 03:00:02.291163');
INSERT INTO "event" VALUES(62,3,'payment demo-3487eaec-o73136749-a1','created','submitted','portal','決済会社へ送る','2026-11-05 03:00:02.292463');
INSERT INTO "event" VALUES(63,3,'payment demo-3487eaec-o73136749-a1','submitted','declined','card company','不成立: card_declined','2026-11-05 03:00:02.294305');
INSERT INTO "event" VALUES(64,3,'mail 15',NULL,'waiting','portal','自動更新の不成立（payment demo-3487eaec-o73136749-a1）','2026-11-05 03:00:02.308215');
INSERT INTO "event" VALUES(65,3,'mail 15','waiting','sent','worker','1回目で送信','2026-11-05 03:00:02.328008');
INSERT INTO "event" VALUES(66,1,'mail 16',NULL,'waiting','portal','解約の予告（renewal ended deletion 1 2026-10-31）','2026-11-08 03:00:02.364316');
INSERT INTO "event" VALUES(67,1,'mail 16','waiting','sent','worker','1回目で送信','2026-11-08 03:00:02.372888');
INSERT INTO "event" VALUES(68,3,'payment demo-3487eaec-o73136749-a2',NULL,'created','worker','1320円の自動更新の支払いを開始','2026-11-10 03:00:02.422716');
INSERT INTO "event" VALUES(69,3,'payment demo-3487eaec-o73136749-a2','created','submitted','portal','決済会社へ送る','2026-11-10 03:00:02.428241');
INSERT INTO "event" VALUES(70,3,'payment demo-3487eaec-o73136749-a2','submitted','declined','card company','不成立: card_declined','2026-11-10 03:00:02.437788');
INSERT INTO "event" VALUES(71,3,'mail 17',NULL,'waiting','portal','自動更新の不成立（payment demo-3487eaec-o73136749-a2）','2026-11-10 03:00:02.447217');
INSERT INTO "event" VALUES(72,3,'mail 17','waiting','sent','worker','1回目で送信','2026-11-10 03:00:02.485007');
INSERT INTO "event" VALUES(73,4,'account card',NULL,'open','demo','アカウントを作成','2026-11-10 03:00:02.543910');
INSERT INTO "event" VALUES(74,4,'mail 18',NULL,'waiting','portal','新しいブラウザーからのログイン（sign-in card 2026-11-10T03:00:02.603801+00:00）','2026-11-10 03:00:02.605010');
INSERT INTO "event" VALUES(75,4,'order 14743282','draft','placed','account card','申し込み 27060円','2026-11-10 03:00:02.696893');
INSERT INTO "event" VALUES(76,4,'payment demo-3487eaec-o14743282-a1',NULL,'created','account card','27060円の支払いを開始','2026-11-10 03:00:02.698632');
INSERT INTO "event" VALUES(77,4,'payment demo-3487eaec-o14743282-a1','created','submitted','portal','決済会社へ送る','2026-11-10 03:00:02.701612');
INSERT INTO "event" VALUES(78,4,'payment demo-3487eaec-o14743282-a1','submitted','succeeded','card company','決済会社が支払いを確認','2026-11-10 03:00:02.713164');
INSERT INTO "event" VALUES(79,4,'order 14743282','placed','paid','card company','27060円の入金を確認','2026-11-10 03:00:02.713856');
INSERT INTO "event" VALUES(80,4,'provisioning 5',NULL,'waiting','portal','利用開始（start term 4）','2026-11-10 03:00:02.716140');
INSERT INTO "event" VALUES(81,4,'provisioning 6',NULL,'waiting','portal','利用開始（start term 5）','2026-11-10 03:00:02.717253');
INSERT INTO "event" VALUES(82,4,'provisioning 7',NULL,'waiting','portal','利用開始（start term 6）','2026-11-10 03:00:02.718295');
INSERT INTO "event" VALUES(83,4,'account card',NULL,'renewal on','portal','自動更新の支払い方法: クレジットカード','2026-11-10 03:00:02.723855');
INSERT INTO "event" VALUES(84,4,'mail 19',NULL,'waiting','portal','入金の確認（order 14743282）','2026-11-10 03:00:02.730926');
INSERT INTO "event" VALUES(85,5,'account osaipo',NULL,'open','demo','アカウントを作成','2026-11-10 03:00:02.780456');
INSERT INTO "event" VALUES(86,5,'mail 20',NULL,'waiting','portal','新しいブラウザーからのログイン（sign-in osaipo 2026-11-10T03:00:02.842099+00:00）','2026-11-10 03:00:02.843316');
INSERT INTO "event" VALUES(87,5,'account osaipo',NULL,'wallet linked','account osaipo','os****mo','2026-11-10 03:00:02.941397');
INSERT INTO "event" VALUES(88,5,'order 95411713','draft','placed','account osaipo','申し込み 13200円','2026-11-10 03:00:02.968037');
INSERT INTO "event" VALUES(89,5,'payment demo-3487eaec-o95411713-a1',NULL,'created','account osaipo','13200円の支払いを開始','2026-11-10 03:00:02.969187');
INSERT INTO "event" VALUES(90,5,'payment demo-3487eaec-o95411713-a1','created','submitted','portal','決済会社へ送る','2026-11-10 03:00:02.971039');
INSERT INTO "event" VALUES(91,5,'payment demo-3487eaec-o95411713-a1','submitted','succeeded','wallet company','決済会社が支払いを確認','2026-11-10 03:00:02.980104');
INSERT INTO "event" VALUES(92,5,'order 95411713','placed','paid','wallet company','13200円の入金を確認','2026-11-10 03:00:02.980582');
INSERT INTO "event" VALUES(93,5,'provisioning 8',NULL,'waiting','portal','利用開始（start term 7）','2026-11-10 03:00:02.982468');
INSERT INTO "event" VALUES(94,5,'account osaipo',NULL,'renewal on','portal','自動更新の支払い方法: おさいぽ!','2026-11-10 03:00:02.988869');
INSERT INTO "event" VALUES(95,5,'mail 21',NULL,'waiting','portal','入金の確認（order 95411713）','2026-11-10 03:00:02.997294');
INSERT INTO "event" VALUES(96,6,'account bank',NULL,'open','demo','アカウントを作成','2026-11-10 03:00:03.043254');
INSERT INTO "event" VALUES(97,6,'mail 22',NULL,'waiting','portal','新しいブラウザーからのログイン（sign-in bank 2026-11-10T03:00:03.088232+00:00）','2026-11-10 03:00:03.089421');
INSERT INTO "event" VALUES(98,6,'order 89566654','draft','placed','account bank','申し込み 13200円','2026-11-10 03:00:03.146470');
INSERT INTO "event" VALUES(99,6,'mail 23',NULL,'waiting','portal','お申し込みの受付とお振込先（order 89566654）','2026-11-10 03:00:03.169321');
INSERT INTO "event" VALUES(100,7,'account new',NULL,'open','demo','アカウントを作成','2026-11-10 03:00:03.238277');
INSERT INTO "event" VALUES(101,6,'order 89566654','placed','placed','account bank','振込の連絡：2026-11-10 ﾐﾎﾝ ｷﾞﾝｺｳ','2026-11-10 03:00:03.249370');
INSERT INTO "event" VALUES(102,NULL,'deposit 18251535',NULL,'entered','staff staff','13300円 ﾐﾎﾝ ｷﾞﾝｺｳ','2026-11-10 03:00:03.251714');
INSERT INTO "event" VALUES(103,6,'deposit 18251535','entered','allocated','staff staff','申し込み 89566654 に 13200円：番号と金額が一致','2026-11-10 03:00:03.256519');
INSERT INTO "event" VALUES(104,6,'order 89566654','placed','paid','staff staff','13200円の入金を確認','2026-11-10 03:00:03.258406');
INSERT INTO "event" VALUES(105,6,'provisioning 9',NULL,'waiting','portal','利用開始（start term 8）','2026-11-10 03:00:03.266039');
INSERT INTO "event" VALUES(106,6,'mail 24',NULL,'waiting','portal','入金の確認（order 89566654）','2026-11-10 03:00:03.274940');
CREATE TABLE hosting_event (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL REFERENCES account(id), subscription_id INTEGER NOT NULL REFERENCES subscription(id),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('start', 'extension', 'resume', 'stop', 'end')),
    product VARCHAR(64) NOT NULL, variant VARCHAR(64) NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0), starts_on DATE, ends_on DATE, order_number VARCHAR(16),
    key VARCHAR(128) NOT NULL UNIQUE, body TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries INTEGER NOT NULL CHECK (tries >= 0), pauses INTEGER NOT NULL CHECK (pauses >= 0),
    next_try_at DATETIME NOT NULL, trying_since DATETIME, claimed_until DATETIME,
    created_at DATETIME NOT NULL, sent_at DATETIME, last_error TEXT NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK ((state = 'sending') = (claimed_until IS NOT NULL)), CHECK ((state = 'sent') = (sent_at IS NOT NULL)));
INSERT INTO "hosting_event" VALUES(1,1,1,'start','server','standard',1,'2026-09-20','2026-10-31','50596009','start term 1','{"id": "start term 1", "account": "ended", "plan": "standard", "subscription": 1, "kind": "start", "product": "server", "variant": "standard", "quantity": 1, "starts_on": "2026-09-20", "ends_on": "2026-10-31", "order_number": "50596009", "at": "2026-09-20T03:00:00Z"}','waiting',0,0,'2026-09-20 03:00:00.872709',NULL,NULL,'2026-09-20 03:00:00.872709',NULL,'');
INSERT INTO "hosting_event" VALUES(2,2,2,'start','server','standard',1,'2026-10-20','2026-11-30','59719973','start term 2','{"id": "start term 2", "account": "renew", "plan": "standard", "subscription": 2, "kind": "start", "product": "server", "variant": "standard", "quantity": 1, "starts_on": "2026-10-20", "ends_on": "2026-11-30", "order_number": "59719973", "at": "2026-10-20T03:00:01Z"}','waiting',0,0,'2026-10-20 03:00:01.655488',NULL,NULL,'2026-10-20 03:00:01.655488',NULL,'');
INSERT INTO "hosting_event" VALUES(3,3,3,'start','server','standard',1,'2026-10-20','2026-11-30','50793661','start term 3','{"id": "start term 3", "account": "failed", "plan": "standard", "subscription": 3, "kind": "start", "product": "server", "variant": "standard", "quantity": 1, "starts_on": "2026-10-20", "ends_on": "2026-11-30", "order_number": "50793661", "at": "2026-10-20T03:00:01Z"}','waiting',0,0,'2026-10-20 03:00:01.941298',NULL,NULL,'2026-10-20 03:00:01.941298',NULL,'');
INSERT INTO "hosting_event" VALUES(4,1,1,'stop','server','standard',1,NULL,'2026-10-31',NULL,'stop subscription 1 2026-11-01','{"id": "stop subscription 1 2026-11-01", "account": "ended", "plan": "standard", "subscription": 1, "kind": "stop", "product": "server", "variant": "standard", "quantity": 1, "starts_on": null, "ends_on": "2026-10-31", "order_number": null, "at": "2026-11-01T03:00:02Z"}','waiting',0,0,'2026-11-01 03:00:02.224387',NULL,NULL,'2026-11-01 03:00:02.224387',NULL,'');
INSERT INTO "hosting_event" VALUES(5,4,4,'start','server','standard',1,'2026-11-10','2027-11-30','14743282','start term 4','{"id": "start term 4", "account": "card", "plan": "standard", "subscription": 4, "kind": "start", "product": "server", "variant": "standard", "quantity": 1, "starts_on": "2026-11-10", "ends_on": "2027-11-30", "order_number": "14743282", "at": "2026-11-10T03:00:02Z"}','waiting',0,0,'2026-11-10 03:00:02.715795',NULL,NULL,'2026-11-10 03:00:02.715795',NULL,'');
INSERT INTO "hosting_event" VALUES(6,4,5,'start','backup','',1,'2026-11-10','2027-11-30','14743282','start term 5','{"id": "start term 5", "account": "card", "plan": "standard", "subscription": 5, "kind": "start", "product": "backup", "variant": "", "quantity": 1, "starts_on": "2026-11-10", "ends_on": "2027-11-30", "order_number": "14743282", "at": "2026-11-10T03:00:02Z"}','waiting',0,0,'2026-11-10 03:00:02.716966',NULL,NULL,'2026-11-10 03:00:02.716966',NULL,'');
INSERT INTO "hosting_event" VALUES(7,4,6,'start','device','',3,'2026-11-10','2027-11-30','14743282','start term 6','{"id": "start term 6", "account": "card", "plan": "standard", "subscription": 6, "kind": "start", "product": "device", "variant": "", "quantity": 3, "starts_on": "2026-11-10", "ends_on": "2027-11-30", "order_number": "14743282", "at": "2026-11-10T03:00:02Z"}','waiting',0,0,'2026-11-10 03:00:02.718017',NULL,NULL,'2026-11-10 03:00:02.718017',NULL,'');
INSERT INTO "hosting_event" VALUES(8,5,7,'start','server','standard',1,'2026-11-10','2027-11-30','95411713','start term 7','{"id": "start term 7", "account": "osaipo", "plan": "standard", "subscription": 7, "kind": "start", "product": "server", "variant": "standard", "quantity": 1, "starts_on": "2026-11-10", "ends_on": "2027-11-30", "order_number": "95411713", "at": "2026-11-10T03:00:02Z"}','waiting',0,0,'2026-11-10 03:00:02.982097',NULL,NULL,'2026-11-10 03:00:02.982097',NULL,'');
INSERT INTO "hosting_event" VALUES(9,6,8,'start','server','standard',1,'2026-11-10','2027-11-30','89566654','start term 8','{"id": "start term 8", "account": "bank", "plan": "standard", "subscription": 8, "kind": "start", "product": "server", "variant": "standard", "quantity": 1, "starts_on": "2026-11-10", "ends_on": "2027-11-30", "order_number": "89566654", "at": "2026-11-10T03:00:03Z"}','waiting',0,0,'2026-11-10 03:00:03.265624',NULL,NULL,'2026-11-10 03:00:03.265624',NULL,'');
CREATE TABLE installation (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, installation_id VARCHAR(64) NOT NULL, is_demo BOOLEAN NOT NULL, catalog_sha256 CHAR(64), CHECK (id = 1));
INSERT INTO "installation" VALUES(1,'demo-3487eaec',1,'62ff808b5e9a23703988eb0c57d127d6bea20f5eb30a5d7f81fda21779cdcc24');
CREATE TABLE mail (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind VARCHAR(32) NOT NULL, entity VARCHAR(128) NOT NULL, recipient VARCHAR(255) NOT NULL,
    account_id INTEGER REFERENCES account(id), message_id VARCHAR(255) NOT NULL UNIQUE,
    subject VARCHAR(255) NOT NULL, body TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'withdrawn')),
    tries INTEGER NOT NULL CHECK (tries >= 0), pauses INTEGER NOT NULL CHECK (pauses >= 0),
    next_try_at DATETIME NOT NULL, trying_since DATETIME, claimed_until DATETIME,
    created_at DATETIME NOT NULL, sent_at DATETIME, last_error TEXT NOT NULL, good_until DATE,
    UNIQUE (kind, entity, recipient),
    CHECK ((state = 'sending') = (claimed_until IS NOT NULL)), CHECK (state <> 'sent' OR sent_at IS NOT NULL));
INSERT INTO "mail" VALUES(1,'new_browser','sign-in ended 2026-09-20T03:00:00.474934+00:00','ended@example.jp',1,'<new_browser.24d48c9a8dcc2574ef8470c3@kawasemi.example.jp>','【かわせみサーバー】新しいブラウザーからログインがありました','見本 終 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

これまで使われたことのないブラウザーから、ログインがありました。

日時：2026年9月20日（日） 12時00分
ブラウザー：名前の分からないブラウザー
接続元のアドレス：127.0.0.1

ご本人のログインであれば、何もしていただく必要はありません。

お心当たりがない場合は、すぐにパスワードを変更し、下のサポート窓口へご連
絡ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-09-20 03:00:00.487990','2026-09-20 03:00:00.977458',NULL,'2026-09-20 03:00:00.487928','2026-09-20 03:00:00.985319','',NULL);
INSERT INTO "mail" VALUES(2,'payment_confirmed','order 50596009','ended@example.jp',1,'<payment_confirmed.2052ceead15d3e59e0fc51a5@kawasemi.example.jp>','【かわせみサーバー】ご入金を確認しました','見本 終 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

ご入金を確認しました。ありがとうございます。

■ お支払い
お支払い日：2026年9月20日（日）
お支払い方法：クレジットカード（Visa 下4桁 4242）

■ お申し込みの内容
お申し込み番号：50596009
・スタンダードプラン（1か月）　1,320円
　2026年9月20日（日）から2026年10月31日（土）まで
お支払い総額：1,320円（税込。うち消費税10% 120円）

■ 次回の更新
・スタンダードプランは、自動で更新されます。
　次回のお支払い：2026年10月5日（月）に1,320円（税込）
　変更・停止の期限：2026年10月4日（日） 23時59分まで
　この日にお支払いできなかったときは、同じ月の10日、15日、20日、25日、
  28日にもう一度手続きします（お支払い方法が使えなくなっている場合を除き
  ます）。

自動更新を止める：
http://127.0.0.1:8000/renewal/reset
止めても、お支払い済みの期間の終わりまでご利用いただけます。

ご契約の内容は、「サーバー契約・更新」で確認できます。
http://127.0.0.1:8000/contract

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-09-20 03:00:00.898159','2026-09-20 03:00:00.991812',NULL,'2026-09-20 03:00:00.898113','2026-09-20 03:00:00.997354','',NULL);
INSERT INTO "mail" VALUES(3,'method_reset','renewal ended reset 2026-09-21T03:00:01.042463+00:00','ended@example.jp',1,'<method_reset.16450905b3f486bfea0ec375@kawasemi.example.jp>','【かわせみサーバー】自動更新を止めました','見本 終 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

自動更新を止め、ご登録のカードを削除しました。今後、新しく自動でお支払い
の手続きをすることはありません。

■ ご契約の終わりと、お手続きの期限
・スタンダードプラン：2026年10月31日（土）まで
お支払い済みの期間の終わりまで、そのままご利用いただけます。
続けてご利用になる場合は、それぞれの日までに、「サーバー契約・更新」の
「契約更新の操作へ進む」からお手続きください。
http://127.0.0.1:8000/contract

お手続きがない場合は、それぞれの日の翌日に契約終了となり、その後サービス
を停止します。

更新のときにクレジットカードまたはおさいぽ!でお支払いいただくと、自動更
新をもう一度お使いいただけます。

お心当たりがない場合は、すぐにパスワードを変更し、下のサポート窓口へご連
絡ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-09-21 03:00:01.049465','2026-09-21 03:00:01.100921',NULL,'2026-09-21 03:00:01.049425','2026-09-21 03:00:01.108580','',NULL);
INSERT INTO "mail" VALUES(4,'renewal_by_hand','renewal ended hand 2026-10-31 first','ended@example.jp',1,'<renewal_by_hand.2b5ebeefa5e3cfd1e5623cc1@kawasemi.example.jp>','【かわせみサーバー】更新のお手続きをお願いします','見本 終 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

次のご契約は、2026年10月31日（土）に契約期間が終わります。続けてご利用に
なるには、更新のお手続きが必要です。
自動では更新されません。

・スタンダードプラン

■ 続けてご利用になる場合
2026年10月31日（土）までに、「サーバー契約・更新」の「契約更新の操作へ進
む」からお手続きください。
http://127.0.0.1:8000/contract

銀行振込は、ご入金の確認に日数がかかります。お早めにお手続きください。

■ お手続きがない場合
2026年10月31日（土）の翌日に契約終了となり、その後サービスを停止します。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-01 03:00:01.211821','2026-10-01 03:00:01.219270',NULL,'2026-10-01 03:00:01.211792','2026-10-01 03:00:01.221217','','2026-10-31');
INSERT INTO "mail" VALUES(5,'new_browser','sign-in renew 2026-10-20T03:00:01.534873+00:00','renew@example.jp',2,'<new_browser.e07ef576717c77ec4d3b336b@kawasemi.example.jp>','【かわせみサーバー】新しいブラウザーからログインがありました','見本 更 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

これまで使われたことのないブラウザーから、ログインがありました。

日時：2026年10月20日（火） 12時00分
ブラウザー：名前の分からないブラウザー
接続元のアドレス：127.0.0.1

ご本人のログインであれば、何もしていただく必要はありません。

お心当たりがない場合は、すぐにパスワードを変更し、下のサポート窓口へご連
絡ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-20 03:00:01.536054','2026-10-20 03:00:02.004439',NULL,'2026-10-20 03:00:01.536027','2026-10-20 03:00:02.011379','',NULL);
INSERT INTO "mail" VALUES(6,'payment_confirmed','order 59719973','renew@example.jp',2,'<payment_confirmed.343dc4de8f62677fcf0749e4@kawasemi.example.jp>','【かわせみサーバー】ご入金を確認しました','見本 更 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

ご入金を確認しました。ありがとうございます。

■ お支払い
お支払い日：2026年10月20日（火）
お支払い方法：クレジットカード（Visa 下4桁 4242）

■ お申し込みの内容
お申し込み番号：59719973
・スタンダードプラン（1か月）　1,320円
　2026年10月20日（火）から2026年11月30日（月）まで
お支払い総額：1,320円（税込。うち消費税10% 120円）

■ 次回の更新
・スタンダードプランは、自動で更新されます。
　次回のお支払い：2026年11月5日（木）に1,320円（税込）
　変更・停止の期限：2026年11月4日（水） 23時59分まで
　この日にお支払いできなかったときは、同じ月の10日、15日、20日、25日、
  28日にもう一度手続きします（お支払い方法が使えなくなっている場合を除き
  ます）。

自動更新を止める：
http://127.0.0.1:8000/renewal/reset
止めても、お支払い済みの期間の終わりまでご利用いただけます。

ご契約の内容は、「サーバー契約・更新」で確認できます。
http://127.0.0.1:8000/contract

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-20 03:00:01.664457','2026-10-20 03:00:02.012412',NULL,'2026-10-20 03:00:01.664427','2026-10-20 03:00:02.016758','',NULL);
INSERT INTO "mail" VALUES(7,'new_browser','sign-in failed 2026-10-20T03:00:01.788405+00:00','failed@example.jp',3,'<new_browser.5f9256b0f043d4c2e6854b6a@kawasemi.example.jp>','【かわせみサーバー】新しいブラウザーからログインがありました','見本 三郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

これまで使われたことのないブラウザーから、ログインがありました。

日時：2026年10月20日（火） 12時00分
ブラウザー：名前の分からないブラウザー
接続元のアドレス：127.0.0.1

ご本人のログインであれば、何もしていただく必要はありません。

お心当たりがない場合は、すぐにパスワードを変更し、下のサポート窓口へご連
絡ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-20 03:00:01.795543','2026-10-20 03:00:02.017613',NULL,'2026-10-20 03:00:01.795503','2026-10-20 03:00:02.019534','',NULL);
INSERT INTO "mail" VALUES(8,'payment_confirmed','order 50793661','failed@example.jp',3,'<payment_confirmed.9cbfe2739211bcd3e02da18c@kawasemi.example.jp>','【かわせみサーバー】ご入金を確認しました','見本 三郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

ご入金を確認しました。ありがとうございます。

■ お支払い
お支払い日：2026年10月20日（火）
お支払い方法：クレジットカード（Visa 下4桁 9995）

■ お申し込みの内容
お申し込み番号：50793661
・スタンダードプラン（1か月）　1,320円
　2026年10月20日（火）から2026年11月30日（月）まで
お支払い総額：1,320円（税込。うち消費税10% 120円）

■ 次回の更新
・スタンダードプランは、自動で更新されます。
　次回のお支払い：2026年11月5日（木）に1,320円（税込）
　変更・停止の期限：2026年11月4日（水） 23時59分まで
　この日にお支払いできなかったときは、同じ月の10日、15日、20日、25日、
  28日にもう一度手続きします（お支払い方法が使えなくなっている場合を除き
  ます）。

自動更新を止める：
http://127.0.0.1:8000/renewal/reset
止めても、お支払い済みの期間の終わりまでご利用いただけます。

ご契約の内容は、「サーバー契約・更新」で確認できます。
http://127.0.0.1:8000/contract

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-20 03:00:01.949525','2026-10-20 03:00:02.021176',NULL,'2026-10-20 03:00:01.949498','2026-10-20 03:00:02.027159','',NULL);
INSERT INTO "mail" VALUES(9,'method_reset','renewal renew reset 2026-10-21T03:00:02.044665+00:00','renew@example.jp',2,'<method_reset.343e7fa4f9dc6c25d0abee00@kawasemi.example.jp>','【かわせみサーバー】自動更新を止めました','見本 更 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

自動更新を止め、ご登録のカードを削除しました。今後、新しく自動でお支払い
の手続きをすることはありません。

■ ご契約の終わりと、お手続きの期限
・スタンダードプラン：2026年11月30日（月）まで
お支払い済みの期間の終わりまで、そのままご利用いただけます。
続けてご利用になる場合は、それぞれの日までに、「サーバー契約・更新」の
「契約更新の操作へ進む」からお手続きください。
http://127.0.0.1:8000/contract

お手続きがない場合は、それぞれの日の翌日に契約終了となり、その後サービス
を停止します。

更新のときにクレジットカードまたはおさいぽ!でお支払いいただくと、自動更
新をもう一度お使いいただけます。

お心当たりがない場合は、すぐにパスワードを変更し、下のサポート窓口へご連
絡ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-21 03:00:02.045647','2026-10-21 03:00:02.073293',NULL,'2026-10-21 03:00:02.045627','2026-10-21 03:00:02.079388','',NULL);
INSERT INTO "mail" VALUES(10,'renewal_by_hand','renewal ended hand 2026-10-31 second','ended@example.jp',1,'<renewal_by_hand.921aff85f7686d35acd3ed6e@kawasemi.example.jp>','【かわせみサーバー】まもなく契約期間が終わります（更新手続きのお願い）','見本 終 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

次のご契約は、2026年10月31日（土）に契約期間が終わります。続けてご利用に
なるには、更新のお手続きが必要です。
自動では更新されません。

・スタンダードプラン

■ 続けてご利用になる場合
2026年10月31日（土）までに、「サーバー契約・更新」の「契約更新の操作へ進
む」からお手続きください。
http://127.0.0.1:8000/contract

銀行振込は、ご入金の確認に日数がかかります。お早めにお手続きください。

■ お手続きがない場合
2026年10月31日（土）の翌日に契約終了となり、その後サービスを停止します。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-24 03:00:02.116910','2026-10-24 03:00:02.129113',NULL,'2026-10-24 03:00:02.116888','2026-10-24 03:00:02.130762','','2026-10-31');
INSERT INTO "mail" VALUES(11,'renewal_notice','renewal failed notice 2026-11-30 second','failed@example.jp',3,'<renewal_notice.8cf02555e8ea8440074cf00c@kawasemi.example.jp>','【かわせみサーバー】まもなく自動更新のお支払い日です','見本 三郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

自動更新のお支払い日が近づきましたので、もう一度お知らせします。
2026年11月30日（月）に契約期間が終わるご契約を、次のとおり自動で更新しま
す。変更がなければ、お手続きは不要です。

■ お支払い
お支払い方法：クレジットカード（Visa 下4桁 9995）
次回のお支払い：2026年11月5日（木）に1,320円（税込）
変更・停止の期限：2026年11月4日（水） 23時59分まで
この日にお支払いできなかったときは、同じ月の10日、15日、20日、25日、28日
にもう一度手続きします（お支払い方法が使えなくなっている場合を除きま
す）。

■ 更新する内容
・スタンダードプラン（1か月）　1,320円
　2026年12月1日（火）から2026年12月31日（木）まで

■ 変更・停止のしかた
契約期間やオプションを変える：「次回ご契約内容を変更する」
http://127.0.0.1:8000/contract

お支払い方法を変える：「お支払い方法だけを変更する（今は支払わない）」
http://127.0.0.1:8000/renewal/method

自動更新を止める：
http://127.0.0.1:8000/renewal/reset
止めても、お支払い済みの期間の終わりまでご利用いただけます。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-29 03:00:02.158451','2026-10-29 03:00:02.163953',NULL,'2026-10-29 03:00:02.158418','2026-10-29 03:00:02.165755','','2026-11-04');
INSERT INTO "mail" VALUES(12,'renewal_by_hand','renewal renew hand 2026-11-30 first','renew@example.jp',2,'<renewal_by_hand.de36bc48545435269d8c91e0@kawasemi.example.jp>','【かわせみサーバー】更新のお手続きをお願いします','見本 更 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

次のご契約は、2026年11月30日（月）に契約期間が終わります。続けてご利用に
なるには、更新のお手続きが必要です。
自動では更新されません。

・スタンダードプラン

■ 続けてご利用になる場合
2026年11月30日（月）までに、「サーバー契約・更新」の「契約更新の操作へ進
む」からお手続きください。
http://127.0.0.1:8000/contract

銀行振込は、ご入金の確認に日数がかかります。お早めにお手続きください。

■ お手続きがない場合
2026年11月30日（月）の翌日に契約終了となり、その後サービスを停止します。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-10-31 03:00:02.185812','2026-10-31 03:00:02.194044',NULL,'2026-10-31 03:00:02.185790','2026-10-31 03:00:02.196600','','2026-11-30');
INSERT INTO "mail" VALUES(13,'contract_ended','renewal ended end 1 2026-10-31','ended@example.jp',1,'<contract_ended.024afa6f2e93d3afed9d25d9@kawasemi.example.jp>','【かわせみサーバー】契約期間が終わりました','見本 終 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

次のご契約は、2026年10月31日（土）で契約期間が終わり、契約終了となりまし
た。

・スタンダードプラン

■ 続けてご利用になる場合
2026年11月14日（土）までにお支払いいただくと、期間をあけずに更新できま
す。更新後の契約期間は、お支払いの日にかかわらず、2026年10月31日（土）の
翌日から始まります。
「サーバー契約・更新」の「契約更新の操作へ進む」からお手続きください。
http://127.0.0.1:8000/contract

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-11-01 03:00:02.222639','2026-11-01 03:00:02.232427',NULL,'2026-11-01 03:00:02.222612','2026-11-01 03:00:02.241011','',NULL);
INSERT INTO "mail" VALUES(14,'contract_stopped','renewal ended stop 1 2026-10-31','ended@example.jp',1,'<contract_stopped.4eaa4f8c64f03c74f8dfadb0@kawasemi.example.jp>','【かわせみサーバー】サービスを停止しました（停止中）','見本 終 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

更新のお支払いを確認できなかったため、2026年11月1日（日）に、次のご契約
のサービスを停止しました。今は停止中です。

・スタンダードプラン

■ 続けてご利用になる場合
2026年11月14日（土）までにお支払いいただくと、期間をあけずに更新でき、
サービスを再開します。
「サーバー契約・更新」の「契約更新の操作へ進む」からお手続きください。
http://127.0.0.1:8000/contract

銀行振込は、ご入金の確認に日数がかかります。お早めにお手続きください。

■ お支払いがない場合
2026年11月15日（日）に解約済となります。
解約済のご契約のデータは削除され、元に戻せません。サーバーの解約ととも
に、オプションも解約となります。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-11-01 03:00:02.227573','2026-11-01 03:00:02.243682',NULL,'2026-11-01 03:00:02.227550','2026-11-01 03:00:02.248787','',NULL);
INSERT INTO "mail" VALUES(15,'renewal_failed','payment demo-3487eaec-o73136749-a1','failed@example.jp',3,'<renewal_failed.8a5f3ce48a8d2bd379e256e9@kawasemi.example.jp>','【かわせみサーバー】自動更新のお支払いができませんでした','見本 三郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

クレジットカードでの自動更新のお支払い（お申し込み番号 73136749、
1,320円）ができませんでした。

カード会社の承認が得られませんでした。時間をおくか、別のカードをお試しく
ださい。お金は引き落とされていません。

■ 次のお支払いの手続き
2026年11月10日（火）に、もう一度お支払いの手続きをします。
別のお支払い方法に変えるときは、「お支払い方法だけを変更する（今は支払わ
ない）」からお手続きください。変更すると、手続きの日が後になることがあり
ます。
http://127.0.0.1:8000/renewal/method

■ すぐにお支払いになるとき
次のページから、お支払い方法を選んでお支払いください。お支払いが済むと、
上の手続きは行いません。
http://127.0.0.1:8000/orders/73136749/payment
お支払いの期限：2026年11月30日（月）まで

■ お支払いがない場合
2026年11月30日（月）の翌日に契約終了となり、その後サービスを停止します。

■ 更新する内容
・スタンダードプラン（1か月）　1,320円
　2026年12月1日（火）から2026年12月31日（木）まで
お支払い総額：1,320円（税込）

自動更新を止める：
http://127.0.0.1:8000/renewal/reset
止めても、お支払い済みの期間の終わりまでご利用いただけます。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-11-05 03:00:02.307813','2026-11-05 03:00:02.325828',NULL,'2026-11-05 03:00:02.307772','2026-11-05 03:00:02.327800','','2026-11-30');
INSERT INTO "mail" VALUES(16,'deletion_ahead','renewal ended deletion 1 2026-10-31','ended@example.jp',1,'<deletion_ahead.78064dba8795c6ab125fac49@kawasemi.example.jp>','【かわせみサーバー】まもなく解約となり、データを削除します','見本 終 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

停止中の次のご契約は、2026年11月14日（土）までにお支払いがないと、
2026年11月15日（日）に解約済となります。
解約済のご契約のデータは削除され、元に戻せません。サーバーの解約ととも
に、オプションも解約となります。

・スタンダードプラン

■ 続けてご利用になる場合
2026年11月14日（土）までにお支払いいただくと、期間をあけずに更新でき、
サービスを再開します。
「サーバー契約・更新」の「契約更新の操作へ進む」からお手続きください。
http://127.0.0.1:8000/contract

続けてご利用にならない場合は、お手続きは不要です。必要なデータの控えがお
手元にあるかどうかを、ご確認ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-11-08 03:00:02.363557','2026-11-08 03:00:02.369883',NULL,'2026-11-08 03:00:02.363533','2026-11-08 03:00:02.372681','','2026-11-14');
INSERT INTO "mail" VALUES(17,'renewal_failed','payment demo-3487eaec-o73136749-a2','failed@example.jp',3,'<renewal_failed.1d09dff90a43e860a6949568@kawasemi.example.jp>','【かわせみサーバー】自動更新のお支払いができませんでした','見本 三郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

クレジットカードでの自動更新のお支払い（お申し込み番号 73136749、
1,320円）ができませんでした。

カード会社の承認が得られませんでした。時間をおくか、別のカードをお試しく
ださい。お金は引き落とされていません。

■ 次のお支払いの手続き
2026年11月15日（日）に、もう一度お支払いの手続きをします。
別のお支払い方法に変えるときは、「お支払い方法だけを変更する（今は支払わ
ない）」からお手続きください。変更すると、手続きの日が後になることがあり
ます。
http://127.0.0.1:8000/renewal/method

■ すぐにお支払いになるとき
次のページから、お支払い方法を選んでお支払いください。お支払いが済むと、
上の手続きは行いません。
http://127.0.0.1:8000/orders/73136749/payment
お支払いの期限：2026年11月30日（月）まで

■ お支払いがない場合
2026年11月30日（月）の翌日に契約終了となり、その後サービスを停止します。

■ 更新する内容
・スタンダードプラン（1か月）　1,320円
　2026年12月1日（火）から2026年12月31日（木）まで
お支払い総額：1,320円（税込）

自動更新を止める：
http://127.0.0.1:8000/renewal/reset
止めても、お支払い済みの期間の終わりまでご利用いただけます。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','sent',1,0,'2026-11-10 03:00:02.446835','2026-11-10 03:00:02.478878',NULL,'2026-11-10 03:00:02.446813','2026-11-10 03:00:02.484784','','2026-11-30');
INSERT INTO "mail" VALUES(18,'new_browser','sign-in card 2026-11-10T03:00:02.603801+00:00','card@example.jp',4,'<new_browser.5aeaa86abfa0793a1519ca86@kawasemi.example.jp>','【かわせみサーバー】新しいブラウザーからログインがありました','見本 花 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

これまで使われたことのないブラウザーから、ログインがありました。

日時：2026年11月10日（火） 12時00分
ブラウザー：名前の分からないブラウザー
接続元のアドレス：127.0.0.1

ご本人のログインであれば、何もしていただく必要はありません。

お心当たりがない場合は、すぐにパスワードを変更し、下のサポート窓口へご連
絡ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','waiting',0,0,'2026-11-10 03:00:02.604679',NULL,NULL,'2026-11-10 03:00:02.604661',NULL,'',NULL);
INSERT INTO "mail" VALUES(19,'payment_confirmed','order 14743282','card@example.jp',4,'<payment_confirmed.dcf4acc23e5334fd44b92780@kawasemi.example.jp>','【かわせみサーバー】ご入金を確認しました','見本 花 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

ご入金を確認しました。ありがとうございます。

■ お支払い
お支払い日：2026年11月10日（火）
お支払い方法：クレジットカード（Visa 下4桁 4242）

■ お申し込みの内容
お申し込み番号：14743282
・スタンダードプラン（12か月）　13,200円
　2026年11月10日（火）から2027年11月30日（火）まで
・バックアップオプション（12か月）　3,960円
　2026年11月10日（火）から2027年11月30日（火）まで
・デバイスセキュリティ 3台（12か月）　9,900円
　2026年11月10日（火）から2027年11月30日（火）まで
お支払い総額：27,060円（税込。うち消費税10% 2,460円）

■ 次回の更新
・スタンダードプラン、バックアップオプション、デバイスセキュリティは、自
  動で更新されます。
　次回のお支払い：2027年11月5日（金）に27,060円（税込）
　変更・停止の期限：2027年11月4日（木） 23時59分まで
　この日にお支払いできなかったときは、同じ月の10日、15日、20日、25日、
  28日にもう一度手続きします（お支払い方法が使えなくなっている場合を除き
  ます）。

自動更新を止める：
http://127.0.0.1:8000/renewal/reset
止めても、お支払い済みの期間の終わりまでご利用いただけます。

ご契約の内容は、「サーバー契約・更新」で確認できます。
http://127.0.0.1:8000/contract

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','waiting',0,0,'2026-11-10 03:00:02.728839',NULL,NULL,'2026-11-10 03:00:02.728813',NULL,'',NULL);
INSERT INTO "mail" VALUES(20,'new_browser','sign-in osaipo 2026-11-10T03:00:02.842099+00:00','osaipo@example.jp',5,'<new_browser.adf233d8a3163ac04ec26476@kawasemi.example.jp>','【かわせみサーバー】新しいブラウザーからログインがありました','見本 次郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

これまで使われたことのないブラウザーから、ログインがありました。

日時：2026年11月10日（火） 12時00分
ブラウザー：名前の分からないブラウザー
接続元のアドレス：127.0.0.1

ご本人のログインであれば、何もしていただく必要はありません。

お心当たりがない場合は、すぐにパスワードを変更し、下のサポート窓口へご連
絡ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','waiting',0,0,'2026-11-10 03:00:02.842970',NULL,NULL,'2026-11-10 03:00:02.842951',NULL,'',NULL);
INSERT INTO "mail" VALUES(21,'payment_confirmed','order 95411713','osaipo@example.jp',5,'<payment_confirmed.1262fe9056c8116f765b6c59@kawasemi.example.jp>','【かわせみサーバー】ご入金を確認しました','見本 次郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

ご入金を確認しました。ありがとうございます。

■ お支払い
お支払い日：2026年11月10日（火）
お支払い方法：おさいぽ!

■ お申し込みの内容
お申し込み番号：95411713
・スタンダードプラン（12か月）　13,200円
　2026年11月10日（火）から2027年11月30日（火）まで
お支払い総額：13,200円（税込。うち消費税10% 1,200円）

■ 次回の更新
・スタンダードプランは、自動で更新されます。
　次回のお支払い：2027年11月15日（月）に13,200円（税込）
　変更・停止の期限：2027年11月11日（木） 23時59分まで
　この日にお支払いできなかったときは、同じ月の20日、25日、28日にもう一度
  手続きします（お支払い方法が使えなくなっている場合を除きます）。

自動更新を止める：
http://127.0.0.1:8000/renewal/reset
止めても、お支払い済みの期間の終わりまでご利用いただけます。

ご契約の内容は、「サーバー契約・更新」で確認できます。
http://127.0.0.1:8000/contract

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','waiting',0,0,'2026-11-10 03:00:02.996986',NULL,NULL,'2026-11-10 03:00:02.996956',NULL,'',NULL);
INSERT INTO "mail" VALUES(22,'new_browser','sign-in bank 2026-11-10T03:00:03.088232+00:00','bank@example.jp',6,'<new_browser.eff3a65aaee114c9293b66ba@kawasemi.example.jp>','【かわせみサーバー】新しいブラウザーからログインがありました','見本 太郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

これまで使われたことのないブラウザーから、ログインがありました。

日時：2026年11月10日（火） 12時00分
ブラウザー：名前の分からないブラウザー
接続元のアドレス：127.0.0.1

ご本人のログインであれば、何もしていただく必要はありません。

お心当たりがない場合は、すぐにパスワードを変更し、下のサポート窓口へご連
絡ください。

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','waiting',0,0,'2026-11-10 03:00:03.089094',NULL,NULL,'2026-11-10 03:00:03.089076',NULL,'',NULL);
INSERT INTO "mail" VALUES(23,'order_accepted','order 89566654','bank@example.jp',6,'<order_accepted.b69b9211af022dbceeb058db@kawasemi.example.jp>','【かわせみサーバー】お申し込みを受け付けました（お振込先のご案内）','見本 太郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

お申し込みを受け付けました。次の口座へお振り込みください。
ご入金を確認した日から、サービスをご利用いただけます。

■ お支払い情報
お振込金額：13,200円
お振込期限：2026年11月24日（火）
振込名義：お名前の前に番号 89566654 を付けてください。
　例：89566654 ミホン タロウ

お振込先
　銀行：テスト銀行（銀行コード 9999）
　支店：本店（支店コード 999）
　口座：普通 9000001
　名義：カ）サンプルサーバー

・銀行振込の手数料は、お客様のご負担です。
・ご入金を確認した日からご利用いただけます。確認には通常2～3営業日かかり
  ます（土日・祝日・年末年始を除く）。
・お振り込みの金額は、上の金額とちょうど同じにしてください。
・期限までにご入金がないと、お申し込みは期限切れになります。

■ お申し込みの内容
お申し込み番号：89566654
・スタンダードプラン（12か月）　13,200円
お支払い総額：13,200円（税込。うち消費税10% 1,200円）

入金状況と同じお支払い情報は、「サーバー契約・更新」で確認できます。
http://127.0.0.1:8000/contract

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','waiting',0,0,'2026-11-10 03:00:03.168899',NULL,NULL,'2026-11-10 03:00:03.168857',NULL,'',NULL);
INSERT INTO "mail" VALUES(24,'payment_confirmed','order 89566654','bank@example.jp',6,'<payment_confirmed.4838ae416b8a5f9accebfdbd@kawasemi.example.jp>','【かわせみサーバー】ご入金を確認しました','見本 太郎 さま

いつもかわせみサーバーをご利用いただき、ありがとうございます。

ご入金を確認しました。ありがとうございます。

■ お支払い
お支払い日：2026年11月10日（火）
お支払い方法：銀行振込

■ お申し込みの内容
お申し込み番号：89566654
・スタンダードプラン（12か月）　13,200円
　2026年11月10日（火）から2027年11月30日（火）まで
お支払い総額：13,200円（税込。うち消費税10% 1,200円）

■ 次回の更新
・スタンダードプランは、自動では更新されません。2027年11月30日（火）に終
  了します。
続けてご利用になる場合は、契約期間が終わる前に更新のお手続きをしてくださ
い。

ご契約の内容は、「サーバー契約・更新」で確認できます。
http://127.0.0.1:8000/contract

――――――――――――――――――――
株式会社サンプルサーバー
かわせみサーバー　サポート窓口
メール：support@kawasemi.example.jp
電話：03-0000-0000（平日10時から17時まで（土日・祝日・年末年始を除く））
コントロールパネル：
http://127.0.0.1:8000/

このメールは自動でお送りしています。パスワードやカード番号をメールでおた
ずねすることはありません。
','waiting',0,0,'2026-11-10 03:00:03.274600',NULL,NULL,'2026-11-10 03:00:03.274570',NULL,'',NULL);
CREATE TABLE "order" (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, number VARCHAR(16) NOT NULL UNIQUE, account_id INTEGER NOT NULL REFERENCES account(id),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('new', 'renew', 'change', 'auto', 'add')),
    state VARCHAR(16) NOT NULL CHECK (state IN ('draft', 'placed', 'paid', 'cancelled', 'expired')),
    typed TEXT NOT NULL, revision INTEGER NOT NULL,
    method VARCHAR(16) CHECK (method IN ('card', 'wallet', 'bank')), plan VARCHAR(64),
    total_yen BIGINT CHECK (total_yen > 0), tax_yen BIGINT CHECK (tax_yen >= 0 AND tax_yen < total_yen), tax_percent INTEGER,
    created_at DATETIME NOT NULL, placed_at DATETIME, wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25)),
    due_on DATE, paid_on DATE, renews_end DATE, closed_on DATE,
    CHECK (state IN ('draft', 'cancelled') OR (method IS NOT NULL AND plan IS NOT NULL AND total_yen IS NOT NULL
        AND tax_yen IS NOT NULL AND tax_percent IS NOT NULL AND placed_at IS NOT NULL)),
    CHECK ((state = 'paid') = (paid_on IS NOT NULL)));
INSERT INTO "order" VALUES(1,'50596009',1,'new','paid','{"months": "1", "agree_server": "2026-04-01", "ssl": "", "agree_ssl": "", "backup": "", "agree_backup": "", "device_months": "", "devices": "1", "agree_device": ""}',1,'card','standard',1320,120,10,'2026-09-20 03:00:00.556283','2026-09-20 03:00:00.853238',NULL,NULL,'2026-09-20',NULL,'2026-09-20');
INSERT INTO "order" VALUES(2,'59719973',2,'new','paid','{"months": "1", "agree_server": "2026-04-01", "ssl": "", "agree_ssl": "", "backup": "", "agree_backup": "", "device_months": "", "devices": "1", "agree_device": ""}',1,'card','standard',1320,120,10,'2026-10-20 03:00:01.567353','2026-10-20 03:00:01.638474',NULL,NULL,'2026-10-20',NULL,'2026-10-20');
INSERT INTO "order" VALUES(3,'50793661',3,'new','paid','{"months": "1", "agree_server": "2026-04-01", "ssl": "", "agree_ssl": "", "backup": "", "agree_backup": "", "device_months": "", "devices": "1", "agree_device": ""}',1,'card','standard',1320,120,10,'2026-10-20 03:00:01.829599','2026-10-20 03:00:01.919488',NULL,NULL,'2026-10-20',NULL,'2026-10-20');
INSERT INTO "order" VALUES(4,'73136749',3,'auto','placed','{}',0,'card','standard',1320,120,10,'2026-11-05 03:00:02.289755','2026-11-05 03:00:02.289772',NULL,NULL,NULL,'2026-11-30',NULL);
INSERT INTO "order" VALUES(5,'14743282',4,'new','paid','{"months": "12", "agree_server": "2026-04-01", "ssl": "", "agree_ssl": "", "backup": "12", "agree_backup": "2026-04-01", "device_months": "12", "devices": "3", "agree_device": "2026-04-01"}',1,'card','standard',27060,2460,10,'2026-11-10 03:00:02.624772','2026-11-10 03:00:02.696556',NULL,NULL,'2026-11-10',NULL,'2026-11-10');
INSERT INTO "order" VALUES(6,'95411713',5,'new','paid','{"months": "12", "agree_server": "2026-04-01", "ssl": "", "agree_ssl": "", "backup": "", "agree_backup": "", "device_months": "", "devices": "1", "agree_device": ""}',1,'wallet','standard',13200,1200,10,'2026-11-10 03:00:02.878230','2026-11-10 03:00:02.967796',15,NULL,'2026-11-10',NULL,'2026-11-10');
INSERT INTO "order" VALUES(7,'89566654',6,'new','paid','{"months": "12", "agree_server": "2026-04-01", "ssl": "", "agree_ssl": "", "backup": "", "agree_backup": "", "device_months": "", "devices": "1", "agree_device": ""}',1,'bank','standard',13200,1200,10,'2026-11-10 03:00:03.108278','2026-11-10 03:00:03.146173',NULL,'2026-11-24','2026-11-10',NULL,'2026-11-10');
CREATE TABLE order_line (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL REFERENCES "order"(id), position INTEGER NOT NULL, product VARCHAR(64) NOT NULL,
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('server', 'option', 'per_device', 'certificate')),
    variant VARCHAR(64) NOT NULL, name VARCHAR(255) NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0),
    months INTEGER NOT NULL CHECK (months > 0), monthly_yen BIGINT, yen BIGINT NOT NULL CHECK (yen >= 0),
    starts_on DATE NOT NULL, ends_on DATE NOT NULL, subscription_id INTEGER REFERENCES subscription(id), is_last_time BOOLEAN NOT NULL,
    renews_by_default BOOLEAN NOT NULL,
    CHECK (ends_on >= starts_on), UNIQUE (order_id, position));
INSERT INTO "order_line" VALUES(1,1,1,'server','server','standard','スタンダードプラン',1,1,1320,1320,'2026-09-20','2026-10-31',NULL,0,1);
INSERT INTO "order_line" VALUES(2,2,1,'server','server','standard','スタンダードプラン',1,1,1320,1320,'2026-10-20','2026-11-30',NULL,0,1);
INSERT INTO "order_line" VALUES(3,3,1,'server','server','standard','スタンダードプラン',1,1,1320,1320,'2026-10-20','2026-11-30',NULL,0,1);
INSERT INTO "order_line" VALUES(4,4,1,'server','server','standard','スタンダードプラン',1,1,1320,1320,'2026-12-01','2026-12-31',3,0,1);
INSERT INTO "order_line" VALUES(5,5,1,'server','server','standard','スタンダードプラン',1,12,1100,13200,'2026-11-10','2027-11-30',NULL,0,1);
INSERT INTO "order_line" VALUES(6,5,2,'backup','option','','バックアップオプション',1,12,330,3960,'2026-11-10','2027-11-30',NULL,0,1);
INSERT INTO "order_line" VALUES(7,5,3,'device','per_device','','デバイスセキュリティ',3,12,275,9900,'2026-11-10','2027-11-30',NULL,0,1);
INSERT INTO "order_line" VALUES(8,6,1,'server','server','standard','スタンダードプラン',1,12,1100,13200,'2026-11-10','2027-11-30',NULL,0,1);
INSERT INTO "order_line" VALUES(9,7,1,'server','server','standard','スタンダードプラン',1,12,1100,13200,'2026-11-10','2027-11-30',NULL,0,1);
CREATE TABLE payment (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL REFERENCES "order"(id), attempt INTEGER NOT NULL CHECK (attempt > 0),
    method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')), key VARCHAR(128) NOT NULL UNIQUE,
    yen BIGINT NOT NULL CHECK (yen > 0),
    state VARCHAR(16) NOT NULL CHECK (state IN ('created', 'submitted', 'unknown', 'succeeded', 'declined', 'abandoned')),
    setup_id INTEGER UNIQUE REFERENCES payment_method_setup(id), payment_method_id INTEGER NOT NULL,
    company_reference VARCHAR(255), code VARCHAR(64), is_final BOOLEAN NOT NULL,
    lookups INTEGER NOT NULL, next_lookup_at DATETIME NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL,
    FOREIGN KEY (payment_method_id, method) REFERENCES payment_method(id, method),
    UNIQUE (order_id, attempt), CHECK (state <> 'succeeded' OR company_reference IS NOT NULL));
INSERT INTO "payment" VALUES(1,1,1,'card','demo-3487eaec-o50596009-a1',1320,'succeeded',1,1,'sand_ffd02fcf9e7b20006684',NULL,0,0,'2026-09-20 03:01:00.854587','2026-09-20 03:00:00.854587','2026-09-20 03:00:00.869601');
INSERT INTO "payment" VALUES(2,2,1,'card','demo-3487eaec-o59719973-a1',1320,'succeeded',2,2,'sand_d6ddb73bfb9e393c21b9',NULL,0,0,'2026-10-20 03:01:01.639416','2026-10-20 03:00:01.639416','2026-10-20 03:00:01.653115');
INSERT INTO "payment" VALUES(3,3,1,'card','demo-3487eaec-o50793661-a1',1320,'succeeded',3,3,'sand_de232cd39a89fec6e18f',NULL,0,0,'2026-10-20 03:01:01.920622','2026-10-20 03:00:01.920622','2026-10-20 03:00:01.937703');
INSERT INTO "payment" VALUES(4,4,1,'card','demo-3487eaec-o73136749-a1',1320,'declined',NULL,3,NULL,'card_declined',0,0,'2026-11-05 03:01:02.290739','2026-11-05 03:00:02.290739','2026-11-05 03:00:02.294068');
INSERT INTO "payment" VALUES(5,4,2,'card','demo-3487eaec-o73136749-a2',1320,'declined',NULL,3,NULL,'card_declined',0,0,'2026-11-10 03:01:02.422294','2026-11-10 03:00:02.422294','2026-11-10 03:00:02.437527');
INSERT INTO "payment" VALUES(6,5,1,'card','demo-3487eaec-o14743282-a1',27060,'succeeded',4,4,'sand_f07d1a88841f6534872e',NULL,0,0,'2026-11-10 03:01:02.698160','2026-11-10 03:00:02.698160','2026-11-10 03:00:02.712785');
INSERT INTO "payment" VALUES(7,6,1,'wallet','demo-3487eaec-o95411713-a1',13200,'succeeded',5,5,'sand_0b501ff25217eaacee29',NULL,0,0,'2026-11-10 03:01:02.968818','2026-11-10 03:00:02.968818','2026-11-10 03:00:02.979865');
CREATE TABLE payment_method (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL REFERENCES account(id), method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')),
    company VARCHAR(64) NOT NULL, token VARCHAR(255), label VARCHAR(255) NOT NULL, brand VARCHAR(64), last4 CHAR(4), expires DATE,
    state VARCHAR(16) NOT NULL CHECK (state IN ('ready', 'active', 'detaching', 'detached')),
    tries INTEGER NOT NULL CHECK (tries >= 0), next_try_at DATETIME, created_at DATETIME NOT NULL,
    UNIQUE (id, method), UNIQUE (account_id, method, company, token),
    CHECK (method <> 'card' OR (brand IS NOT NULL AND last4 IS NOT NULL AND expires IS NOT NULL)),
    CHECK ((state = 'detached') = (token IS NULL)), CHECK ((state = 'detaching') = (next_try_at IS NOT NULL)));
INSERT INTO "payment_method" VALUES(1,1,'card','sandbox',NULL,'','Visa','4242','2098-12-31','detached',1,NULL,'2026-09-20 03:00:00.780245');
INSERT INTO "payment_method" VALUES(2,2,'card','sandbox',NULL,'','Visa','4242','2098-12-31','detached',1,NULL,'2026-10-20 03:00:01.616722');
INSERT INTO "payment_method" VALUES(3,3,'card','sandbox','card_O9LkV5POlUm21WBjzMT16Ddq','','Visa','9995','2098-12-31','active',0,NULL,'2026-10-20 03:00:01.886562');
INSERT INTO "payment_method" VALUES(4,4,'card','sandbox','card_kcIOWISter4S1Yc3YKB4Tpgm','','Visa','4242','2098-12-31','active',0,NULL,'2026-11-10 03:00:02.675545');
INSERT INTO "payment_method" VALUES(5,5,'wallet','sandbox','wallet_pD_1vwWNjERy_P9Y-Krev_zX','os****mo',NULL,NULL,NULL,'active',0,NULL,'2026-11-10 03:00:02.941112');
CREATE TABLE payment_method_setup (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, reference VARCHAR(64) NOT NULL UNIQUE, account_id INTEGER NOT NULL REFERENCES account(id),
    order_id INTEGER REFERENCES "order"(id), method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')),
    state VARCHAR(16) NOT NULL CHECK (state IN ('open', 'ready', 'used', 'failed')), address VARCHAR(2000) NOT NULL,
    payment_method_id INTEGER, wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25)), code VARCHAR(64),
    created_at DATETIME NOT NULL, FOREIGN KEY (payment_method_id, method) REFERENCES payment_method(id, method),
    CHECK (state NOT IN ('ready', 'used') OR payment_method_id IS NOT NULL));
INSERT INTO "payment_method_setup" VALUES(1,'eW0JrpI3LeNh5EoQme04ghWyyoTEhBhF',1,1,'card','used','/sandbox/card/entry/vwf4HzhaL4ENPNLrt0YOgy6htkUjZtqD',1,NULL,NULL,'2026-09-20 03:00:00.728103');
INSERT INTO "payment_method_setup" VALUES(2,'iJdOZ4Y_R5qBCC87uPXmKcWUzurHbBtf',2,2,'card','used','/sandbox/card/entry/pfV1dDrl3YcPSmBpok4ni8LcEhIUvG1r',2,NULL,NULL,'2026-10-20 03:00:01.602673');
INSERT INTO "payment_method_setup" VALUES(3,'539h6jzAACNIOosOvlbXQcaVa7JvoiA6',3,3,'card','used','/sandbox/card/entry/25COU8H1Tt9EqYvV0xg0IDLRd5oe8hD3',3,NULL,NULL,'2026-10-20 03:00:01.864377');
INSERT INTO "payment_method_setup" VALUES(4,'19o_j2SH-mVnjRNh0DHPwD-ObhQK1ZnV',4,5,'card','used','/sandbox/card/entry/nY1nBSrS_Vit5_xcObq3I4pEDq5dmgrv',4,NULL,NULL,'2026-11-10 03:00:02.654167');
INSERT INTO "payment_method_setup" VALUES(5,'wDEvGRI2pSQx_Q_g9Y-pLLnU_Abp6lFF',5,6,'wallet','used','/sandbox/wallet/link/KDbRCfrBCSawosGU5ttQhcD3ukkg2Jao',5,15,NULL,'2026-11-10 03:00:02.899638');
CREATE TABLE recovery_code (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, staff_id INTEGER NOT NULL REFERENCES staff(id), code_hash CHAR(64) NOT NULL, used_at DATETIME,
    UNIQUE (staff_id, code_hash));
INSERT INTO "recovery_code" VALUES(1,1,'767af0052ed16e19e84a6582310cd7dc46f5a1d08c73b909d8e33085d573432e',NULL);
INSERT INTO "recovery_code" VALUES(2,1,'3f8e615eae907993433c232fe1518fad469eb87e44858aca018a65b16101dd8d',NULL);
INSERT INTO "recovery_code" VALUES(3,1,'804a00eac111cbe6d206ef4b6a42c71e092efdf8216979c3d7a6725c9b84650b',NULL);
INSERT INTO "recovery_code" VALUES(4,1,'cd990a9490bf82eed0ec463e0224c5adc7b37bddeda791f77cc5a787355c2851',NULL);
INSERT INTO "recovery_code" VALUES(5,1,'cb760e7b6fe55b95209d8ec926c4c2b0a74f999f56e44dbca28431f85881c1c3',NULL);
INSERT INTO "recovery_code" VALUES(6,1,'49a02c6b832f39e5554645c7d954fd236760145dd9a5605babb4200154f24362',NULL);
INSERT INTO "recovery_code" VALUES(7,1,'8509d280ec53af8707aef36cf4300bfd0ee2bacb79444fe9d672df7bd78c9c4a',NULL);
INSERT INTO "recovery_code" VALUES(8,1,'83548619adbbc63abbe273c66dcc30e02d06894b88199dac7657097242166110',NULL);
INSERT INTO "recovery_code" VALUES(9,1,'cb14e0079e3a342bffb741ac4b16659d0935ee0b1f99f145067d92649e96760c',NULL);
INSERT INTO "recovery_code" VALUES(10,1,'e72d10e8012fc7350ab05893d6d96966a4e9753e4ccb07efed9a49317af3f911',NULL);
CREATE TABLE renewal_setting (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL UNIQUE REFERENCES account(id),
    method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')), wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25)),
    payment_method_id INTEGER NOT NULL, set_on DATE NOT NULL, updated_at DATETIME NOT NULL,
    FOREIGN KEY (payment_method_id, method) REFERENCES payment_method(id, method), CHECK (method <> 'wallet' OR wallet_day IS NOT NULL));
INSERT INTO "renewal_setting" VALUES(3,3,'card',NULL,3,'2026-10-20','2026-10-20 03:00:01.942184');
INSERT INTO "renewal_setting" VALUES(4,4,'card',NULL,4,'2026-11-10','2026-11-10 03:00:02.718812');
INSERT INTO "renewal_setting" VALUES(5,5,'wallet',15,5,'2026-11-10','2026-11-10 03:00:02.987962');
CREATE TABLE reservation (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL UNIQUE REFERENCES account(id), ends_on DATE NOT NULL, typed TEXT NOT NULL, content TEXT NOT NULL,
    yen BIGINT NOT NULL CHECK (yen > 0), made_at DATETIME NOT NULL);
CREATE TABLE schedule (
    account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account(id), due_on DATE NOT NULL, fence INTEGER NOT NULL, lease_until DATETIME);
INSERT INTO "schedule" VALUES(1,'2026-11-15',6,NULL);
INSERT INTO "schedule" VALUES(2,'2026-11-23',3,NULL);
INSERT INTO "schedule" VALUES(3,'2026-11-14',6,NULL);
INSERT INTO "schedule" VALUES(4,'2026-11-10',0,NULL);
INSERT INTO "schedule" VALUES(5,'2026-11-10',0,NULL);
INSERT INTO "schedule" VALUES(6,'2026-11-10',0,NULL);
CREATE TABLE "schema_migration" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "applied" DATETIME NOT NULL);
INSERT INTO "schema_migration" VALUES(1,'0001_schema','2026-11-10 03:00:00');
CREATE TABLE sent_notice (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL REFERENCES account(id),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('notice', 'moved', 'card', 'hand', 'end', 'deletion', 'reset')),
    subscription_id INTEGER REFERENCES subscription(id), ends_on DATE, which VARCHAR(16) NOT NULL, written_at DATETIME NOT NULL,
    CHECK ((subscription_id IS NOT NULL) = (kind IN ('end', 'deletion'))), CHECK ((ends_on IS NULL) = (kind = 'reset')));
INSERT INTO "sent_notice" VALUES(1,1,'reset',NULL,NULL,'','2026-09-21 03:00:01.050070');
INSERT INTO "sent_notice" VALUES(2,1,'hand',NULL,'2026-10-31','first','2026-10-01 03:00:01.208678');
INSERT INTO "sent_notice" VALUES(3,2,'reset',NULL,NULL,'','2026-10-21 03:00:02.046300');
INSERT INTO "sent_notice" VALUES(4,1,'hand',NULL,'2026-10-31','second','2026-10-24 03:00:02.115173');
INSERT INTO "sent_notice" VALUES(5,3,'notice',NULL,'2026-11-30','second','2026-10-29 03:00:02.153025');
INSERT INTO "sent_notice" VALUES(6,2,'hand',NULL,'2026-11-30','first','2026-10-31 03:00:02.184581');
INSERT INTO "sent_notice" VALUES(7,1,'end',1,'2026-10-31','','2026-11-01 03:00:02.223214');
INSERT INTO "sent_notice" VALUES(8,1,'deletion',1,'2026-10-31','','2026-11-08 03:00:02.364528');
CREATE TABLE session (
    token_hash CHAR(64) NOT NULL PRIMARY KEY, account_id INTEGER REFERENCES account(id), staff_id INTEGER REFERENCES staff(id),
    data TEXT NOT NULL, created_at DATETIME NOT NULL, seen_at DATETIME NOT NULL);
INSERT INTO "session" VALUES('45392248c3c45ea8a9a39aff6f2aaf6416bf14571595348afb6075cd1b479f73',1,NULL,'{"csrf_token": "283683802a7f2a35afef53018a05a9c0fc236825"}','2026-11-10 03:00:00.491038','2026-11-10 03:00:00.527864');
INSERT INTO "session" VALUES('e9cb7c735d378851f71ff1f91627199188efdd1a2bd22b17449c19184b510267',2,NULL,'{"csrf_token": "e0f0b198479a4eb06f05c2fdf1b9045bca84c56e"}','2026-11-10 03:00:01.543288','2026-11-10 03:00:01.553905');
INSERT INTO "session" VALUES('02a92c9e35bb618de848995054bf74ca4840e961f3a36ebcc6d1b4301eb36ddc',3,NULL,'{"csrf_token": "f1a28768054e278f7912762a554474f79db2d968"}','2026-11-10 03:00:01.808101','2026-11-10 03:00:01.817779');
INSERT INTO "session" VALUES('60a64f8c7d1064450993a7149761a45e0972be518ead3fc3672f6e1b3b44dd88',4,NULL,'{"csrf_token": "0b895cb0a260bba903b2db22adb1ed467176ac8e"}','2026-11-10 03:00:02.610158','2026-11-10 03:00:02.615590');
INSERT INTO "session" VALUES('b30ad8decdd58d0547dd61e005512e52ff8a4f7cfa5865b735ac54e52bfde19d',5,NULL,'{"csrf_token": "716a0dd9b5151c74cb2506199b5c136c42241cc1"}','2026-11-10 03:00:02.852065','2026-11-10 03:00:02.863989');
INSERT INTO "session" VALUES('c38917018f25a6c76e461463285f070ccf97e3349663cd2edd397e7a3ebec8fd',6,NULL,'{"csrf_token": "e51841eb98acffa046eb8b4bf3859484de79eee8"}','2026-11-10 03:00:03.092961','2026-11-10 03:00:03.097655');
CREATE TABLE sign_in_attempt (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, login_hash CHAR(64) NOT NULL, address VARCHAR(64) NOT NULL, device VARCHAR(64), at DATETIME NOT NULL);
INSERT INTO "sign_in_attempt" VALUES(7,'7e4ac8cfcb7b5e2c84aa8f08d128d5defa106a30aa7930cc6e5f43f63e699b54','192.0.2.1',NULL,'2026-11-10 03:00:03.276962');
CREATE TABLE staff (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, login VARCHAR(64) NOT NULL UNIQUE, password_hash VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL,
    totp_secret VARCHAR(64) NOT NULL, totp_step BIGINT NOT NULL, is_active BOOLEAN NOT NULL, created_at DATETIME NOT NULL,
    CHECK (login = lower(login)));
INSERT INTO "staff" VALUES(1,'staff','$argon2id$v=19$m=19456,t=3,p=1$GHTHv0r5OCmE0C9eF0n5OA$SGe4mAPvmR8g2HuTyf+txO2iaQQNA2tcn7JCLPJfQ3o','見本 係','6MQP3AJ2P3QNYCXZC6FQWU63I6HUP7SH',0,1,'2026-09-20 03:00:00.259138');
CREATE TABLE subscription (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL REFERENCES account(id), product VARCHAR(64) NOT NULL,
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('server', 'option', 'per_device', 'certificate')), variant VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0), renews BOOLEAN NOT NULL, stopped_on DATE,
    stopped_until DATE, ended_on DATE, created_at DATETIME NOT NULL,
    CHECK ((stopped_on IS NULL) = (stopped_until IS NULL)), CHECK (stopped_until >= stopped_on));
INSERT INTO "subscription" VALUES(1,1,'server','server','standard','スタンダードプラン',1,0,'2026-11-01','2026-11-14',NULL,'2026-09-20 03:00:00.871704');
INSERT INTO "subscription" VALUES(2,2,'server','server','standard','スタンダードプラン',1,0,NULL,NULL,NULL,'2026-10-20 03:00:01.654782');
INSERT INTO "subscription" VALUES(3,3,'server','server','standard','スタンダードプラン',1,1,NULL,NULL,NULL,'2026-10-20 03:00:01.939307');
INSERT INTO "subscription" VALUES(4,4,'server','server','standard','スタンダードプラン',1,1,NULL,NULL,NULL,'2026-11-10 03:00:02.714866');
INSERT INTO "subscription" VALUES(5,4,'backup','option','','バックアップオプション',1,1,NULL,NULL,NULL,'2026-11-10 03:00:02.716344');
INSERT INTO "subscription" VALUES(6,4,'device','per_device','','デバイスセキュリティ',3,1,NULL,NULL,NULL,'2026-11-10 03:00:02.717427');
INSERT INTO "subscription" VALUES(7,5,'server','server','standard','スタンダードプラン',1,1,NULL,NULL,NULL,'2026-11-10 03:00:02.981449');
INSERT INTO "subscription" VALUES(8,6,'server','server','standard','スタンダードプラン',1,0,NULL,NULL,NULL,'2026-11-10 03:00:03.258966');
CREATE TABLE term (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, subscription_id INTEGER NOT NULL REFERENCES subscription(id), starts_on DATE NOT NULL, ends_on DATE NOT NULL,
    order_id INTEGER NOT NULL REFERENCES "order"(id), order_line_id INTEGER NOT NULL UNIQUE REFERENCES order_line(id),
    previous_term_id INTEGER UNIQUE REFERENCES term(id), previous_ends_on DATE,
    CHECK (ends_on >= starts_on), UNIQUE (subscription_id, starts_on), UNIQUE (id, subscription_id, ends_on),
    CHECK ((previous_term_id IS NULL) = (previous_ends_on IS NULL)),
    CHECK (previous_ends_on IS NULL OR starts_on = date(previous_ends_on, '+1 day')),
    FOREIGN KEY (previous_term_id, subscription_id, previous_ends_on) REFERENCES term(id, subscription_id, ends_on));
INSERT INTO "term" VALUES(1,1,'2026-09-20','2026-10-31',1,1,NULL,NULL);
INSERT INTO "term" VALUES(2,2,'2026-10-20','2026-11-30',2,2,NULL,NULL);
INSERT INTO "term" VALUES(3,3,'2026-10-20','2026-11-30',3,3,NULL,NULL);
INSERT INTO "term" VALUES(4,4,'2026-11-10','2027-11-30',5,5,NULL,NULL);
INSERT INTO "term" VALUES(5,5,'2026-11-10','2027-11-30',5,6,NULL,NULL);
INSERT INTO "term" VALUES(6,6,'2026-11-10','2027-11-30',5,7,NULL,NULL);
INSERT INTO "term" VALUES(7,7,'2026-11-10','2027-11-30',6,8,NULL,NULL);
INSERT INTO "term" VALUES(8,8,'2026-11-10','2027-11-30',7,9,NULL,NULL);
CREATE TABLE transfer_report (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL UNIQUE REFERENCES "order"(id), payer VARCHAR(255) NOT NULL, paid_on DATE NOT NULL,
    reported_at DATETIME NOT NULL);
INSERT INTO "transfer_report" VALUES(1,7,'ﾐﾎﾝ ｷﾞﾝｺｳ','2026-11-10','2026-11-10 03:00:03.248870');
CREATE TABLE webhook_event (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, company VARCHAR(64) NOT NULL, event_id VARCHAR(255) NOT NULL, body TEXT NOT NULL, received_at DATETIME NOT NULL,
    UNIQUE (company, event_id));
INSERT INTO "webhook_event" VALUES(1,'card','event_74031005f1e438476a3d','{"id": "event_74031005f1e438476a3d", "type": "charge.paid", "key": "demo-3487eaec-o50596009-a1", "reference": "sand_ffd02fcf9e7b20006684", "yen": 1320, "at": "2026-09-20T03:00:00.862+00:00", "code": "", "retryable": false}','2026-11-10 03:00:00.958234');
INSERT INTO "webhook_event" VALUES(3,'card','event_588bb9af0db96399f0db','{"id": "event_588bb9af0db96399f0db", "type": "charge.paid", "key": "demo-3487eaec-o59719973-a1", "reference": "sand_d6ddb73bfb9e393c21b9", "yen": 1320, "at": "2026-10-20T03:00:01.643+00:00", "code": "", "retryable": false}','2026-11-10 03:00:01.978288');
INSERT INTO "webhook_event" VALUES(5,'card','event_013ea3d2a0c3709b56da','{"id": "event_013ea3d2a0c3709b56da", "type": "charge.paid", "key": "demo-3487eaec-o50793661-a1", "reference": "sand_de232cd39a89fec6e18f", "yen": 1320, "at": "2026-10-20T03:00:01.931+00:00", "code": "", "retryable": false}','2026-11-10 03:00:01.995803');
INSERT INTO "webhook_event" VALUES(7,'card','event_d1eb3546b3c19f02cb02','{"id": "event_d1eb3546b3c19f02cb02", "type": "charge.refused", "key": "demo-3487eaec-o73136749-a1", "reference": "sand_a501a6f0e7419533a606", "yen": 1320, "at": "2026-11-05T03:00:02.292+00:00", "code": "card_declined", "retryable": true}','2026-11-10 03:00:02.317122');
INSERT INTO "webhook_event" VALUES(9,'card','event_23544ab1818371f1f7e3','{"id": "event_23544ab1818371f1f7e3", "type": "charge.refused", "key": "demo-3487eaec-o73136749-a2", "reference": "sand_7058d6649f2da55b4fb7", "yen": 1320, "at": "2026-11-10T03:00:02.433+00:00", "code": "card_declined", "retryable": true}','2026-11-10 03:00:02.464059');
CREATE UNIQUE INDEX "schema_migration_name" ON "schema_migration" ("name");
CREATE INDEX session_account ON session(account_id);
CREATE INDEX session_staff ON session(staff_id);
CREATE INDEX session_seen ON session(seen_at);
CREATE INDEX sign_in_attempt_login ON sign_in_attempt(login_hash, at);
CREATE INDEX sign_in_attempt_address ON sign_in_attempt(address, at);
CREATE INDEX sign_in_attempt_at ON sign_in_attempt(at);
CREATE INDEX order_account ON "order"(account_id, state);
CREATE INDEX order_placed ON "order"(placed_at) WHERE state = 'placed';
CREATE INDEX order_awaited ON "order"(due_on) WHERE state = 'placed' AND method = 'bank';
CREATE UNIQUE INDEX one_draft_of_a_kind ON "order"(account_id, kind) WHERE state = 'draft';
CREATE UNIQUE INDEX one_placed_order ON "order"(account_id) WHERE state = 'placed' AND kind IN ('new', 'renew', 'change', 'auto');
CREATE UNIQUE INDEX one_automatic_order ON "order"(account_id, renews_end) WHERE kind = 'auto' AND state IN ('placed', 'paid');
CREATE INDEX subscription_account ON subscription(account_id);
CREATE UNIQUE INDEX one_of_a_product ON subscription(account_id, product) WHERE kind <> 'certificate' AND ended_on IS NULL;
CREATE INDEX order_line_subscription ON order_line(subscription_id);
CREATE INDEX payment_method_account ON payment_method(account_id);
CREATE INDEX payment_method_to_detach ON payment_method(next_try_at) WHERE state = 'detaching';
CREATE UNIQUE INDEX one_wallet ON payment_method(account_id) WHERE method = 'wallet' AND state = 'active';
CREATE INDEX payment_method_setup_order ON payment_method_setup(order_id);
CREATE INDEX payment_method_setup_account ON payment_method_setup(account_id);
CREATE INDEX card_left ON payment_method_setup(created_at) WHERE method = 'card' AND state IN ('open', 'ready');
CREATE UNIQUE INDEX one_live_attempt ON payment(order_id) WHERE state IN ('created', 'submitted', 'unknown');
CREATE UNIQUE INDEX one_succeeded_payment ON payment(order_id) WHERE state = 'succeeded';
CREATE INDEX payment_to_ask_about ON payment(next_lookup_at) WHERE state IN ('created', 'submitted', 'unknown');
CREATE INDEX confirmation_order ON confirmation(order_id);
CREATE INDEX confirmation_account ON confirmation(account_id);
CREATE INDEX deposit_same ON deposit(yen, booked_on);
CREATE INDEX allocation_order ON allocation(order_id);
CREATE INDEX allocation_deposit ON allocation(deposit_id);
CREATE UNIQUE INDEX one_rest_of_a_deposit ON allocation(deposit_id) WHERE order_id IS NULL;
CREATE UNIQUE INDEX one_company_reference ON allocation(source, company_reference) WHERE source IN ('card', 'wallet');
CREATE UNIQUE INDEX one_first_term ON term(subscription_id) WHERE previous_term_id IS NULL;
CREATE INDEX term_order ON term(order_id);
CREATE INDEX sent_notice_account ON sent_notice(account_id, ends_on);
CREATE UNIQUE INDEX one_notice ON sent_notice(account_id, kind, ends_on, which) WHERE subscription_id IS NULL;
CREATE UNIQUE INDEX one_notice_of_a_subscription ON sent_notice(subscription_id, kind, ends_on) WHERE subscription_id IS NOT NULL;
CREATE INDEX schedule_due ON schedule(due_on);
CREATE INDEX hosting_event_to_send ON hosting_event(next_try_at, id) WHERE state <> 'sent';
CREATE INDEX hosting_event_order ON hosting_event(subscription_id, id) WHERE state <> 'sent';
CREATE INDEX mail_account ON mail(account_id, id);
CREATE INDEX mail_to_send ON mail(next_try_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX event_entity ON event(entity);
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('installation',1);
INSERT INTO "sqlite_sequence" VALUES('staff',1);
INSERT INTO "sqlite_sequence" VALUES('event',106);
INSERT INTO "sqlite_sequence" VALUES('recovery_code',10);
INSERT INTO "sqlite_sequence" VALUES('account',7);
INSERT INTO "sqlite_sequence" VALUES('sign_in_attempt',7);
INSERT INTO "sqlite_sequence" VALUES('mail',24);
INSERT INTO "sqlite_sequence" VALUES('order',7);
INSERT INTO "sqlite_sequence" VALUES('payment_method_setup',5);
INSERT INTO "sqlite_sequence" VALUES('payment_method',5);
INSERT INTO "sqlite_sequence" VALUES('order_line',9);
INSERT INTO "sqlite_sequence" VALUES('consent',8);
INSERT INTO "sqlite_sequence" VALUES('payment',7);
INSERT INTO "sqlite_sequence" VALUES('confirmation',6);
INSERT INTO "sqlite_sequence" VALUES('allocation',7);
INSERT INTO "sqlite_sequence" VALUES('subscription',8);
INSERT INTO "sqlite_sequence" VALUES('term',8);
INSERT INTO "sqlite_sequence" VALUES('hosting_event',9);
INSERT INTO "sqlite_sequence" VALUES('renewal_setting',5);
INSERT INTO "sqlite_sequence" VALUES('webhook_event',10);
INSERT INTO "sqlite_sequence" VALUES('sent_notice',8);
INSERT INTO "sqlite_sequence" VALUES('announcement',1);
INSERT INTO "sqlite_sequence" VALUES('transfer_report',1);
INSERT INTO "sqlite_sequence" VALUES('deposit',1);
COMMIT;
