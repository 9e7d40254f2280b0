"""Django's settings. What differs between installations comes from `environment.py` alone."""

from __future__ import annotations

from csp.constants import NONE, SELF

from . import environment

SECRET_KEY = environment.secret_key()
DEBUG = environment.flag("DEBUG")
ALLOWED_HOSTS = environment.text("ALLOWED_HOSTS").split(",")
DEMO = environment.flag("DEMO")
DATA_DIR = environment.folder()
PUBLIC_URL = environment.text("PUBLIC_URL").rstrip("/")
FORGET_DAYS = environment.whole("FORGET_DAYS")
UPLOAD_LIMIT = environment.whole("UPLOAD_LIMIT") * 1024 * 1024  # bytes
CONTACT_KEY = environment.text("CONTACT_KEY") or SECRET_KEY
OIDC_ISSUER = environment.text("OIDC_ISSUER")
OIDC_CLIENT_ID = environment.text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = environment.text("OIDC_CLIENT_SECRET")
globals().update(environment.mail())

ROOT_URLCONF = "cyberweek.urls"
ASGI_APPLICATION = "cyberweek.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

OUR_APPS = [
    "cyberweek.desk",
    "cyberweek.public",
    "cyberweek.nation",
    "cyberweek.handover",
    "cyberweek.summaries",
    "cyberweek.readiness",
    "cyberweek.honours",
    "cyberweek.planning",
    "cyberweek.indicators",
    "cyberweek.draws",
    "cyberweek.forensics",
    "cyberweek.insight",
    "cyberweek.finals",
    "cyberweek.programme",
    "cyberweek.knowledge",
    "cyberweek.passport",
    "cyberweek.editions",
    "cyberweek.regions",
    "cyberweek.attachments",
    "cyberweek.documents",
    "cyberweek.accounts",
    "cyberweek.kernel",
]
INSTALLED_APPS = [
    *OUR_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "cyberweek.kernel.templatetags.look",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cyberweek.editions.views.editions.edition_context",
            ],
        },
    }
]

DATABASES = {"default": environment.database()}

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "desk:overview"
LOGOUT_REDIRECT_URL = "public:front"

# Five wrong passwords for one name from one address: a pause of 15 minutes for that pair (django-axes).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying again does not make the pause longer
AXES_DISABLE_ACCESS_LOG = True  # our audit trail says who signed in; nobody needs their browser and address
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "cyberweek.accounts.views.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

MESSAGE_TAGS = {20: "info", 25: "ok", 30: "warn", 40: "bad"}  # the kinds of the look's flash

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "cyberweek.settings.static_files.HashedStaticFiles"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # a tile's place and a meter's length are custom properties in style=""
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF],  # the sum before a passport runs beside the page
        "manifest-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "cyberweek_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cyberweek.kernel.views.csrf_refused"
LANGUAGE_COOKIE_NAME = "cyberweek_language"
LANGUAGE_COOKIE_AGE = 400 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
if environment.flag("SECURE"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

OTP_TOTP_ISSUER = "Cyberweek"
SILENCED_SYSTEM_CHECKS = ["axes.W004"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
