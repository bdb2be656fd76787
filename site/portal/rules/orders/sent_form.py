"""Which of two posts of a contract form counts: the last one that the customer sent, whichever arrives first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SentForm:
    """`page`: one rendering of the form; `revision`: the draft's at that time. `at`: the browser's clock in ms, 0 without script."""

    page: str
    revision: int
    at: int

    def counts(self, revision: int, last_page: str, last_at: int) -> bool:
        """False if its page sent something later, or another page has changed the draft since this one was rendered.

        The arguments are the draft's revision, and the page and time of what it has.
        """
        if self.page == last_page:
            return self.at == 0 or self.at >= last_at
        return self.revision == revision
