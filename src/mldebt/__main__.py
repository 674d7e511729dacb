"""`python -m mldebt` is `mldebt`."""

from mldebt.cli import main

main()
