"""All benchmarks, one after the other, each in a process of its own: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import subprocess
import sys

BENCHMARKS = ("sync", "changes", "search", "lookup", "crowd", "coldstart", "tools", "warm", "directory")


def main() -> int:
    """Run those named, or all; 1 when a figure of any is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"out of {', '.join(BENCHMARKS)}")
    chosen = parser.parse_args().names or BENCHMARKS
    if unknown := set(chosen) - set(BENCHMARKS):
        parser.error(f"There is no benchmark {', '.join(sorted(unknown))}.")
    return max(_run(name) for name in chosen)


def _run(name: str) -> int:
    print(f"\n=== {name} ===", flush=True)
    return int(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
