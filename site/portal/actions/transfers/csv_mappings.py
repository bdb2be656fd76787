"""How staff have said that a bank's CSV is read: saved, known again by its header, and removed."""

from peewee import IntegrityError

from models import CsvMapping, Staff
from portal import clock
from portal.actions import history
from portal.actions.refusals import NotPossible
from portal.enums import DateForm
from portal.rules.transfers.bank_files.csv_file import is_header
from portal.rules.transfers.bank_files.csv_mapping import Mapping
from portal.rules.transfers.bank_files.csv_profiles import PROFILES, Profile
from portal.rules.transfers.bank_files.csv_text import cells_of
from portal.store.database import database

BANK_IS_KNOWN = "銀行の名前「{}」は、すでに使われています。支店や画面の名前を付けるなど、別の名前にしてください。"
HEADER_IS_KNOWN = "この見出しの CSV の読み方は、「{}」としてすでに覚えています。"


def all_mappings() -> list[CsvMapping]:
    """With who made them."""
    return list(CsvMapping.select(CsvMapping, Staff).join(Staff).order_by(CsvMapping.bank))


def mapped_profiles() -> list[Profile]:
    return [_mapping(row).profile for row in CsvMapping.select().order_by(CsvMapping.id)]


def save(mapping: Mapping, staff: Staff) -> None:
    """From now on files with this header are read so. The same one again changes nothing. Raises NotPossible if bank or header has one."""
    names = ("bank", "date_form", "day", "came", "went", "payer", "balance")
    about = {name: getattr(mapping, name) for name in names} | {"header": mapping.header_text, "header_key": mapping.header_key}
    try:
        with database.atomic():
            if any(profile.bank == mapping.bank for profile in PROFILES):
                raise NotPossible(BANK_IS_KNOWN.format(mapping.bank))
            if known := next((profile for profile in PROFILES if is_header(mapping.header, profile)), None):
                raise NotPossible(HEADER_IS_KNOWN.format(known.bank))
            CsvMapping.create(staff=staff, made_at=clock.now(), **about)
            _tell(mapping.bank, None, "open", staff, f"CSV の列を覚えた：{mapping.header_text}")
    except IntegrityError:
        same = CsvMapping.get_or_none(CsvMapping.header_key == mapping.header_key)
        if same is None:
            raise NotPossible(BANK_IS_KNOWN.format(mapping.bank)) from None
        if _mapping(same) != mapping:
            raise NotPossible(HEADER_IS_KNOWN.format(same.bank)) from None


def remove(mapping_id: int, staff: Staff) -> None:
    """What was imported stays. Removed before: nothing happens."""
    with database.atomic():
        found = CsvMapping.get_or_none(CsvMapping.id == mapping_id)
        if found and CsvMapping.delete().where(CsvMapping.id == found.id).execute():
            _tell(found.bank, "open", "closed", staff, f"CSV の列を取り除いた：{found.header}")


def _mapping(row: CsvMapping) -> Mapping:
    columns = (row.day, row.came, row.went, row.payer, row.balance)
    return Mapping(row.bank, tuple(cells_of(row.header)[0]), DateForm(row.date_form), *columns)


def _tell(bank: str, before: str | None, after: str, staff: Staff, reason: str) -> None:
    history.record("bank-csv", bank, before, after, history.by_staff(staff), reason, account=None)
