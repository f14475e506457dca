"""The doors of the running services, as a hospital's system uses them: REST and nothing else."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import httpx

SCOPES = "system/*.cruds cleanclaim/directory.admin cleanclaim/remittance.post"
SPACE = UUID("01980000-0000-7000-8000-0000000005ee")
AT_ONCE = 8


class Refused(Exception):  # noqa: N818 - carries the answer
    """A door refused a request; `problem` is its answer."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')} {self.places()}")

    def places(self) -> list[str]:
        """Where the request erred and by which rule."""
        return [
            f"{one.get('pointer') or '/'}: {one.get('code')}"
            for one in self.problem.get("errors", [])
        ]


@dataclass(slots=True)
class Doors:
    """Clients of all services, acting for one organization (or as operator for none)."""

    clients: dict[str, httpx.AsyncClient]
    run_name: str

    async def get(self, service: str, path: str, **query: Any) -> Any:
        """The JSON at a path. Raises Refused."""
        return _body(await self.clients[service].get(path, params=query))

    async def read(self, service: str, path: str) -> httpx.Response:
        """The whole answer at a path, for its ETag. Raises Refused."""
        response = await self.clients[service].get(path)
        _body(response)
        return response

    async def send_file(
        self, service: str, path: str, content: bytes, media_type: str = "application/edi-x12"
    ) -> Any:
        """Upload a file as it is. Raises Refused."""
        headers = {"Content-Type": media_type}
        return _body(await self.clients[service].post(path, content=content, headers=headers))

    async def post(self, service: str, path: str, body: Any = None, *, once: bool = True) -> Any:
        """Send JSON, `once` under an idempotency key of its own content. Raises Refused."""
        key = str(uuid5(SPACE, f"{self.run_name}/{path}/{body!r}"))
        headers = {"Idempotency-Key": key} if once else {}
        return _body(await self.clients[service].post(path, json=body, headers=headers))

    async def put(self, service: str, path: str, body: Any, *, etag: str) -> Any:
        """Replace what two people may change. Raises Refused."""
        headers = {"If-Match": etag}
        return _body(await self.clients[service].put(path, json=body, headers=headers))

    async def every(self, service: str, path: str, **query: Any) -> list[Any]:
        """All items of a list, page by page. Raises Refused."""
        items: list[Any] = []
        token: str | None = None
        while True:
            page = await self.get(
                service, path, limit=200, **query, **({"page_token": token} if token else {})
            )
            items += page["items"]
            token = page.get("next_page_token")
            if not token:
                return items

    async def close(self) -> None:
        for client in self.clients.values():
            await client.aclose()


def open_doors(urls: Mapping[str, str], token: str, *, run_name: str) -> Doors:
    """Clients for the services at these addresses, with one bearer token."""
    headers = {"Authorization": f"Bearer {token}"}
    return Doors(
        clients={
            name: httpx.AsyncClient(base_url=url, headers=headers, timeout=60)
            for name, url in urls.items()
        },
        run_name=run_name,
    )


async def together(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run jobs, a few at a time; the answers come in the order of the jobs."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(job: Callable[[], Any]) -> Any:
        async with gate:
            return await job()

    return list(await asyncio.gather(*(one(job) for job in jobs)))


def _body(response: httpx.Response) -> Any:
    if response.is_error:
        try:
            problem = response.json()
        except ValueError:
            problem = {"code": "unreadable", "detail": response.text[:200]}
        raise Refused(response.status_code, problem)
    return response.json() if response.content else None
