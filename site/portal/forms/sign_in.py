"""The sign-in form."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.forms.base import PortalForm
from portal.forms.reading import login_id


class SignInForm(PortalForm):
    login = StringField("ログインID", [InputRequired("ログインIDを入力してください。"), Length(max=64, message="64文字までです。")])
    password = PasswordField("パスワード", [InputRequired("パスワードを入力してください。")])

    @property
    def typed_id(self) -> str:
        return login_id(self.login.data)
