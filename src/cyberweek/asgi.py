"""One ASGI application: the arena's addresses go to the arena, all others to Django."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.asgi import get_asgi_application

from cyberweek.arena.asgi import Receive, Scope, Send
from cyberweek.arena.asgi import app as arena
from cyberweek.kernel.middleware import BodyLimit

_django: Final[Any] = get_asgi_application()  # its scope is a plain dictionary, which ours is in practice
django: Final = BodyLimit(_django, settings.UPLOAD_LIMIT)
HEALTH: Final = frozenset({"/healthz", "/readyz"})


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Dispatch by path. The server's start and stop are the arena's: Django keeps nothing running."""
    if scope["type"] == "lifespan" or scope["path"].startswith("/arena/") or scope["path"] in HEALTH:
        await arena(scope, receive, send)
    else:
        await django(scope, receive, send)
