"""The documents for who runs the portal, and the commands in them."""

import re
from pathlib import Path

JAPANESE = Path(__file__).parents[1] / "docs" / "ja" / "運用.md"
ENGLISH = JAPANESE.parents[1] / "operations.md"


def blocks(document: Path) -> list[str]:
    """What stands between fences, in its order."""
    return re.findall(r"^```\n(.+?)^```", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
