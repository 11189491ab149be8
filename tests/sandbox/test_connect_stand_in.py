from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError
from msgspec.structs import replace

from sandbox.aws.connect_stand_in import INSTANCE_ARN, INSTANCE_ID, OPERATIONS, ConnectStandIn, Quota
from sandbox.aws.connect_users import Person
from sandbox.aws.events import missed_contact
from sandbox.aws.sample_people import people
from sandbox.loopback import Request
from tests.sandbox import Clock, client_of, misfits, operation_model
from tests.stand_ins.connect import HookedConnect

if TYPE_CHECKING:
    from types_boto3_connect import ConnectClient

STRANGER = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def connect() -> Iterator[ConnectStandIn]:
    """230 people, no quota."""
    with ConnectStandIn(people(230), quota=None) as connect:
        yield connect


@pytest.fixture
def client(connect: ConnectStandIn) -> ConnectClient:
    return client_of(connect)


def listing(client: ConnectClient, operation: str = "list_users", size: int = 100) -> list[str]:
    """The usernames of a whole listing."""
    pages = client.get_paginator(operation).paginate(  # type: ignore[call-overload]
        InstanceId=INSTANCE_ID, PaginationConfig={"PageSize": size}
    )
    key = {"list_users": "UserSummaryList", "search_users": "Users"}[operation]
    return [user["Username"] for page in pages for user in page[key]]


def usernames(found: list[Person]) -> list[str]:
    return [person.username for person in found]


def code_of(call: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(ClientError) as raised:
        call()
    response = raised.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def request(method: str, path: str, body: bytes = b"") -> Request:
    return Request(method, path, {}, body)


def ask(url: str, method: str, path: str, body: str = "") -> Any:
    """What the stand-in's own addresses answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    connection.request(method, path, body)
    found = json.loads(connection.getresponse().read())
    connection.close()
    return found


# The service model


def heard(client: ConnectClient) -> list[tuple[Any, Any]]:
    """A list that fills with each answer as sent, and the shape that it should have."""
    answers: list[tuple[Any, Any]] = []

    def keep(operation_model: Any, response_dict: Any, **_: Any) -> None:
        answers.append((operation_model.output_shape, json.loads(response_dict["body"])))

    client.meta.events.register("before-parse.connect.*", keep)
    return answers


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operations_are_where_the_service_model_has_them(operation: str) -> None:
    http_model = operation_model(operation).http
    assert OPERATIONS[operation] == (http_model["method"], http_model["requestUri"])


def test_every_answer_fits_the_service_model(connect: ConnectStandIn, client: ConnectClient) -> None:
    answers = heard(client)
    connect.join(replace(people(231)[230], team="", email=""))
    listing(client, "list_users")
    listing(client, "search_users")
    for person in connect.people:
        client.describe_user(InstanceId=INSTANCE_ID, UserId=person.id)
    agents = [person.id for person in connect.people[:100]]
    client.get_current_user_data(InstanceId=INSTANCE_ID, Filters={"Agents": agents}, MaxResults=30)
    assert len(answers) == 3 + 3 + 231 + 1
    assert [wrong for shape, said in answers for wrong in misfits(shape, said)] == []


@pytest.mark.parametrize(
    "user",
    [{"Nick": "Jane"}, {"Id": 1}, {"Username": ""}, {"Username": "j" * 101}, {"LastModifiedRegion": "Ohio"}],
)
def test_the_service_model_tells_a_wrong_user(user: dict[str, Any]) -> None:
    assert len(misfits(operation_model("ListUsers").output_shape, {"UserSummaryList": [user]})) == 1


def test_boto3_reads_every_part_of_a_user(connect: ConnectStandIn, client: ConnectClient) -> None:
    jane = connect.find("jdoe")
    user = client.describe_user(InstanceId=INSTANCE_ID, UserId=jane.id)["User"]
    assert user["IdentityInfo"] == {"FirstName": "Jane", "LastName": "Doe", "Email": "jane.doe@example.com"}
    assert user["LastModifiedTime"] == jane.modified
    assert user["Arn"] == f"{INSTANCE_ARN}/agent/{jane.id}"
    assert user["Tags"] == {"team": jane.team}


def test_a_user_without_team_and_email_has_no_such_parts(
    connect: ConnectStandIn, client: ConnectClient
) -> None:
    plain = replace(people(231)[230], team="", email="")
    connect.join(plain)
    user = client.describe_user(InstanceId=INSTANCE_ID, UserId=plain.id)["User"]
    assert "Tags" not in user
    assert "Email" not in user["IdentityInfo"]


# Listings


def test_a_part_of_an_id_finds_nobody(connect: ConnectStandIn, client: ConnectClient) -> None:
    whole = connect.people[0].id
    for value, found in ((whole, [whole]), (whole[:-1], [])):
        condition: Any = {"FieldName": "resourceId", "Value": value, "ComparisonType": "EXACT"}
        criteria: Any = {"OrConditions": [{"StringCondition": condition}]}
        users = client.search_users(InstanceId=INSTANCE_ID, SearchCriteria=criteria)["Users"]
        assert [user["Id"] for user in users] == found


@pytest.mark.parametrize("operation", ["list_users", "search_users"])
@pytest.mark.parametrize("size", [1, 100, 115, 230, 500])
def test_pages_join_into_everybody_in_order(
    connect: ConnectStandIn, client: ConnectClient, operation: str, size: int
) -> None:
    assert listing(client, operation, size) == usernames(connect.people)
    assert connect.requests.total() == -(-230 // size)


def test_a_page_holds_100_unless_told(client: ConnectClient) -> None:
    assert len(client.list_users(InstanceId=INSTANCE_ID)["UserSummaryList"]) == 100
    assert len(client.search_users(InstanceId=INSTANCE_ID)["Users"]) == 100


def test_a_listing_has_no_names_and_a_search_has_no_emails(client: ConnectClient) -> None:
    listed = client.list_users(InstanceId=INSTANCE_ID, MaxResults=1)["UserSummaryList"][0]
    found = client.search_users(InstanceId=INSTANCE_ID, MaxResults=1)["Users"][0]
    assert set(listed) == {"Id", "Arn", "Username", "LastModifiedTime", "LastModifiedRegion"}
    assert found["IdentityInfo"] == {"FirstName": "Jane", "LastName": "Doe"}


def test_a_search_counts_everybody_on_every_page(client: ConnectClient) -> None:
    assert client.search_users(InstanceId=INSTANCE_ID, MaxResults=1)["ApproximateTotalCount"] == 230


def test_nobody_is_a_listing_too() -> None:
    with ConnectStandIn([]) as connect:
        assert listing(client_of(connect)) == []


def test_somebody_who_leaves_between_pages_hides_nobody_else() -> None:
    with HookedConnect(people(230), quota=None) as connect:
        client = client_of(connect)
        first, *others = connect.people

        def leave_at_second_page(operation: str, nth_call: int) -> None:
            if nth_call == 2:
                connect.leave(first.id)

        connect.hook = leave_at_second_page
        assert listing(client) == usernames([first, *others])
        assert listing(client) == usernames(others)


def test_a_token_of_another_listing_is_refused(client: ConnectClient) -> None:
    token = client.list_users(InstanceId=INSTANCE_ID)["NextToken"]
    with pytest.raises(client.exceptions.InvalidParameterException, match="NextToken"):
        client.search_users(InstanceId=INSTANCE_ID, NextToken=token)


def test_a_token_of_another_instance_is_refused(client: ConnectClient) -> None:
    token = client.list_users(InstanceId=INSTANCE_ID)["NextToken"]
    with ConnectStandIn(people(230)) as other:
        said = code_of(lambda: client_of(other).list_users(InstanceId=INSTANCE_ID, NextToken=token))
    assert said == (400, "InvalidParameterException")


def test_changes_reach_a_search_at_once(connect: ConnectStandIn, client: ConnectClient) -> None:
    connect.rename(connect.people[0].id, "Joan", "Doe")
    found = client.search_users(InstanceId=INSTANCE_ID)["Users"][0]
    assert found["IdentityInfo"]["FirstName"] == "Joan"


def test_threads_may_change_and_list_at_once(connect: ConnectStandIn) -> None:
    newcomers = people(430)[230:]
    with ThreadPoolExecutor(8) as pool:
        page = request("GET", f"/users-summary/{INSTANCE_ID}")
        listings = [pool.submit(connect.answer, page) for _ in newcomers]
        list(pool.map(connect.join, newcomers))
    assert {answer.status for each in listings if (answer := each.result())} == {200}
    assert connect.requests == {"ListUsers": 200}
    assert sorted(usernames(connect.people)) == sorted(usernames(people(430)))


# What somebody is doing


def test_those_logged_in_have_a_status(connect: ConnectStandIn, client: ConnectClient) -> None:
    asked = connect.people[:3]
    for person, status in zip(asked, ("Available", "Offline", "Lunch"), strict=True):
        connect.set_status(person.id, status)
    agents = [asked[0].id, asked[1].id, f"{INSTANCE_ARN}/agent/{asked[2].id}"]
    said = client.get_current_user_data(InstanceId=INSTANCE_ID, Filters={"Agents": agents})
    statuses = {user["User"]["Id"]: user["Status"]["StatusName"] for user in said["UserDataList"]}
    assert statuses == {asked[0].id: "Available", asked[2].id: "Lunch"}


@pytest.mark.parametrize("filters", [{}, {"Queues": ["q"]}, {"Agents": [STRANGER] * 101}])
def test_only_up_to_100_agents_can_be_asked_for(client: ConnectClient, filters: Any) -> None:
    said = code_of(lambda: client.get_current_user_data(InstanceId=INSTANCE_ID, Filters=filters))
    assert said == (400, "InvalidParameterException")


# Refusals


def calls(client: ConnectClient, instance: str, user: str) -> dict[str, Callable[[], Any]]:
    filters: Any = {"Agents": [user]}
    return {
        "ListUsers": lambda: client.list_users(InstanceId=instance),
        "SearchUsers": lambda: client.search_users(InstanceId=instance),
        "DescribeUser": lambda: client.describe_user(InstanceId=instance, UserId=user),
        "DescribeContact": lambda: client.describe_contact(InstanceId=instance, ContactId="contact-1"),
        "GetCurrentUserData": lambda: client.get_current_user_data(InstanceId=instance, Filters=filters),
        "ListAgentStatuses": lambda: client.list_agent_statuses(InstanceId=instance),
        "AssociateContactWithUser": lambda: client.associate_contact_with_user(
            InstanceId=instance, ContactId="contact-1", UserId=user
        ),
    }


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_instance_may_be_given_as_an_arn(
    connect: ConnectStandIn, client: ConnectClient, operation: str
) -> None:
    connect.contacts["contact-1"] = missed_contact({"extension_agent": "id-jane"})
    assert calls(client, INSTANCE_ARN, connect.people[0].id)[operation]()
    assert connect.requests == {operation: 1}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_unknown_instance_is_not_found(client: ConnectClient, operation: str) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="instance"):
        calls(client, STRANGER, STRANGER)[operation]()


@pytest.mark.parametrize("operation", ["DescribeUser", "GetCurrentUserData"])
def test_an_unknown_user_is_not_found(client: ConnectClient, operation: str) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="user"):
        calls(client, INSTANCE_ID, STRANGER)[operation]()


@pytest.mark.parametrize(("operation", "limit"), [("list_users", 1000), ("search_users", 500)])
def test_a_page_has_a_limit(client: ConnectClient, operation: str, limit: int) -> None:
    assert getattr(client, operation)(InstanceId=INSTANCE_ID, MaxResults=limit)
    with pytest.raises(client.exceptions.InvalidParameterException, match=str(limit)):
        getattr(client, operation)(InstanceId=INSTANCE_ID, MaxResults=limit + 1)


@pytest.mark.parametrize("size", ["0", "-1", "ten", "1.5"])
def test_a_page_size_is_a_whole_number_from_1(connect: ConnectStandIn, size: str) -> None:
    answer = connect.answer(request("GET", f"/users-summary/{INSTANCE_ID}?maxResults={size}"))
    assert answer
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (400, "InvalidParameterException")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"InstanceId": "x", "Surprise": 1}'])
def test_a_body_that_cannot_be_read_is_refused(connect: ConnectStandIn, body: bytes) -> None:
    answer = connect.answer(request("POST", "/search-users", body))
    assert answer
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (400, "InvalidRequestException")


def test_a_search_by_criteria_is_refused_rather_than_answered_wrongly(client: ConnectClient) -> None:
    criteria: Any = {"StringCondition": {"FieldName": "Username", "Value": "jdoe", "ComparisonType": "EXACT"}}
    said = code_of(lambda: client.search_users(InstanceId=INSTANCE_ID, SearchCriteria=criteria))
    assert said == (400, "InvalidRequestException")


def test_an_operation_it_does_not_have_is_unknown(client: ConnectClient) -> None:
    assert code_of(lambda: client.list_queues(InstanceId=INSTANCE_ID)) == (404, "UnknownOperationException")


# The quota


def passes(connect: ConnectStandIn, operation: str = "ListUsers") -> bool:
    """Whether one more request gets through."""
    targets = {"ListUsers": "/users-summary/", "DescribeUser": f"/users/{INSTANCE_ID}/"}
    answer = connect.answer(request("GET", targets[operation] + INSTANCE_ID))
    return answer is not None and answer.status != 429


def test_the_sixth_request_at_once_is_throttled() -> None:
    with ConnectStandIn(people(3), clock=Clock()) as connect:
        client = client_of(connect)
        for _ in range(5):
            client.list_users(InstanceId=INSTANCE_ID)
        throttled = code_of(lambda: client.list_users(InstanceId=INSTANCE_ID))
        assert throttled == (429, "TooManyRequestsException")
        assert (connect.requests, connect.throttled) == ({"ListUsers": 6}, 1)


def test_two_more_a_second_come_through() -> None:
    clock = Clock()
    connect = ConnectStandIn([], clock=clock)
    assert [passes(connect) for _ in range(6)] == [True] * 5 + [False]
    clock.now += 1
    assert [passes(connect) for _ in range(3)] == [True, True, False]


def test_a_client_that_waits_exactly_long_enough_is_let_in() -> None:
    clock = Clock()
    connect = ConnectStandIn([], quota=Quota(rate=3, burst=1), clock=clock)
    assert passes(connect)
    for _ in range(100):
        clock.now += 1 / 3
        assert passes(connect)


def test_a_long_pause_saves_up_no_more_than_the_burst() -> None:
    clock = Clock()
    connect = ConnectStandIn([], clock=clock)
    assert passes(connect)
    clock.now += 3600
    assert [passes(connect) for _ in range(6)] == [True] * 5 + [False]


def test_each_operation_has_its_own_quota() -> None:
    connect = ConnectStandIn([], quota=Quota(burst=1), clock=Clock())
    assert [passes(connect, operation) for operation in ("ListUsers", "DescribeUser")] == [True, True]
    assert not passes(connect)


def test_somebody_else_uses_up_a_share() -> None:
    clock = Clock()
    connect = ConnectStandIn([], quota=Quota(burst=1, others=0.5), clock=clock)
    assert passes(connect)
    clock.now += 0.5
    assert not passes(connect)
    clock.now += 0.5
    assert passes(connect)


def test_without_a_quota_everything_comes_through() -> None:
    connect = ConnectStandIn([], quota=None, clock=Clock())
    assert all(passes(connect) for _ in range(50))


def test_a_reset_forgets_the_counts_and_fills_the_buckets() -> None:
    connect = ConnectStandIn([], clock=Clock())
    assert [passes(connect) for _ in range(6)].count(False) == 1
    connect.reset()
    assert (connect.requests.total(), connect.throttled) == (0, 0)
    assert passes(connect)


# The server


def test_a_connection_is_kept_between_requests(connect: ConnectStandIn) -> None:
    connection = http.client.HTTPConnection(urlsplit(connect.url).netloc, timeout=5)
    sockets = set()
    for path in ("/nowhere", "/nowhere", "/nowhere"):
        connection.request("GET", path)
        sockets.add(connection.sock)
        connection.getresponse().read()
    connection.close()
    assert len(sockets) == 1


def test_a_stopped_stand_in_is_unreachable_until_it_starts_again(
    connect: ConnectStandIn, client: ConnectClient
) -> None:
    assert listing(client)
    connect.stop()
    with pytest.raises((EndpointConnectionError, ConnectionClosedError)):
        client.list_users(InstanceId=INSTANCE_ID)
    connect.start()
    assert listing(client) == usernames(connect.people)


def test_no_other_address_than_127_0_0_1_reaches_it(connect: ConnectStandIn) -> None:
    with pytest.raises(OSError, match=r"refused|timed out|assign"):
        socket.create_connection(("127.0.0.2", urlsplit(connect.url).port or 0), timeout=1)


def test_as_a_process_it_prints_its_url_counts_resets_and_modifies() -> None:
    command = [sys.executable, "-m", "benchmarks.connect_server", "--agents", "20"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            before = ask(url, "GET", f"/users-summary/{INSTANCE_ID}")["UserSummaryList"]
            assert ask(url, "GET", "/_stats") == {"requests": {"ListUsers": 1}, "throttled": 0}
            assert ask(url, "POST", "/_modify", '{"count": 3}')
            after = ask(url, "GET", f"/users-summary/{INSTANCE_ID}")["UserSummaryList"]
            assert [old != new for old, new in zip(before, after, strict=True)] == [True] * 3 + [False] * 17
            assert ask(url, "POST", "/_reset") == {"requests": {}, "throttled": 0}
        finally:
            process.terminate()
