"""What the usual run takes a sample of, by a fixed rule, so that every run is the same. `./run test --whole` takes all of it."""

import os

IS_WHOLE = os.environ.get("WHOLE") == "1"


def usual(sample: int, whole: int) -> int:
    """How many, or each how many'th."""
    return whole if IS_WHOLE else sample
