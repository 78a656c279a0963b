"""The nightly off switch is no installed package: Lambda has it as `off`, and so do its tests."""

import sys
from pathlib import Path

GUARD = Path(__file__).parents[2] / "terraform" / "modules" / "guard"
sys.path.insert(0, str(GUARD))
