"""How far staff's lists go, so that a page takes no longer the more rows there are."""

LAST_PAGE = 500  # what is older is found by a search
NEWEST = 5_000  # rows in which any part of a text is looked for
MOST = 1_000  # rows that a search takes from one index
COUNTED = 1_000  # of more rows the menu says no number
