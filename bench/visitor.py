"""A signed-in agent, who asks a WSGI application for pages as a web server does."""

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measuring import seconds
from config.wsgi import application as product
from support.models import User


class Visitor:
    def __init__(self, user: User) -> None:
        """Signed in to the database in use and to later copies of it."""
        self._client = Client()
        self._client.force_login(user)

    def get(self, address: str, application: WSGIHandler = product) -> str:
        path, _mark, query = address.partition("?")
        environ = self._client._base_environ(PATH_INFO=path, QUERY_STRING=query, SERVER_NAME="localhost")
        said = []
        response = application(environ, lambda status, _headers: said.append(status))
        body = b"".join(response)
        response.close()
        assert said == ["200 OK"], f"{address}: {said}"
        return body.decode()

    def seconds(self, address: str, application: WSGIHandler = product, requests: int = 5) -> float:
        """Of one request, after one that warms up."""
        self.get(address, application)
        return seconds(lambda: [self.get(address, application) for _ in range(requests)]) / requests

    def queries(self, address: str, application: WSGIHandler = product) -> int:
        self.get(address, application)
        with CaptureQueriesContext(connection) as sent:
            self.get(address, application)
        return len(sent)
