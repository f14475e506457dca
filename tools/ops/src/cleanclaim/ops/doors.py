"""The services' doors: where they are, the token for each, and their answers or problems."""

import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn
from uuid import UUID, uuid5

import httpx

from cleanclaim.ops.errors import OpsError, RefusedError, UnreachableError, WrongUseError

SERVICES = ("intake", "claims", "remittance", "denials", "reconcile", "accounts")
TOKEN, TOKEN_COMMAND = "CLEANCLAIM_TOKEN", "CLEANCLAIM_TOKEN_COMMAND"
ORGANIZATION = "CLEANCLAIM_ORGANIZATION"
DIRECTORY, LOOK, ACT = (
    "cleanclaim/directory.admin",
    "cleanclaim/platform.read",
    "cleanclaim/platform.write",
)
PAGE = 200
_SPACE = UUID("01980000-0000-7000-8000-0000000005ff")
_TOKEN_SECONDS = 30


class Doors:
    """Calls services, each call with a token for just its scopes and organization.

    A token is given whole (`token`), or a command prints it: it gets `--scope "…"` and, for calls
    of an organization, `--organization <id>`, as `cleanclaim-dev token` takes them.
    """

    def __init__(
        self, *, urls: Mapping[str, str], token: str | None = None, command: str | None = None
    ) -> None:
        self._urls = dict(urls)
        self._token = token
        self._command = command
        self._printed: dict[tuple[str, str | None], str] = {}
        self._client = httpx.Client(timeout=httpx.Timeout(60, connect=5))

    def close(self) -> None:
        self._client.close()

    def get(
        self, service: str, path: str, *, scope: str, organization: str | None = None, **query: Any
    ) -> Any:
        """The JSON at a path.

        Raises:
            RefusedError, UnreachableError, WrongUseError: as their names say.
        """
        given = {name: value for name, value in query.items() if value is not None}
        answer = self._call(service, "GET", path, scope, organization, params=given)
        return self._content(service, answer)

    def read(self, service: str, path: str, *, scope: str, organization: str) -> httpx.Response:
        """The whole answer at a path, for its ETag."""
        return self._call(service, "GET", path, scope, organization)

    def every(
        self, service: str, path: str, *, scope: str, organization: str | None = None
    ) -> Iterator[Any]:
        """All items of a list, page by page."""
        token: str | None = None
        while True:
            page = self.get(
                service, path, scope=scope, organization=organization, limit=PAGE, page_token=token
            )
            yield from page["items"]
            token = page.get("next_page_token")
            if token is None:
                return

    def post(
        self, service: str, path: str, body: Any, *, scope: str, organization: str | None = None
    ) -> Any:
        """Send JSON under an idempotency key of its own content, so that a repeat changes nothing.

        Operators' steps (no organization) carry no key: they are safe to repeat by themselves.
        """
        headers = {}
        if organization is not None:
            text = json.dumps(body, sort_keys=True)
            headers["Idempotency-Key"] = str(uuid5(_SPACE, f"{organization}{path}{text}"))
        answer = self._call(service, "POST", path, scope, organization, json=body, headers=headers)
        return self._content(service, answer) if answer.content else None

    def put(
        self, service: str, path: str, body: Any, *, scope: str, organization: str, etag: str
    ) -> Any:
        """Replace what was read with this ETag."""
        headers = {"If-Match": etag}
        answer = self._call(service, "PUT", path, scope, organization, json=body, headers=headers)
        return self._content(service, answer)

    def _content(self, service: str, answer: httpx.Response) -> Any:
        try:
            found = answer.json()
        except ValueError:
            found = None
        return self._ours(service, found)

    def _ours(self, service: str, found: Any) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise UnreachableError(_stranger(service, self._url(service)))
        return found

    def lines(self, service: str, path: str, body: Any, *, scope: str) -> Iterator[dict[str, Any]]:
        """The lines of a long step's answer as they come; the last one has status done.

        Raises:
            OpsError: the last line says failed, or the connection broke before it.
        """
        request = self._request(service, path, scope, None, json=body)
        last: dict[str, Any] = {}
        try:
            with self._client.stream(
                "POST", **request, timeout=httpx.Timeout(120, connect=5)
            ) as answer:
                if answer.is_error:
                    answer.read()
                    _refuse(service, answer)
                for line in answer.iter_lines():
                    last = self._ours(service, json.loads(line))
                    yield last
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnreachableError(_unreachable(service, self._url(service), error)) from None
        except ValueError:
            self._ours(service, None)
        if last.get("status") != "done":
            why = last.get("detail", "the answer broke off")
            raise OpsError(f"{service}: {last.get('code', 'broken_off')}: {why}")

    def _call(
        self,
        service: str,
        method: str,
        path: str,
        scope: str,
        organization: str | None,
        **more: Any,
    ) -> httpx.Response:
        request = self._request(service, path, scope, organization, **more)
        try:
            answer = self._client.request(method, **request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnreachableError(_unreachable(service, self._url(service), error)) from None
        if answer.is_error:
            _refuse(service, answer)
        return answer

    def _request(
        self,
        service: str,
        path: str,
        scope: str,
        organization: str | None,
        **more: Any,
    ) -> dict[str, Any]:
        bearer = (self._token or self._print_token(scope, organization)).strip()
        if not bearer.isascii() or not bearer.isprintable() or " " in bearer:
            raise WrongUseError(
                f"what {TOKEN} or {TOKEN_COMMAND} gives is no token: it holds characters that none"
                " has; on a local stack: cleanclaim-dev token"
            )
        headers = {**more.pop("headers", {}), "Authorization": f"Bearer {bearer}"}
        return {"url": self._url(service) + path, "headers": headers, **more}

    def _url(self, service: str) -> str:
        name = f"CLEANCLAIM_{service.upper()}_URL"
        if not (url := self._urls.get(service) or os.environ.get(name)):
            raise WrongUseError(
                f"where is {service}? Set {name} or give --url {service}=https://…; on a local"
                ' stack: eval "$(cleanclaim-dev env)"'
            )
        return url.rstrip("/")

    def _print_token(self, scope: str, organization: str | None) -> str:
        if (scope, organization) not in self._printed:
            self._printed[(scope, organization)] = self._run(scope, organization)
        return self._printed[(scope, organization)]

    def _run(self, scope: str, organization: str | None) -> str:
        if not self._command:
            raise WrongUseError(
                f"no token: set {TOKEN}, or {TOKEN_COMMAND} to a command that prints one"
                f" (needed here: {scope}); on a local stack: cleanclaim-dev token"
            )
        words = [*_words(self._command), "--scope", scope]
        if organization is not None:
            words += ["--organization", organization]
        try:
            done = subprocess.run(
                words, check=False, capture_output=True, text=True, timeout=_TOKEN_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WrongUseError(
                f"{TOKEN_COMMAND} cannot be run: {type(error).__name__}: {words[0]}"
            ) from None
        if done.returncode != 0 or not done.stdout.strip():
            raise WrongUseError(f"{TOKEN_COMMAND} printed no token:\n{done.stderr.strip()}")
        return done.stdout.strip()


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise WrongUseError(f"{TOKEN_COMMAND} cannot be read: {error}") from None
    if not words:
        raise WrongUseError(f"{TOKEN_COMMAND} is empty")
    return words


def _stranger(service: str, url: str) -> str:
    return (
        f"what answers at {url} is not {service}: its answer is none of ours; look at the address"
    )


def _unreachable(service: str, url: str, error: Exception) -> str:
    return f"{service} does not answer at {url}: {type(error).__name__}; is it running?"


def _refuse(service: str, answer: httpx.Response) -> NoReturn:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    problem.setdefault("detail", answer.reason_phrase)
    raise RefusedError(service, answer.status_code, problem)


def chosen(services: Sequence[str]) -> tuple[str, ...]:
    """The services that were named, or all."""
    return tuple(services) or SERVICES
