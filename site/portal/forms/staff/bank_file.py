"""銀行のファイル: the file, and where it does not say so itself, whose account it is."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField, ValidationError
from wtforms.fields import SelectChoice

from portal.catalog import BankAccount
from portal.forms.base import PortalForm
from portal.forms.reading import one_line

FROM_THE_FILE = ""


class BankFileForm(PortalForm):
    file = FileField("ファイル")
    account = SelectField("口座", default=FROM_THE_FILE, validate_choice=False)

    def __init__(self, accounts: Sequence[BankAccount], **kwargs: Any) -> None:
        """`accounts`: of the company. With one alone there is nothing to choose."""
        super().__init__(**kwargs)
        self.accounts = accounts
        names = [SelectChoice(account.number, f"{account.bank} {account.branch} {account.kind} {account.number}") for account in accounts]
        self.account.choices = [SelectChoice(FROM_THE_FILE, "ファイルに書かれている口座"), *names]

    @property
    def chosen(self) -> BankAccount | None:
        return next((account for account in self.accounts if account.number == self.account.data), None)

    @property
    def needs_account(self) -> bool:
        """None is chosen where there are several."""
        return self.chosen is None and len(self.accounts) > 1

    @property
    def name(self) -> str:
        return one_line(self.file.data.filename)

    def refuse(self, reason: str) -> None:
        """The file was read and is none that can be imported."""
        self.file.errors = [f"{reason} 何も取り込まれていません。"]

    def validate_file(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError("銀行からダウンロードしたファイルを選んでください。")
