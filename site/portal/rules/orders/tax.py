"""Consumption tax inside a price."""


def tax_inside(total_yen: int, percent: int) -> int:
    """The tax in yen within a total that includes it, rounded down. Call once per rate and document, never per line (消費税法, 適格請求書).

    Raises ValueError if the total or the rate is negative.
    """
    if total_yen < 0 or percent < 0:
        raise ValueError("neither a total nor a tax rate is below zero")
    return total_yen * percent // (100 + percent)
