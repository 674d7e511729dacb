"""What a class understood and what it did not: a gradebook to measures, figures, one page and one notebook."""

from mldebt.report.read import Book, ReportError, read

__all__ = ["Book", "ReportError", "read"]
