"""The flows of flows/ as a caller hears them: their prompts filled in from flows/prompts.json.

infra/flows.cjs does the same for a deploy, and a test holds the two together.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FLOWS = Path(__file__).parent.parent / "flows"
NAMES = ("inbound", "transfer", "ringing")
_PROMPT = re.compile(r"\$\{Prompts\.(\w+)\}")


def prompts(language: str = "en") -> dict[str, str]:
    """Every prompt of a language by name, and its `voice`. Raises KeyError for a language that is missing."""
    of_language: dict[str, str] = json.loads((FLOWS / "prompts.json").read_text(encoding="utf-8"))[language]
    return of_language


def read_flow(name: str, language: str = "en") -> dict[str, Any]:
    """The flow in flows/<name>.json, speaking; `${FallbackQueueArn}` and the like stay as they are."""
    texts = prompts(language)
    spoken = _PROMPT.sub(
        lambda found: json.dumps(texts[found[1]], ensure_ascii=False)[1:-1],
        (FLOWS / f"{name}.json").read_text(encoding="utf-8"),
    )
    flow: dict[str, Any] = json.loads(spoken)
    return flow
