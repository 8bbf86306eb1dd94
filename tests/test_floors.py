"""The pinned quality floors, on the shipped reader and the seeds: a change that falls under one fails here."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_reported_set_stays_above_its_floors(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eval", "--quick", "--json", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    means = json.loads(done.stdout.splitlines()[-1])
    assert means["questions"] == 232
    assert means["pointers"] == 1.0
    assert means["floors"] is True
    assert (tmp_path / "report.html").exists()
