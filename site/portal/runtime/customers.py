"""Commands about many customers, and about one as a whole."""

from pathlib import Path

from portal import clock
from portal.actions.history import OPERATOR
from portal.actions.renewals import importing
from portal.catalog import load_catalog
from portal.rules.renewals.account_file import LARGEST_FILE, Mistaken, read
from portal.runtime.commands import settings_of_worker
from portal.store.opening import Refused


def import_accounts(file: Path, dry_run: bool) -> None:
    """All of the file, or nothing of it: every bad line is named."""
    settings = settings_of_worker()
    catalog = load_catalog(settings.company_folder)
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        plan = importing.plan_of(read(content, catalog, clock.today()))
        made = 0 if dry_run else sum(1 for _ in importing.carry_out(plan, catalog, OPERATOR))
    except OSError as error:
        raise Refused(f"{file} を読めません：{error.strerror}") from error
    except Mistaken as refusal:
        raise Refused(f"{file}：次の行を直してください。何も取り込んでいません。\n{refusal}") from refusal
    contracts = sum(person.contract is not None for person in plan.new)
    about = f"新しいアカウント {len(plan.new)}件（契約のあるもの {contracts}件）、取り込み済み {len(plan.known)}件"
    if dry_run:
        print(f"{about}を取り込みます（まだ何も変わっていません）。")
    else:
        print(f"{about}。{made}件のお客様に、最初のパスワードを決めるリンクを送ります（worker が送信してから30分間、1回だけ使えます）。")
