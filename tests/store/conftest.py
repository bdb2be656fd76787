from tests.renewal.conftest import calendar, shop  # noqa: F401 (fixtures)
