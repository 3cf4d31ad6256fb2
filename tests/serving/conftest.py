"""What the tests of serving share."""

from __future__ import annotations

import sys
from pathlib import Path

# The real servers and visitors of the guestbook's tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "live"))
