"""Where the collected static files go: each name carries the hash of its content, so browsers may keep it for ever."""

from __future__ import annotations

from collections.abc import Callable
from re import Match
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Hashed names inside ES modules as well: `import "./store.js"` follows its file."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[Match[str]], str]:
        # htmx's extensions speak in comments of modules that are no files: they are taken as they are.
        if name.startswith("django_htmx/"):
            return lambda match: match[0]
        return super().url_converter(name, *args, **kwargs)
