"""What a customer changes about himself: the name, a mail address."""

from wtforms import Field, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.forms.base import PortalForm
from portal.forms.reading import mail_address, one_line
from portal.forms.staff.allocation import ReasonForm
from portal.forms.staff.fields import required_line
from portal.rules.accounts.mail_addresses import is_same, why_refused

LONGEST_NAME = 100
_NAME = [required_line, Length(max=LONGEST_NAME, message=f"お名前は{LONGEST_NAME}文字までです。")]


class NewAddress:
    """A form with the field `address`. `known`: the addresses that it must differ from."""

    known: tuple[str | None, ...] = ()

    @property
    def typed_address(self) -> str:
        return mail_address(self.address.data)

    def validate_address(self, field: Field) -> None:
        if any(is_same(self.typed_address, one) for one in self.known):
            raise ValidationError("すでに登録されているメールアドレスです。")
        if why := why_refused(self.typed_address):
            raise ValidationError(why)


class AddressForm(NewAddress, PortalForm):
    address = StringField("新しいメールアドレス", [InputRequired("新しいメールアドレスを入力してください。")])
    current = PasswordField("いまのパスワード", [InputRequired("いまのパスワードを入力してください。")])


class CorrectedAddressForm(NewAddress, ReasonForm):
    address = StringField("新しいメールアドレス", [InputRequired("新しいメールアドレスを入力してください。")])

    @property
    def more(self) -> list[Field]:
        return [self.address]

    @property
    def typed_value(self) -> str:
        return self.typed_address


class NameForm(PortalForm):
    name = StringField("新しいお名前", _NAME)

    @property
    def typed_name(self) -> str:
        return one_line(self.name.data)


class CorrectedNameForm(ReasonForm):
    name = StringField("新しいお名前", _NAME)

    @property
    def more(self) -> list[Field]:
        return [self.name]

    @property
    def typed_value(self) -> str:
        return one_line(self.name.data)
