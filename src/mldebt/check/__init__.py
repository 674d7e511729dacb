"""What a right answer does: pure judgement, which knows no notebook and no screen.

Authors need `question`, `in_quiz`, `right`, `wrong` and `Answer`; `judge` applies a question to an answer.
"""

from mldebt.check.answer import Answer, Call, NamespaceAnswer
from mldebt.check.compare import is_integer, is_number, names_in, same
from mldebt.check.outcome import BrokeError, NotAttemptedError, Outcome, Status, TimedOutError, Verdict, right, wrong
from mldebt.check.question import Question, judge, question
from mldebt.check.quiz import in_quiz
from mldebt.check.shown import kind_of, shown, with_article
from mldebt.check.source import Cell, reaches

__all__ = [
    "Answer",
    "BrokeError",
    "Call",
    "Cell",
    "NamespaceAnswer",
    "NotAttemptedError",
    "Outcome",
    "Question",
    "Status",
    "TimedOutError",
    "Verdict",
    "in_quiz",
    "is_integer",
    "is_number",
    "judge",
    "kind_of",
    "names_in",
    "question",
    "reaches",
    "right",
    "same",
    "shown",
    "with_article",
    "wrong",
]
