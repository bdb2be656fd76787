"""Change of password; the old password is required."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.forms.base import PortalForm

_LENGTH = Length(min=8, max=1000, message="新しいパスワードは8文字以上にしてください。")


class PasswordForm(PortalForm):
    current = PasswordField("いまのパスワード", [InputRequired("いまのパスワードを入力してください。")])
    new = PasswordField("新しいパスワード", [InputRequired("新しいパスワードを入力してください。"), _LENGTH])
