"""`python -m bot doctor`: check an installation, read-only, in under 10 s.

Exit codes: 0 all is right, 1 something is wrong, 2 nothing is wrong but something could not be told.

Beside the settings it reads, where they are set: CALL_FUNCTION, the name or ARN of the call function,
and CONNECT_FLOWS, the ids or ARNs of the flows, comma separated. Without them both are found by name.
"""

from __future__ import annotations

import os
import sys
import time

from bot.doctor.checks import checks_of
from bot.doctor.findings import exit_code
from bot.doctor.show import as_json, print_sections
from bot.doctor.threads import examine

# Of the ten seconds, what is left for Python to start and for the printing.
SECONDS = 8


def run(as_json_text: bool) -> int:
    """Check what the environment describes, print what was found, and return the exit code."""
    started = time.monotonic()
    sections = examine(checks_of(dict(os.environ)), started + SECONDS)
    seconds = time.monotonic() - started
    if as_json_text:
        print(as_json(sections, seconds))
    else:
        print_sections(sections, seconds, sys.stdout)
    return exit_code(sections)
