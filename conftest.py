"""What nbval does not compare in the notebooks of the course; how many mutants were caught, and what was left out."""

from collections import Counter
from pathlib import Path


def pytest_configure(config):
    if getattr(config.option, "nbval_sanitize_with", None) is None:
        config.option.nbval_sanitize_with = str(Path(__file__).parent / "tests" / "nbval.cfg")


def pytest_terminal_summary(terminalreporter):
    """Print how many mutants were caught, and a line for each reason why tests were left out."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    figures = sorted(value for at in reports for key, value in getattr(at, "user_properties", ()) if key == "mutants")
    if figures:
        terminalreporter.section("mutants of the solutions")
        for line in dict.fromkeys(figures):
            terminalreporter.write_line(line)
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = Counter(about[2].removeprefix("Skipped: ") for about in skipped if isinstance(about, tuple))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"Left out: {count} test{'s' if count > 1 else ''}. Why: {reason}")
