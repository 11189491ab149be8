"""The cut-down service descriptions against botocore's own."""

from __future__ import annotations

from core.aws.clients import MODELS
from infra.models import files


def test_the_descriptions_are_cut_from_the_botocore_that_is_pinned() -> None:
    wanted = dict(files())
    found = {path.relative_to(MODELS): path.read_text() for path in MODELS.rglob("*.json")}
    assert found == wanted, "run python -m infra.models"
