"""Ways in which a transfer for one order can arrive."""

from dataclasses import dataclass

from models import Order


@dataclass(frozen=True)
class Way:
    """One way in which a transfer can arrive for an order. Yen, and the name as the bank prints it."""

    label: str
    yen: int
    payer: str
    times: int = 1


def ways(order: Order) -> dict[str, Way]:
    """The payments that the presenter can choose."""
    named = f"{order.number} ﾐﾎﾝ ﾀﾛｳ"
    return {
        "exact": Way("ちょうど", order.total_yen, named),
        "short": Way("440円足りない", max(order.total_yen - 440, 1), named),
        "over": Way("1,000円多い", order.total_yen + 1000, named),
        "other": Way("番号のない別の名前", order.total_yen, "ﾖｿﾉ ﾊﾅｺ"),
        "twice": Way("2回", order.total_yen, named, times=2),
    }
