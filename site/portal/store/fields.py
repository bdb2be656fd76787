"""Custom columns."""

from datetime import UTC, date, datetime
from typing import Any

from peewee import DateField as DayField
from peewee import DateTimeField, TextField

from portal.store.encryption import decrypt, encrypt


class InstantField(DateTimeField):
    """A moment, stored as UTC. A value without a time zone is a bug and is refused."""

    def db_value(self, value: datetime | None) -> Any:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{self.name}: a moment needs its time zone")
        return super().db_value(value and value.astimezone(UTC).replace(tzinfo=None))

    def python_value(self, value: Any) -> datetime | None:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment and moment.replace(tzinfo=UTC)


class DateField(DayField):
    """A day. SQLite returns what it was given: a day as ISO 8601 writes it, so no other form is tried."""

    def python_value(self, value: Any) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class EncryptedField(TextField):
    """Text that is encrypted in the database. Each time to another value, so it cannot be searched for: compare a fingerprint."""

    def db_value(self, value: str | None) -> str | None:
        return None if value is None else encrypt(value)

    def python_value(self, value: str | None) -> str | None:
        return None if value is None else decrypt(value)
