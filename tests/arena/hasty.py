"""The arena's two servers with less patience than they have for people, for tests that wait until it is gone."""

from cyberweek.arena import http

http.REQUEST_SECONDS = 3.0  # before those that read it

from cyberweek.arena.__main__ import main  # noqa: E402 -- after the patience
from cyberweek.arena.asgi import app  # noqa: E402, F401 -- for Granian

if __name__ == "__main__":
    main()
