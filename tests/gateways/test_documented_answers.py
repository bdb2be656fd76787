"""docs/a-card-company.md names every answer with its fields, and every method of the Protocol, as they are."""

from dataclasses import fields
from inspect import signature
from pathlib import Path

import pytest

from portal.gateways import card
from portal.gateways.answers import CompanyEvent
from portal.runtime.card_companies import CardCompanyRow

DOCUMENT = (Path(__file__).parents[2] / "docs" / "a-card-company.md").read_text(encoding="utf-8")
ANSWERS = [found for name in card.__all__ if hasattr(found := getattr(card, name), "__dataclass_fields__")]


@pytest.mark.parametrize("answer", [*ANSWERS, CompanyEvent, CardCompanyRow], ids=lambda answer: answer.__name__)
def test_each_answer_is_written_with_its_fields(answer: type) -> None:
    assert f"`{answer.__name__}({', '.join(field.name for field in fields(answer))})`" in DOCUMENT


@pytest.mark.parametrize("method", [name for name in vars(card.CardCompany) if not name.startswith("_") and name not in ("name", "origin")])
def test_each_method_is_written_with_its_arguments(method: str) -> None:
    arguments = list(signature(getattr(card.CardCompany, method)).parameters)[1:]

    assert f"| `{method}({', '.join(arguments)})` |" in DOCUMENT
