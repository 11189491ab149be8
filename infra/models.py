"""Writes `core/aws/models`: of each AWS service the operations that the bot calls, and nothing else.

    python -m infra.models

botocore reads the whole description of a service before the first call, and those of these services are
megabytes; a new container waits for that. These are cut from botocore's own, so run this again after
updating it: a test fails until that is done.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

from core.aws.clients import MODELS

CALLED = {
    "connect": ("DescribeUser", "GetCurrentUserData", "ListUsers", "SearchUsers"),
    "dynamodb": (
        *("BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan"),
        *("TransactWriteItems", "UpdateItem"),
    ),
    "lambda": ("Invoke",),
    "s3": ("GetObject", "HeadObject", "PutObject"),
    "secretsmanager": ("GetSecretValue",),
}


def files() -> Iterator[tuple[Path, str]]:
    """Each file of `core/aws/models` by its path in there, and what has to be in it."""
    loader = Loader()
    for service, operations in CALLED.items():
        version = loader.determine_latest_version(service, "service-2")
        model = loader.load_service_model(service, "service-2", version)
        text = json.dumps(cut(model, operations), separators=(",", ":"), sort_keys=True)
        yield Path(service, version, "service-2.json"), text + "\n"


def cut(model: dict[str, Any], operations: tuple[str, ...]) -> dict[str, Any]:
    """A service's description with these operations, the shapes that they use, and no documentation."""
    kept = {name: model["operations"][name] for name in operations}
    shapes: dict[str, Any] = {}
    wanted = [*_references(kept)]
    while wanted:
        name = wanted.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            wanted += _references(shapes[name])
    rest = {key: model[key] for key in ("version", "metadata", "clientContextParams") if key in model}
    return rest | {"operations": _undocumented(kept), "shapes": _undocumented(shapes)}


def _references(part: Any) -> Iterator[str]:
    """The names of shapes that a part of a description refers to."""
    if isinstance(part, dict):
        if isinstance(part.get("shape"), str):
            yield part["shape"]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _undocumented(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            key: _undocumented(inner)
            for key, inner in part.items()
            if not (key == "documentation" and isinstance(inner, str))
        }
    return [_undocumented(inner) for inner in part] if isinstance(part, list) else part


def main() -> None:
    """Write the files anew."""
    shutil.rmtree(MODELS, ignore_errors=True)
    for path, text in files():
        target = MODELS / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        print(f"{target.relative_to(MODELS.parents[2])}: {len(text) / 1000:.0f} KB")


if __name__ == "__main__":
    main()
