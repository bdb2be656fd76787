"""/demo/states: every screen in every state at an address of its own, for readers, checks and presenters.

The pages are made once for each version, by the real code on a world of its own in another process (making.py), and kept as files.
"""
