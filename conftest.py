"""What nbval does not compare in the notebooks of the course; how many mutants were caught, and what was left out."""

import os
from collections import Counter
from pathlib import Path

import pytest


def pytest_configure(config):
    if getattr(config.option, "nbval_sanitize_with", None) is None:
        config.option.nbval_sanitize_with = str(Path(__file__).parent / "tests" / "nbval.cfg")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Let notebooks run as they were built: what they note is nobody's progress, and no other notebook sees it."""
    if type(item).__name__ == "IPyNbCell":
        os.environ["MLDEBT_NO_PROGRESS"] = "1"
    else:
        os.environ.pop("MLDEBT_NO_PROGRESS", None)


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
