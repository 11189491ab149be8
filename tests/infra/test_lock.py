"""What a deploy installs is written down: exact versions, hashes, and no address of any registry."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.session import get_session

from infra import package
from sandbox.loopback import Loopback, Reply

PIN = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)")


def pins(text: str) -> dict[str, str]:
    """Exact requirements by normalised name."""
    found = (PIN.match(line) for line in text.splitlines())
    return {re.sub(r"[-_.]+", "-", pin[1]).lower(): pin[2] for pin in found if pin}


LOCKS = [("requirements.txt", "requirements.lock"), ("requirements-sandbox.txt", "requirements-sandbox.lock")]


@pytest.mark.parametrize(("asked", "lock"), LOCKS)
def test_a_lock_has_what_its_requirements_ask_for(asked: str, lock: str) -> None:
    wanted, locked = ((package.ROOT / name).read_text(encoding="utf-8") for name in (asked, lock))
    assert pins(wanted).items() <= pins(locked).items()
    assert not re.search("://|^-", locked, re.MULTILINE)


@pytest.mark.parametrize(("_", "lock"), LOCKS)
def test_every_locked_distribution_has_a_hash(_: str, lock: str) -> None:
    lines = (package.ROOT / lock).read_text(encoding="utf-8").replace(" \\\n", "").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    assert len(lines) > 20
    assert all(re.fullmatch(r"[\w.-]+==[^#]+?(\s+--hash=sha256:[0-9a-f]{64})+", line) for line in lines)


def test_the_sandbox_runs_what_ships() -> None:
    shipped, played = (pins((package.ROOT / lock).read_text(encoding="utf-8")) for _, lock in LOCKS)
    assert {name: played.get(name) for name in shipped} == shipped


@pytest.mark.parametrize(
    ("name", "ships"),
    [
        ("botocore/data/connect/2017-08-08/service-2.json.gz", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("botocore/data/endpoints.json", True),
        ("bin/jp.py", False),
        ("boto3/session.pyi", False),
    ],
)
def test_of_libraries_only_what_lambda_needs_is_shipped(name: str, ships: bool) -> None:
    assert package.ships_library_file(name) is ships


@pytest.mark.parametrize(
    ("name", "ships"),
    [
        ("bot/call_lambda.py", True),
        ("core/py.typed", True),
        ("bot/py.typed", True),
        ("core/__pycache__/models.cpython-311.pyc", False),
    ],
)
def test_of_our_code_only_what_lambda_needs_is_shipped(name: str, ships: bool) -> None:
    assert package.ships_our_file(name) is ships


def test_the_deploy_tools_are_pinned_exactly() -> None:
    asked = json.loads((package.ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())


def test_the_deploy_tools_are_locked_without_an_address() -> None:
    locked = json.loads((package.ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("resolved" not in entry for entry in locked.values())
    assert all("integrity" in entry for name, entry in locked.items() if name)


def test_byte_code_of_another_python_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "PYTHON_VERSION", "2.7")
    with pytest.raises(package.WrongPython, match=r"and Lambda runs 2\.7"):
        package.compile_files(sys.executable, tmp_path)


def test_byte_code_is_used_without_asking_for_the_sources_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    monkeypatch.setattr(package, "PYTHON_VERSION", here)
    (tmp_path / "module.py").write_text("x = 1\n")
    package.compile_files(sys.executable, tmp_path)
    (compiled,) = tmp_path.rglob("*.pyc")
    assert compiled.read_bytes()[4:8] == b"\x01\x00\x00\x00"  # hash-based, and never checked
    assert b"/var/task/module.py" in compiled.read_bytes()


def test_a_machine_without_the_lambdas_python_has_none_to_compile_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(package, "PYTHON_VERSION", "2.99")
    assert package.find_python() == ""


def test_the_lambdas_python_is_found_when_it_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    monkeypatch.setattr(package, "PYTHON_VERSION", here)
    assert package.find_python() == sys.executable


def test_every_service_that_the_code_names_is_in_it() -> None:
    services = (package.ROOT / "core" / "aws" / "clients.py").read_text(encoding="utf-8")
    (named,) = re.findall(r"^Service = Literal\[(.+)\]$", services, re.MULTILINE)
    assert set(re.findall(r'"(\w+)"', named)) <= set(package.SERVICES)


@pytest.fixture
def descriptions(tmp_path: Path) -> Path:
    """A copy of botocore's descriptions of the services that the bot calls."""
    data = Path(botocore.__file__).parent / "data"
    for service in package.SERVICES:
        shutil.copytree(data / service, tmp_path / service)
    (endpoints,) = data.glob("endpoints.json*")
    shutil.copy(endpoints, tmp_path)
    return tmp_path


def test_of_a_service_the_operations_stay_that_our_code_names(descriptions: Path) -> None:
    package.cut_descriptions(descriptions, {"get_item", "get_object"})
    loader = Loader(extra_search_paths=[str(descriptions)], include_default_search_paths=False)
    operations = {
        name: set(loader.load_service_model(name, "service-2")["operations"]) for name in ("dynamodb", "s3")
    }
    assert operations == {"dynamodb": {"GetItem"}, "s3": {"GetObject"}}


def test_an_operation_that_stays_is_described_as_before(descriptions: Path) -> None:
    package.cut_descriptions(descriptions, {"search_users"})
    cut = Loader(extra_search_paths=[str(descriptions)], include_default_search_paths=False)
    ours, whole = (described(loader, "connect", "SearchUsers") for loader in (cut, Loader()))
    assert ours == whole
    assert "SearchCriteria" in ours


CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "connect": ("list_users", {"InstanceId": "i"}),
    "dynamodb": ("get_item", {"TableName": "t", "Key": {"pk": {"S": "1"}}}),
    "lambda": ("invoke", {"FunctionName": "f"}),
    "s3": ("get_object", {"Bucket": "b", "Key": "k"}),
    "secretsmanager": ("get_secret_value", {"SecretId": "s"}),
    "sqs": ("change_message_visibility", {"QueueUrl": "q", "ReceiptHandle": "r", "VisibilityTimeout": 1}),
}


@pytest.mark.parametrize("service", CALLS)
def test_every_service_can_still_be_called(descriptions: Path, service: str) -> None:
    package.cut_descriptions(descriptions, {name for name, _ in CALLS.values()})
    session = get_session()
    session.register_component("data_loader", Loader(extra_search_paths=[str(descriptions)]))
    session.set_credentials("key", "secret")
    operation, parameters = CALLS[service]
    with Loopback(lambda _: Reply(200, "{}")) as server:
        client = session.create_client(service, region_name="us-east-1", endpoint_url=server.url)
        assert getattr(client, operation)(**parameters)["ResponseMetadata"]["HTTPStatusCode"] == 200


def described(loader: Loader, service: str, operation: str) -> str:
    """All shapes that an operation takes and gives, as text."""
    model = ServiceModel(loader.load_service_model(service, "service-2")).operation_model(operation)
    return repr([tree(shape, ()) for shape in (model.input_shape, model.output_shape)])


def tree(shape: Any, above: tuple[str, ...]) -> Any:
    """A shape with the shapes below it; one that holds itself is only named."""
    if shape is None or shape.name in above:
        return shape and shape.name
    below = {
        **getattr(shape, "members", {}),
        **{key: getattr(shape, key) for key in ("member", "key", "value") if hasattr(shape, key)},
    }
    return (
        shape.name,
        shape.type_name,
        shape.serialization,
        {name: tree(each, (*above, shape.name)) for name, each in below.items()},
    )


def test_every_call_of_the_adapters_is_among_the_names_of_their_code() -> None:
    names = package.names_in(package.ROOT / "core" / "aws")
    assert {"get_item", "transact_write_items", "query", "list_users", "get_object", "invoke"} <= names
