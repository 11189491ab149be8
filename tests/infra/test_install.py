"""What the first `make run` says while it installs."""

from __future__ import annotations

import subprocess
import sys
from itertools import count as numbers
from pathlib import Path

from infra import install
from infra.package import ROOT


def test_a_files_packages_are_counted_with_those_of_the_files_it_refers_to(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("# what for\none==1\n", encoding="utf-8")
    (tmp_path / "all.txt").write_text(
        "-r more.txt\ntwo[extra]==2  # why\nthree==3 \\\n    --hash=sha256:ab\n"
    )
    assert install.count(tmp_path / "all.txt") == 3


def test_every_file_says_what_it_is_for() -> None:
    files = [*ROOT.glob("requirements*.txt")]
    assert len(files) == 5
    assert all(file.read_text(encoding="utf-8").startswith("# ") for file in files)


def test_progress_is_told_by_quarters_with_the_time_that_is_left() -> None:
    clock = numbers(0, 10)
    lines = [
        "Collecting a",
        "  Using cached a.whl",
        *(f"Collecting {each}" for each in "bcdefgh"),
        "Installing collected packages: a",
    ]
    assert [*install.progress(lines, 8, lambda: next(clock))] == [
        "2 of 8, about 30 s yet",
        "4 of 8, about 20 s yet",
        "6 of 8, about 10 s yet",
        "All are here after 40 s. Unpacking them ...",
    ]


def test_where_pip_fails_its_words_are_shown(tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("no such requirement==1\n", encoding="utf-8")
    command = [sys.executable, str(ROOT / "infra" / "install.py"), str(tmp_path / "none.txt"), "a test"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode
    assert "no such requirement" in ended.stderr
