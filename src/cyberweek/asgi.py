"""One ASGI application: the arena's addresses go to the arena, all others to Django."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
