"""`python -m mldebt`."""

import sys

try:
    from mldebt.cli import main

    main()
except KeyboardInterrupt:  # while it starts; a command that runs says more
    sys.exit("Stopped.")
