"""A server on the loopback that answers as Microsoft Graph is documented to, with whatever goes wrong put before it."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import requests

from billing.graph.client import Graph

SECRET = "s3cr3t-of-the-app~"
ALL = "/v1.0/tenantRelationships/delegatedAdminRelationships"


@dataclass
class Asked:
    method: str
    path: str
    body: object
    etag: str
    token: str


@dataclass
class Stub:
    """`mishaps` come first, one for each call on Graph; a mishap is (status, headers, body) or "close", "slow" or "drip"."""

    rows: dict[str, dict] = field(default_factory=dict)
    assignments: dict[str, list] = field(default_factory=dict)
    page_size: int = 2
    mishaps: deque = field(default_factory=deque)
    token_mishaps: deque = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    tokens: int = 0
    good_tokens: set[str] = field(default_factory=set)
    token_lasts: int = 1000  # calls
    next_link: Callable[[str], str] = str
    slept: list[float] = field(default_factory=list)
    port: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def give(self, *rows: dict, assignments=()) -> None:
        for row in rows:
            self.rows[row["id"]] = row
            self.assignments[row["id"]] = list(assignments)

    def graph(self, **fields) -> Graph:
        """A client of this server that never really sleeps and asks no proxy."""
        session = requests.Session()
        session.trust_env = False
        fields = {"sleep": self.slept.append, "timeout": (2, 0.5), "_session": session, **fields}
        return Graph(f"{self.base}/v1.0", f"{self.base}/token", "the-client", SECRET, **fields)

    def writes(self) -> list[Asked]:
        return [one for one in self.asked if one.method != "GET"]

    def answer(self, asked: Asked) -> tuple[int, dict, object]:
        path = urlsplit(asked.path)
        rest = [unquote(part) for part in path.path.removeprefix(ALL).split("/") if part]
        if not rest:
            return self._list(path) if asked.method == "GET" else self._create(asked)
        row = self.rows.get(rest[0])
        if row is None:
            return 404, {}, {"error": {"code": "NotFound", "message": "No such relationship."}}
        if rest[1:] == ["accessAssignments"]:
            return 200, {}, {"value": self.assignments[rest[0]]}
        if rest[1:] == ["requests"]:
            row["status"] = {"lockForApproval": "approvalPending", "terminate": "terminationRequested"}[
                asked.body["action"]
            ]
            return 201, {"Location": "x"}, {"status": "created", **asked.body}
        if asked.method == "GET":
            return 200, {}, row
        if asked.etag != row["@odata.etag"]:
            return 412, {}, {"error": {"code": "PreconditionFailed", "message": "ETag"}}
        if asked.method == "DELETE":
            del self.rows[rest[0]]
            return 204, {}, None
        row.update(asked.body)
        return 202, {"Location": "x", "Retry-After": "5"}, None

    def _list(self, path) -> tuple[int, dict, object]:
        begin = int(parse_qs(path.query).get("$skiptoken", ["0"])[0])
        body = {"value": list(self.rows.values())[begin : begin + self.page_size]}
        if begin + self.page_size < len(self.rows):
            link = f"{self.base}{ALL}?$top=300&$skiptoken={begin + self.page_size}"
            body["@odata.nextLink"] = self.next_link(link)
        return 200, {}, body

    def _create(self, asked: Asked) -> tuple[int, dict, object]:
        row = {**asked.body, "id": f"new-{len(self.rows)}", "status": "created", "@odata.etag": 'W/"1"'}
        self.give(row)
        return 201, {}, row


class _Handler(BaseHTTPRequestHandler):
    def _serve(self):
        stub: Stub = self.server.stub
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/token":
            return self._token(stub, parse_qs(sent.decode()))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        body = json.loads(sent) if sent else None
        stub.asked.append(Asked(self.command, self.path, body, self.headers.get("If-Match", ""), token))
        if token not in stub.good_tokens or self._worn(stub):
            return self._say(401, {}, {"error": {"code": "InvalidAuthenticationToken"}})
        if stub.mishaps and (mishap := stub.mishaps.popleft()):
            return self._go_wrong(mishap)
        return self._say(*stub.answer(stub.asked[-1]))

    do_GET = do_POST = do_PATCH = do_DELETE = _serve

    def _token(self, stub, said):
        if stub.token_mishaps:
            return self._go_wrong(stub.token_mishaps.popleft())
        if said["client_secret"] != [SECRET] or said["grant_type"] != ["client_credentials"]:
            return self._say(401, {}, {"error": "invalid_client", "error_description": f"{said}"})
        stub.tokens += 1
        stub.uses, stub.good_tokens = 0, stub.good_tokens | {f"token-{stub.tokens}"}  # as there: both go on
        return self._say(200, {}, {"access_token": f"token-{stub.tokens}", "expires_in": 3599})

    def _worn(self, stub) -> bool:
        stub.uses += 1
        if stub.uses > stub.token_lasts:
            stub.good_tokens = set()
        return not stub.good_tokens

    def _go_wrong(self, mishap):
        if mishap == "close":
            self.close_connection = True
            return self.connection.close()
        if mishap == "slow":  # begins to answer and goes silent until the other side has had enough
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
            self.connection.settimeout(3)
            return self.rfile.read(1)
        if mishap == "drip":  # a byte now and then, each in time
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n")
            with suppress(OSError):
                for _byte in range(99):
                    self.wfile.write(b" ")
                    time.sleep(0.05)
            return None
        return self._say(*mishap)

    def _say(self, status, headers, body):
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": len(content), **headers}.items():
            self.send_header(name, f"{value}")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up is no news."""


@contextmanager
def running():
    """A stub behind a real socket."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.stub = stub = Stub(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
