"""The code of the second factor."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.forms.base import PortalForm


class CodeForm(PortalForm):
    code = StringField(
        "確認コード",
        [InputRequired("認証アプリに表示されている6桁のコードを入力してください。"), Length(max=64, message="64文字までです。")],
    )
