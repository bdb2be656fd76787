"""The output of `run-due`: a line for each thing as soon as it is done, and totals at the end."""

from collections import Counter
from datetime import date

from portal.formats import date_ja, yen
from portal.jobs.lines import Line
from portal.jobs.progress import room_to_print


class RunReport:
    """Keeps only totals in memory."""

    def __init__(self, *, today: date, is_dry_run: bool = False) -> None:
        self._today, self.is_dry_run = today, is_dry_run
        self._counts: Counter[str] = Counter()
        self._yen: Counter[str] = Counter()
        self.failures = 0
        if is_dry_run:
            self._print("これは予定の表示です。何も変更せず、お支払いも行いません。")

    def add(self, line: Line) -> None:
        self._counts[line.label] += 1
        if line.yen is not None:
            self._yen[line.label] += line.yen
        if line.parts:
            self._print("　".join(line.parts))

    def fail(self, count: int = 1) -> None:
        self.failures += count

    def close(self) -> None:
        """Print the totals."""
        sums = [self._sum(label, count) for label, count in self._counts.items()]
        sums += [f"失敗：{self.failures:,}件（記録に理由があります。次回もう一度行います）"] if self.failures else []
        nothing = "行うことはありません。" if self.is_dry_run else "行うことはありませんでした。"
        self._print(
            "\n".join([f"{date_ja(self._today)}の{'予定' if self.is_dry_run else '合計'}", *(f"  {line}" for line in sums or [nothing])])
        )

    def _sum(self, label: str, count: int) -> str:
        return f"{label}：{count:,}件" + (f"　{yen(self._yen[label])}" if label in self._yen else "")

    def _print(self, text: str) -> None:
        with room_to_print():
            print(text, flush=True)
