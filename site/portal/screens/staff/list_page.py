"""Shared by all list pages: a search field, one page of rows, a link to the next page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.actions.accounts import limits
from portal.actions.staff.paging import Listed
from portal.actions.staff.searching import SearchQuery
from portal.forms.staff.search import SearchForm
from portal.rules.accounts.limits import Limited
from portal.web.current import client_address, current_staff


def search() -> SearchForm:
    return SearchForm(formdata=request.args)


def search_query(form: SearchForm) -> SearchQuery:
    """What to look for. Raises TooMany: a search may read a whole table."""
    if form.text:
        count_search()
    return SearchQuery(form.text, form.yen, form.page_number)


def count_search() -> None:
    limits.count_or_refuse(Limited.SEARCH, limits.of_staff(current_staff(), client_address()))


def list_page(template: str, form: SearchForm, found: Listed, **context: object) -> ResponseReturnValue:
    """`kept`: query parameters that the links to other pages keep."""
    kept = {name: value for name, value in (("q", form.text), ("rest", "yes" if form.only_with_rest else "")) if value}
    return render_template(template, form=form, found=found, kept=kept, **context)
