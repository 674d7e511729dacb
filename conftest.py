"""What nbval does not compare in the notebooks of the course, wherever pytest is started; and what was left out."""

from collections import Counter
from pathlib import Path


def pytest_configure(config):
    if getattr(config.option, "nbval_sanitize_with", None) is None:
        config.option.nbval_sanitize_with = str(Path(__file__).parent / "tests" / "nbval.cfg")


def pytest_terminal_summary(terminalreporter):
    """Say in one line for each reason how many tests it left out: a green run may have looked at less."""
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = Counter(about[2].removeprefix("Skipped: ") for about in skipped if isinstance(about, tuple))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"Left out: {count} test{'s' if count > 1 else ''}. Why: {reason}")
