"""What has become of a line of a bank's file. Every line is in exactly one state."""

from portal.enums import LineKind, LineState


def line_state(kind: LineKind, *, is_ignored: bool, has_deposit: bool, rest_yen: int, is_allocated: bool) -> LineState:
    """`rest_yen`: of its deposit, neither allocated nor returned. `is_allocated`: some of it is for an order. A correction has a deposit
    once staff have said what the bank took back.
    """
    if is_ignored:
        return LineState.IGNORED
    if kind == LineKind.CORRECTION:
        return LineState.RETURNED if has_deposit else LineState.WAITING
    if rest_yen > 0:
        return LineState.WAITING
    return LineState.MATCHED if is_allocated else LineState.RETURNED
