"""Talks to Microsoft Graph: a token by client credentials, patience where it is asked for, one sentence where it fails."""

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from urllib3.exceptions import HTTPError, TimeoutError

from billing.graph.clouds import CLOUDS

TIMEOUT = (5, 30)  # seconds: to connect, and between two pieces of an answer
WHOLE_ANSWER = 120  # seconds
MOST_BYTES = 20 * 1024 * 1024
SOME = 64 * 1024  # bytes
MOST_PAGES = 200
TRIES = 6
BUSY = (429, 503, 504)
LONGEST_WAIT = 120  # seconds; asked to wait longer, the job comes back in its next hour
NEXT = "@odata.nextLink"


class GraphError(Exception):
    """Microsoft could not be asked, or said no; the sentence says which."""


class Changed(GraphError):
    """The row has another ETag by now (412)."""


class Unanswered(GraphError):
    """Microsoft was asked to change something, and its answer was lost: it may have been done."""


class Gone(GraphError):
    """There is no such row (any more)."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    retry_after: str = ""


@dataclass(slots=True)
class Graph:
    """One app registration in the partner's tenant. Neither its secret nor its token stands in its repr."""

    base: str  # https://graph.microsoft.com/v1.0
    token_url: str
    client_id: str
    secret: str = field(repr=False)
    sleep: Callable[[float], None] = time.sleep
    timeout: tuple[float, float] = TIMEOUT
    tries: int = TRIES  # 1 for a page: nobody waits there for a pause
    _token: str = field(default="", repr=False)
    _session: requests.Session = field(default_factory=requests.Session, repr=False)

    @classmethod
    def configured(cls, **options: Any) -> "Graph | None":
        """As the environment names it; None where nothing is set up."""
        if not (registration := settings.GRAPH):
            return None
        login = CLOUDS[settings.GRAPH_HOST]
        return cls(
            base=f"https://{settings.GRAPH_HOST}/v1.0",
            token_url=f"https://{login}/{registration['tenant']}/oauth2/v2.0/token",
            client_id=registration["client_id"],
            secret=registration["secret"],
            **options,
        )

    def pages(self, path: str) -> Iterator[list[Any]]:
        """The rows of a list, page by page; a next page on another host is not asked for. GraphError at the page cap."""
        url = f"{self.base}{path}"
        for _page in range(MOST_PAGES):
            body = self.ask("GET", url).body
            rows = body.get("value")
            if not isinstance(rows, list):
                raise GraphError(_("Microsoft’s answer is no list."))
            yield rows
            if not (following := body.get(NEXT)):
                return
            url = self._ours(following)
        raise GraphError(_("Microsoft’s list did not end after %(n)d pages.") % {"n": MOST_PAGES})

    def ask(self, method: str, url: str, *, body: dict | None = None, etag: str = "") -> Answer:
        """One call, tried again while Microsoft is busy; a token that is not good any more is renewed once."""
        url, renewed = self._ours(url), False
        for turn in range(self.tries):
            answer = self._tried(method, url, body, etag, last=turn == self.tries - 1)
            if answer and answer.status == 401 and not renewed:
                self._token, renewed = "", True
                answer = self._tried(method, url, body, etag, last=turn == self.tries - 1)
            if answer and method != "GET" and answer.status >= 500:
                raise Unanswered(_("Microsoft answered with an error (%(n)d).") % {"n": answer.status})
            if answer and answer.status not in BUSY:
                return _checked(answer)
            if turn < self.tries - 1:
                self.sleep(_pause(turn, answer.retry_after if answer else ""))
        raise GraphError(_("Microsoft was too busy to answer: it is asked again later."))

    def _tried(self, method: str, url: str, body: dict | None, etag: str, *, last: bool) -> Answer | None:
        """None where the connection broke and asking again does no harm: only reading is repeated then."""
        self._token = self._token or self._new_token()
        headers = {"If-Match": etag} if etag else {}
        try:
            return self._send(method, url, json=body, headers=headers, auth=self._bearer)
        except GraphError as error:
            if method != "GET":
                raise Unanswered(f"{error}") from error
            if last:
                raise
            return None

    @sensitive_variables("said")
    def _new_token(self) -> str:
        said = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
            "scope": "{0.scheme}://{0.netloc}/.default".format(urlsplit(self.base)),
        }
        for turn in range(self.tries):
            last = turn == self.tries - 1
            try:
                answer = self._send("POST", self.token_url, data=said, auth=lambda request: request)
            except GraphError:
                if last:
                    raise
                self.sleep(_pause(turn, ""))
                continue
            if last or (answer.status < 500 and answer.status not in BUSY):
                break
            self.sleep(_pause(turn, answer.retry_after))
        if answer.status >= 500 or answer.status in BUSY:
            raise GraphError(_("Microsoft was too busy to answer: it is asked again later."))
        token = answer.body.get("access_token")
        if answer.status == 200 and isinstance(token, str) and token.isascii() and token.isprintable():
            return token
        why = _plain(answer.body.get("error")) or answer.status
        raise GraphError(
            _("Microsoft gave no token (%(why)s): look at the tenant, the client id and the secret.")
            % {"why": why}
        )

    def _bearer(self, request):
        request.headers["Authorization"] = f"Bearer {self._token}"  # a callable, so no .netrc is looked into
        return request

    def _ours(self, url: Any) -> str:
        """The address itself, where it lies under our host and version; a token goes nowhere else."""
        if isinstance(url, str) and url.startswith(f"{self.base}/") and "\\" not in url:
            return url
        raise GraphError(_("Microsoft’s list goes on at another host: that is not followed."))

    def _send(self, method: str, url: str, **options: Any) -> Answer:
        with _said_in_a_sentence():
            response = self._session.request(
                method, url, timeout=self.timeout, allow_redirects=False, stream=True, **options
            )
            with response:
                content = _read(response)
                return Answer(
                    response.status_code,
                    _object(content, response.ok),
                    response.headers.get("Retry-After", ""),
                )


@contextmanager
def _said_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except (requests.Timeout, TimeoutError) as error:
        raise GraphError(_("Microsoft did not answer in time.")) from error
    except (requests.RequestException, HTTPError) as error:
        raise GraphError(_("Microsoft could not be reached: the connection broke.")) from error


def _read(response: requests.Response) -> bytes:
    content, until = bytearray(), time.monotonic() + WHOLE_ANSWER
    while piece := response.raw.read1(
        SOME, decode_content=True
    ):  # as it comes: what drips does not go on for ever
        content += piece
        if len(content) > MOST_BYTES:
            raise GraphError(_("Microsoft’s answer is too long to be right."))
        if time.monotonic() > until:
            raise GraphError(_("Microsoft did not answer in time."))
    return bytes(content)


def _object(content: bytes, good: bool) -> dict[str, Any]:
    if not content.strip():
        return {}
    try:
        body = json.loads(content, parse_constant=lambda word: None, parse_float=_finite)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        return body
    if good:
        raise GraphError(_("Microsoft’s answer cannot be read."))
    return {}


def _finite(said: str) -> float | None:
    """Neither NaN nor infinite: no JSON of a database holds them."""
    return number if isfinite(number := float(said)) else None


def _checked(answer: Answer) -> Answer:
    if 200 <= answer.status < 300:
        return answer
    error = answer.body.get("error")
    said = _plain(error.get("message") or error.get("code")) if isinstance(error, dict) else ""
    if answer.status == 412:
        raise Changed(_("Somebody has changed it meanwhile: look at it again."))
    if answer.status == 404:
        raise Gone(_("Microsoft does not know it any more."))
    if answer.status in (401, 403):
        raise GraphError(
            _("Microsoft refuses the app registration (%(status)d): it lacks a permission.")
            % {"status": answer.status}
        )
    raise GraphError(
        (_("Microsoft refused (%(status)d). %(said)s") % {"status": answer.status, "said": said}).strip()
    )


def _plain(said: Any) -> str:
    """Words of the other side for a page: printable, and not many."""
    return "".join(letter for letter in said if letter.isprintable())[:200] if isinstance(said, str) else ""


def _pause(turn: int, retry_after: str) -> float:
    """Seconds: what Retry-After asks for, in seconds or as a date; else twice as long each turn, less a random part."""
    wait = _asked(retry_after)
    if wait is None:
        return min(60, 2.0**turn) * random.uniform(0.5, 1)  # noqa: S311  so that many do not come back at once
    if wait > LONGEST_WAIT:
        raise GraphError(
            _("Microsoft asks for a pause of %(n)d minutes: it is asked again later.") % {"n": -(-wait // 60)}
        )
    return wait


def _asked(retry_after: str) -> float | None:
    if retry_after.strip().isdecimal():
        return float(retry_after[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
