"""The mini project without an install: a static JupyterLite site, whose Python runs in the reader's browser."""

from mldebt.lite.build import LiteError, build

__all__ = ["LiteError", "build"]
