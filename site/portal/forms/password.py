"""A new password: chosen while signed in, with the old one, or by the link of a mail."""

from collections.abc import Iterable

from wtforms import Field, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.forms.base import PortalForm
from portal.forms.reading import login_id, mail_address
from portal.rules.accounts import passwords


def _new_password() -> PasswordField:
    return PasswordField("新しいパスワード", [InputRequired("新しいパスワードを入力してください。")])


class NewPasswordForm(PortalForm):
    """`known_texts`: what others know of the person and the site; no password is made of it."""

    new = _new_password()

    def __init__(self, known_texts: Iterable[str]) -> None:
        super().__init__()
        self._known_texts = tuple(known_texts)

    def validate_new(self, field: Field) -> None:
        if why := passwords.why_refused(field.data, self._known_texts):
            raise ValidationError(why)


class PasswordForm(NewPasswordForm):
    current = PasswordField("いまのパスワード", [InputRequired("いまのパスワードを入力してください。")])
    new = _new_password()


class AskForLinkForm(PortalForm):
    name = StringField(
        "ログインIDまたはメールアドレス",
        [InputRequired("ログインIDまたはメールアドレスを入力してください。"), Length(max=254, message="254文字までです。")],
    )

    @property
    def typed_name(self) -> str:
        text = self.name.data
        return mail_address(text) if "@" in mail_address(text) else login_id(text)
