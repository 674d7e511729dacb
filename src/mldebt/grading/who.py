"""Who the learners of a class are: what the roster calls them, and what the release asked each of them."""

from dataclasses import dataclass

from mldebt.release import Release
from mldebt.roster import Roster
from mldebt.variant import new_id, rewrite, words

_SOMEBODY = new_id("", "")
"""Some variant: what it does not change, none changes."""


@dataclass(frozen=True)
class Who:
    """What is known of the learners besides their marks. With neither roster nor release it is their ids alone.

    `varied` says that they may have variants of their own though no release is given.
    """

    roster: Roster | None = None
    release: Release | None = None
    varied: bool = False

    def name(self, learner: str) -> str:
        """Return a learner's name, or their id where no roster tells it."""
        known = self.roster.by_id("id", learner) if self.roster else None
        return known.name if known else learner

    @property
    def may_read_hints(self) -> bool:
        """Whether learners may see a hint at all, as the release was made."""
        return self.release is None or self.release.hints != 0

    def text(self, learner: str, unit: str, public: str) -> str:
        """Return a text of the public exercise as it stands in the learner's own variant.

        Empty where the text has names that differ and no release tells the learner's: the public ones would look as
        if another exercise had been graded.
        """
        if not (self.release or self.varied):
            return public
        if self.release and learner in self.release.learners:
            return rewrite(public, words(unit, self.release.id_of(learner)))
        return public if rewrite(public, words(unit, _SOMEBODY)) == public else ""


NOTHING_KNOWN = Who()
