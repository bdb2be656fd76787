"""Which installation a database belongs to, so that a copy of a database charges nobody."""

from models import Installation
from portal.store import database as store


class WrongInstallation(Exception):
    """The database belongs to another installation, or is a demo where it must not be (or the reverse)."""


def claim_installation(installation_id: str, is_demo: bool) -> None:
    """Mark an empty database as ours. Raises WrongInstallation if it is marked as another's."""
    store.ensure_connection()
    Installation.insert(id=1, installation_id=installation_id, is_demo=is_demo).on_conflict_ignore().as_rowcount().execute()
    refuse_another(installation_id, is_demo)


def refuse_another(installation_id: str, is_demo: bool) -> None:
    """Raises WrongInstallation. Only reads, and only columns that every released schema has."""
    row = Installation.select(Installation.installation_id, Installation.is_demo).first()
    if row is None:
        return
    if row.is_demo != is_demo:
        raise WrongInstallation(f"このデータベースは{'デモ' if row.is_demo else '本番'}用です。接続先（DATABASE_URL）を確認してください。")
    if row.installation_id != installation_id:
        raise WrongInstallation(
            f"このデータベースは別の設置「{row.installation_id}」のものです。INSTALLATION_ID と DATABASE_URL を確認してください。"
        )
