"""The Connect stand-in as a process of its own: `python -m benchmarks.connect_server`.

The first line it prints is its URL. Beside Connect's operations it answers `GET /_stats`, `POST /_reset`, and
`POST /_modify`, which renames so many users. It ends when its input is closed.
"""

from __future__ import annotations

import argparse
import json
import sys

from sandbox.aws.connect_stand_in import ConnectStandIn, Quota
from sandbox.aws.sample_people import people
from sandbox.loopback import Reply, Request
from tests.stand_ins.connect import modify


class ConnectServer(ConnectStandIn):
    """A Connect instance that a benchmark controls."""

    def answer(self, request: Request) -> Reply | None:
        """Answer Connect's client, or who controls the benchmark."""
        if request.path == "/_reset":
            self.reset()
        elif request.path == "/_modify":
            modify(self, json.loads(request.body)["count"])
        elif request.path != "/_stats":
            return super().answer(request)
        return Reply(200, json.dumps({"requests": self.requests, "throttled": self.throttled}))


def main() -> None:
    """Serve until the input is closed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.connect_server", description=main.__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--no-quota", action="store_true")
    parser.add_argument("--others", type=float, default=0.0, help="share of the quota used by somebody else")
    chosen = parser.parse_args()
    quota = None if chosen.no_quota else Quota(others=chosen.others)
    with ConnectServer(people(chosen.agents), quota=quota) as connect:
        print(connect.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
