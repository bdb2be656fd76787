"""What every company refuses before it asks anybody: amounts, keys and addresses that cannot be."""

from portal.gateways.answers import HIGHEST_YEN

LONGEST_KEY = 255


def check_yen(yen: int) -> None:
    if type(yen) is not int or not 0 < yen < HIGHEST_YEN:
        raise ValueError("yen must be a positive whole number")


def check_key(key: str) -> None:
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError("key must have 1 to 255 characters")


def check_address(url: str) -> None:
    """Refuse an address that a browser could read as another origin or as a script."""
    is_clean = not any(character <= " " or character == "\\" for character in url)
    is_ours = url.startswith("/") and not url.startswith("//")
    if not is_clean or not (is_ours or url.startswith(("http://", "https://"))):
        raise ValueError("return_url must be a path of ours or an http(s) address")
