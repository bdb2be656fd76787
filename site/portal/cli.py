"""The command line. Commands import what they need when they run, and errors are one sentence, not a traceback."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import NoReturn

REFUSED = 2
INTERRUPTED = 130
ACCOUNT_FILE = """ファイルの1行目（見出し。文字コードは UTF-8 か Shift_JIS）：
  login,name,kana,email,plan
あとに続けられる列：
  second_email                  お知らせの宛先をもう1つ
  server_ends_on,months,yen     すでに動いているサーバーの契約終了日（2027-03-31 の形、月の末日）と、
                                次回の更新の月数と金額（税込、円。省くと価格表の金額）
お客様には、最初のパスワードを決めるリンクがメールで届きます。自動更新は、お客様が始めるまで「なし」です。"""
LONGEST_REASON = 200
ROLES = ("viewing", "acting")  # StaffRole, which is not imported before a command runs


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 2 with one sentence if the command cannot be done. Whatever it writes is for its own user alone."""
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    chosen = vars(_parser().parse_args(arguments))
    try:
        return _run(chosen.pop("command"), chosen)
    except KeyboardInterrupt:
        print("中断しました。", file=sys.stderr)
        return INTERRUPTED


def _run(name: str, chosen: dict[str, object]) -> int:
    from portal.catalog import CatalogError
    from portal.runtime.settings import UnsafeSettings
    from portal.store.opening import Refused

    try:
        return getattr(_commands(name), name)(**chosen) or 0
    except (Refused, UnsafeSettings, CatalogError) as error:
        print(error, file=sys.stderr)
        return REFUSED


def _commands(name: str) -> ModuleType:
    """The module with the commands. In a demo the scheduled jobs use the demo's clock."""
    if name == "demo" or (name in ("worker", "run_due", "reconcile") and os.environ.get("DEMO") == "1"):
        return _commands_of_a_demo(name)
    from portal.runtime import bank, books, commands, company, customers, people

    return next((found for found in (people, customers, company, bank, books) if hasattr(found, name)), commands)


def _commands_of_a_demo(name: str) -> ModuleType:
    """Only the one that is needed: a demo starts as soon as it can."""
    if name == "demo":
        from portal.demo import start as commands
    else:
        from portal.demo import commands
    return commands


class JapaneseParser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, f"指定を確認してください：{message}（{self.prog} --help で使い方を表示します）\n")


def _parser() -> ArgumentParser:
    parser = JapaneseParser(prog="portal", description="「サーバー契約・更新」のポータル")
    commands = parser.add_subparsers(title="コマンド", metavar="コマンド", required=True)
    demo = _add(commands, "demo", "お試し用のポータルを始める（Ctrl-C で終わる）")
    demo.add_argument("--port", type=_port, metavar="番号", help="待ち受けるポート（省略すると 8000）")
    demo.add_argument("--data", type=Path, metavar="フォルダー", help="データを置くフォルダー（省略すると data）")
    demo.add_argument("--tour", action="store_true", help="始まったら、ブラウザーで1分のツアーを開く")
    _add(commands, "serve", "ウェブサーバーを動かす（本番用）")
    _add(commands, "worker", "定期処理を動かし続ける")
    due = _add(commands, "run-due", "期日の来た処理をすべて1回行う（cron 用）")
    due.add_argument("--dry-run", action="store_true", help="何を行うかを表示するだけで、何も変えない")
    comparison = _add(commands, "reconcile", "カード会社やおさいぽ!の記録とポータルの記録を、1円ずつ比べる（何も変えない）")
    comparison.add_argument(
        "--from", type=date.fromisoformat, required=True, dest="first", metavar="日付", help="最初の日（2026-11-01 の形）"
    )
    comparison.add_argument("--to", type=date.fromisoformat, required=True, dest="last", metavar="日付", help="最後の日")
    _add(commands, "migrate", "データベースを今の版に合わせる（本番用）")
    _add(commands, "verify", "動いているデータベースの約束と合計を確かめる（何も変えない。守られていなければ終了コード 1）")
    copy = _add(commands, "backup", "動いているデータベースを、1つのファイルに写す")
    copy.add_argument("file", type=Path, metavar="ファイル", help="新しいファイル（SQLite は .db、PostgreSQL は pg_restore で戻す .dump）")
    _add(commands, "re-encrypt", "秘密の値を、DATA_KEYS の最初の鍵で暗号化し直す（鍵を替えたとき）")
    check = _add(commands, "check-catalog", "会社のフォルダー（価格表と約款）を検査する")
    check.add_argument("folder", type=Path, nargs="?", metavar="フォルダー", help="省略すると COMPANY_FOLDER、なければ見本の会社")
    catalog = commands.add_parser("catalog", help="価格表の変更", description="価格表の変更")
    difference = _add(
        catalog.add_subparsers(title="操作", metavar="操作", required=True),
        "diff",
        "書きかえた会社のフォルダーを今のものと比べ、だれの何がいつ変わるかを表示する（何も変えない）",
        command="catalog_diff",
    )
    difference.add_argument("folder", type=Path, metavar="フォルダー")
    company = commands.add_parser("company", help="会社のフォルダー", description="会社のフォルダー")
    _add_company_commands(company.add_subparsers(title="操作", metavar="操作", required=True))
    bank = commands.add_parser("bank", help="銀行のファイル", description="銀行のファイル")
    _add_bank_commands(bank.add_subparsers(title="操作", metavar="操作", required=True))
    account = commands.add_parser("account", help="アカウントの操作", description="アカウントの操作")
    _add_account_commands(account.add_subparsers(title="操作", metavar="操作", required=True))
    staff = commands.add_parser("staff", help="担当者の操作", description="担当者の操作")
    _add_staff_commands(staff.add_subparsers(title="操作", metavar="操作", required=True))
    return parser


def _add_company_commands(commands: "_SubParsersAction[JapaneseParser]") -> None:
    from portal.runtime.company_questions import QUESTIONS, option_of

    new = _add(commands, "new", "自社のフォルダーを作る（指定しなかったことは、続けて尋ねる）", command="new_company")
    new.add_argument("folder", type=Path, metavar="フォルダー")
    for key, question in QUESTIONS.items():
        new.add_argument(option_of(key), dest=key, metavar="…", help=question)


def _add_bank_commands(commands: "_SubParsersAction[JapaneseParser]") -> None:
    bring = _add(commands, "import", "銀行のファイル（全銀か銀行の CSV）を取り込む", command="import_bank_file")
    bring.add_argument("file", type=Path, metavar="ファイル")
    bring.add_argument("--dry-run", action="store_true", help="何を取り込むかを表示するだけで、何も変えない")
    bring.add_argument("--account", default="", metavar="口座番号", help="CSV に口座が書かれていないときの口座（1つだけなら省略できる）")
    bring.add_argument("--staff", default="", metavar="ログインID", help="だれの操作として記録するか（担当者が1人なら省略できる）")


def _add_account_commands(commands: "_SubParsersAction[JapaneseParser]") -> None:
    add = _add_for_login(commands, "add", "アカウントを作る（パスワードは続けて尋ねる）", command="add_account")
    add.add_argument("--name", required=True, metavar="名前", help="お客様の名前")
    add.add_argument("--email", required=True, metavar="アドレス", help="お客様のメールアドレス")
    add.add_argument("--plan", required=True, metavar="プラン", help="catalog.toml にあるプランの id")
    _add_password_stdin(add)

    about = "お客様と、すでにある契約を、CSV からまとめて取り込む（1行でも誤りがあれば、何も取り込まない）"
    bring = _add(commands, "import", about, command="import_accounts")
    bring.formatter_class, bring.epilog = RawDescriptionHelpFormatter, ACCOUNT_FILE
    bring.add_argument("file", type=Path, metavar="ファイル.csv")
    bring.add_argument("--dry-run", action="store_true", help="何を取り込むかを表示するだけで、何も変えない")

    changes = (
        ("disable", "disable_account", "アカウントを閉じる（ログインと自動更新のお支払いを止める）"),
        ("enable", "enable_account", "アカウントを再び開く"),
        ("password", "send_password_link", "パスワードを決め直すためのリンクを、お客様にメールで送る"),
        ("sessions-end", "end_account_sessions", "ログイン中の端末を、すべてログアウトさせる"),
    )
    for name, command, text in changes:
        change = _add_for_login(commands, name, text, command=command)
        _add_reason(change)
    plan = _add_for_login(commands, "plan", "お客様のプランを、次の契約期間から変える", command="change_account_plan")
    plan.add_argument("plan", metavar="プラン", help="catalog.toml にあるプランの id")
    _add_reason(plan)
    plan.add_argument("--dry-run", action="store_true", help="いつから変わり、次にいくらになるかを表示するだけで、何も変えない")
    erase = _add_for_login(commands, "erase", "保存期間を過ぎた、もとのお客様の個人データを消去する（戻せない）", command="erase_account")
    erase.add_argument("--dry-run", action="store_true", help="消去できるか、できるのはいつからかを表示するだけで、何も変えない")
    _add_for_login(commands, "show", "1人のお客様の、契約、今後の予定、申し込み、お預かり、メールを表示する", command="show_account")
    address = _add_for_login(commands, "address", "お客様のメールアドレスを変える", command="change_account_address")
    address.add_argument("--email", required=True, metavar="アドレス", help="新しいメールアドレス")
    _add_reason(address)


def _add_staff_commands(commands: "_SubParsersAction[JapaneseParser]") -> None:
    add = _add_for_login(
        commands, "add", "担当者を追加する（パスワードを尋ね、認証アプリの QR コードと回復コードを表示する）", command="add_staff"
    )
    add.add_argument("--name", metavar="名前", help="画面に表示する名前（省略するとログインID）")
    add.add_argument("--role", choices=ROLES, default="acting", help="viewing は閲覧だけ、acting は操作もできる（省略すると acting）")
    _add_password_stdin(add)
    role = _add_for_login(commands, "role", "担当者の権限を変える", command="set_staff_role")
    role.add_argument("role", choices=ROLES, help="viewing は閲覧だけ、acting は操作もできる")
    password = _add_for_login(commands, "password", "担当者のパスワードを変える（続けて尋ねる）", command="set_staff_password")
    _add_password_stdin(password)
    _add_for_login(commands, "reset", "認証アプリと回復コードを作り直す（なくしたとき、停止を解くとき）", command="reset_staff")
    _add_for_login(commands, "disable", "担当者を停止する", command="disable_staff")


def _add_password_stdin(command: ArgumentParser) -> None:
    command.add_argument("--password-stdin", action="store_true", help="パスワードを標準入力の1行目から読む")


def _add_for_login(commands: "_SubParsersAction[JapaneseParser]", name: str, text: str, *, command: str) -> ArgumentParser:
    parser = _add(commands, name, text, command=command)
    parser.add_argument("login", metavar="ログインID")
    return parser


def _add(commands: "_SubParsersAction[JapaneseParser]", name: str, text: str, *, command: str = "") -> ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command or name.replace("-", "_"))
    return parser


def _add_reason(command: ArgumentParser) -> None:
    command.add_argument("--reason", type=_reason, required=True, metavar="理由", help="お客様へのメールと履歴に残る")


def _reason(text: str) -> str:
    """As staff's forms take it: one line of what can be seen."""
    line = " ".join("".join(each for each in text if each.isspace() or each.isprintable()).split())
    if not 0 < len(line) <= LONGEST_REASON:
        raise ArgumentTypeError(f"理由を、{LONGEST_REASON}文字までで書いてください")
    return line


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise ArgumentTypeError("ポートは 1～65535 の番号にしてください")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
