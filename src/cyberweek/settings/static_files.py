"""Where the collected static files go: each name carries the hash of its content, so browsers may keep it for ever."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Hashed names inside ES modules as well: `import "./store.js"` follows its file."""

    support_js_module_import_aggregation = True
