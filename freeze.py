"""Build the static site into build/: `python freeze.py`, options with --help."""

import sys

from meishi.freezing import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
