"""How often Python looks for objects that nobody uses any more but that refer to each other. Everything stands still meanwhile."""

import gc

NEW_OBJECTS = 20_000  # 5 MB more in a worker; Python's own number is 700


def look_seldom() -> None:
    """For a process that has loaded all it needs: what is there is not looked at again, and what comes after it less often.

    A look at the whole program takes 50 ms; the worker would hold its transaction for so long, and customers would wait.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
