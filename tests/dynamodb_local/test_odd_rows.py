"""Rows that a hand left odd, on AWS's own engine: what a condition makes of another type is its to say."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import ChangeKind
from sandbox.aws.connect_stand_in import ConnectStandIn
from sandbox.aws.sample_people import people
from tests.dynamodb_local.checks import digits, numbers, one_sync
from tests.dynamodb_local.crew import Place
from tests.dynamodb_local.sampler import all_rows, wrong_at_rest

pytestmark = [pytest.mark.dynamodb_local, pytest.mark.guarantee(12)]

ODD: list[dict[str, Any]] = [{"N": "7"}, {"NULL": True}, {"L": [{"S": "a"}]}, {"M": {}}, {"SS": ["a"]}]


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize(
    ("pk", "sk", "names"),
    [
        ("sync", "lease", ("lease_until", "fingerprint")),
        ("sync", "lease", ("token",)),
        ("00", "agentID", ("agent_id", "display_name")),
        ("09", "nu", ("held_until", "released")),
        ("user#{id}", "extension", ("sk_value",)),
    ],
)
def test_a_sync_gets_on_with_attributes_of_other_types(
    url: str, table: str, client: Any, pk: str, sk: str, names: tuple[str, ...], odd: dict[str, Any]
) -> None:
    with ConnectStandIn(people(3), quota=None) as connect:
        place = Place(url, connect.url, table, "00-09")
        one_sync(place, client)
        key = {"pk": {"S": pk.format(id=people(1)[0].id)}, "sk": {"S": sk}}
        item = client.get_item(TableName=table, Key=key)["Item"]
        spoilt = {name: odd for name in names if name != "sk_value" and not (name == "token" and "N" in odd)}
        left = {name: value for name, value in item.items() if name not in names or name == "token"}
        client.put_item(TableName=table, Item=left | spoilt)
        connect.join(people(4)[3])
        report = one_sync(place, client, minutes=10)
        assert report.counts[ChangeKind.ASSIGNED] == 1
        assert one_sync(place, client, minutes=20).counts == {}
    rows = all_rows(client, table)
    assert wrong_at_rest(rows, digits(place.range)) == []
    assert len(numbers(rows)) == 4
