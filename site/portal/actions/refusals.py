"""What an action of staff raises when it is refused."""


class NotPossible(Exception):
    """The action is refused. The message is Japanese; nothing was changed."""
