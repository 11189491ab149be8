from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.dynamodb_local.crew import Place, Seen, Work, crew
from tests.dynamodb_local.server import dynamodb_local
from tests.dynamodb_local.tables import client_of, create_table

pytest.register_assert_rewrite("tests.dynamodb_local.checks")


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    with dynamodb_local() as url:
        yield url


@pytest.fixture(scope="session")
def client(url: str) -> Any:
    return client_of("dynamodb", url)


@pytest.fixture
def table(client: Any, request: pytest.FixtureRequest) -> str:
    name = re.sub(r"[^\w.-]", ".", request.node.name)[:200]
    create_table(client, name)
    return name


@pytest.fixture(scope="session")
def race() -> Iterator[Callable[[Place, list[Work]], list[Seen]]]:
    with crew() as race:
        yield race
