"""Where the files outside the package are."""

from pathlib import Path


def asset_folder(name: str) -> str:
    """templates/, static/, migrations/ and company/ are at the top of a checkout, and inside the package once installed."""
    installed = Path(__file__).parents[1] / name
    checkout = Path(__file__).parents[3] / name
    return str(installed if installed.is_dir() else checkout)
