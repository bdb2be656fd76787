"""A search field and the page number. The text may also be an amount."""

from wtforms import StringField

from portal.forms.base import PortalForm
from portal.forms.reading import one_line, whole_number, yen_amount
from portal.rules.staff.lists import LAST_PAGE


class SearchForm(PortalForm):
    q = StringField("検索")
    page = StringField()
    rest = StringField()

    @property
    def text(self) -> str:
        return one_line(self.q.data)

    @property
    def yen(self) -> int | None:
        return yen_amount(self.text)

    @property
    def page_number(self) -> int:
        number = whole_number(self.page.data) or 1
        return min(max(number, 1), LAST_PAGE)

    @property
    def only_with_rest(self) -> bool:
        return self.rest.data == "yes"
