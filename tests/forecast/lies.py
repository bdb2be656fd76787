"""Lies to be found: a template in which every day is said seventeen days too late, put in front of the true ones by its loader."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from jinja2 import BaseLoader, Environment

from portal.actions.mail.rendering import template as mail_templates

TOO_LATE = timedelta(days=17)
DAYS = ("time_tag", "date_ja")


class Lying(BaseLoader):
    """Gives what `true` gives; in the templates of these names each day is a lie."""

    def __init__(self, true: BaseLoader, *names: str) -> None:
        self.true, self.names = true, names

    def get_source(self, environment: Environment, template: str):
        source, file, is_fresh = self.true.get_source(environment, template)
        if template in self.names:
            for written in DAYS:
                source = source.replace(f"|{written}", f"|too_late|{written}")
        return source, file, is_fresh


@contextmanager
def lying(environment: Environment, *names: str) -> Iterator[None]:
    true = environment.loader
    environment.filters["too_late"] = _too_late
    environment.loader = Lying(true, *names)
    environment.cache.clear()
    try:
        yield
    finally:
        environment.loader = true
        environment.cache.clear()


def of_mails() -> Environment:
    return mail_templates._environment()


def _too_late(day: date) -> date:
    return day + TOO_LATE
