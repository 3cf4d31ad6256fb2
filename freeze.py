"""Build the static site into build/: `python freeze.py`, options with --help."""

import sys

from meishi.freezing import freeze

if __name__ == "__main__":
    freeze(sys.argv[1:])
