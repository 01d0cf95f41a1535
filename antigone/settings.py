"""Settings of a city's Antigone, read from the environment; every one is described in docs/settings.md.

A wrong value stops the start with a sentence that names the setting and says what to write.
"""

import os
import secrets
from pathlib import Path
from typing import Any, Literal

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from antigone.gateway.engines import Engine, parse_engines
from antigone.gateway.networks import parse_networks
from antigone.web.theme import Theme, load_theme

PACKAGE = Path(__file__).resolve().parent
BASE_DIR = PACKAGE.parent


def _flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "1", "true", "false", "yes", "no"}:
        return default if not value else value in {"1", "true", "yes"}
    raise ImproperlyConfigured(f"{name} is “{value}”. Write 1 (yes) or 0 (no).")


def _number(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is “{value}”. Write a whole number, {least} or more.")
    return int(value)


def _decimal(name: str, default: float | None, *, least: float) -> float | None:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not least <= number < 1e6:
        raise ImproperlyConfigured(f"{name} is “{value}”. Write a number, {least} or more.")
    return number


def _secret_key(data: Path) -> str:
    """Return the signing key: from the environment, else made once and kept beside the data."""
    if key := os.environ.get("ANTIGONE_SECRET_KEY"):
        if len(key) < 32:
            raise ImproperlyConfigured(
                "ANTIGONE_SECRET_KEY has fewer than 32 characters. Write a longer one."
            )
        return key
    path = data / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _data_folder() -> Path:
    folder = Path(os.environ.get("ANTIGONE_DATA") or BASE_DIR / ".data").resolve()
    # The database, documents, images of pages and mails are nobody else's on this machine, whoever made the folder.
    os.umask(0o027)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as error:
        raise ImproperlyConfigured(
            f"ANTIGONE_DATA is “{folder}”, where no folder can be made ({error.strerror}). "
            "Write the path of a folder that Antigone may write to."
        ) from error
    return folder


def _database(data: Path) -> dict[str, Any]:
    """Return the embedded SQLite database, or PostgreSQL where ANTIGONE_DATABASE names one."""
    address = os.environ.get("ANTIGONE_DATABASE", "").strip()
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "antigone.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: what a person was told is saved survives a power cut, not only a crash.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;"
                "PRAGMA mmap_size=1073741824; PRAGMA secure_delete=ON;",
            },
        }
    if not address.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            "ANTIGONE_DATABASE is not the address of a PostgreSQL database. "
            "Write postgresql://person:password@host:port/name, or leave it out for the embedded SQLite."
        )
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 (leaf: only where PostgreSQL is used)

    parts = conninfo_to_dict(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        # Each request has a thread of its own: a connection kept for the next one would never meet it, only pile up.
        "CONN_MAX_AGE": 0,
        "OPTIONS": parts,
    }


DATA_FOLDER = _data_folder()
FILES_FOLDER = DATA_FOLDER / "files"
SECRET_KEY = _secret_key(DATA_FOLDER)
DEBUG = _flag("ANTIGONE_DEBUG")
PORT = _number("PORT", 8000, least=1)
# The names under which people reach this server; this machine's own are always allowed.
HOSTS = [name.strip() for name in os.environ.get("ANTIGONE_HOSTS", "").split(",") if name.strip()]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *HOSTS]
CSRF_TRUSTED_ORIGINS = [f"https://{name.lstrip('.')}" for name in HOSTS]
# Behind the city's reverse proxy pages travel over TLS: cookies then refuse to leave it.
HTTPS = _flag("ANTIGONE_HTTPS", default=bool(HOSTS))

INSTALLED_APPS = [
    "antigone.web",
    "antigone.accounts",
    "antigone.library",
    "antigone.selection",
    "antigone.consultation",
    "antigone.convention",
    "antigone.register",
    "antigone.gateway",
    "antigone.assistant",
    "antigone.portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "template_partials",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "antigone.web.middleware.set_privacy_headers",
    "antigone.web.assets.Assets",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "antigone.web.middleware.refuse_oversized",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "antigone.web.middleware.choose_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "antigone.web.middleware.explain_errors",
]

ROOT_URLCONF = "antigone.urls"
CSRF_FAILURE_VIEW = "antigone.web.views.csrf_failed"
FORM_RENDERER = "antigone.web.forms.Renderer"
# The links at the top and at the bottom of every page: what is read, and the name of the address.
NAVIGATION = [
    (_("Home"), "portal:home"),
    (_("Ask"), "assistant:ask"),
    (_("Documents"), "library:collections"),
    (_("Consultations"), "consultation:consultations"),
    (_("Conventions"), "convention:conventions"),
    (_("Draws"), "selection:draws"),
]
FOOTER_NAVIGATION: list[tuple[Any, str]] = [
    (_("I received a letter"), "invitation:code"),
    (_("Uses of the machine"), "register:uses"),
    (_("Models"), "gateway:engines"),
    (_("Developers"), "gateway:developers"),
]
# The page where a person sees, takes away or erases what is kept about them.
MY_DATA = "assistant:history"
ASGI_APPLICATION = "antigone.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials", "antigone.web.templatetags.web"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "antigone.web.context.shell",
                "antigone.accounts.context.demonstration",
            ],
        },
    }
]

DATABASES = {"default": _database(DATA_FOLDER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes, so that limits on sign-in count once, not once a process.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "antigone_cache"},
    "memory": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Where the embedded server also does the background work itself (see `antigone run`).
WORKER_INTERVAL_SECONDS = 1.0

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["antigone.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    # CNIL 2022-100: 12 characters together with limits on tries.
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "antigone.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Nobody makes this server write to addresses that it does not know.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip", "login": "30/m/ip"}
ACCOUNT_SESSION_REMEMBER = None
# Sessions are listed with their beginning; writing down every page that a person opens would watch people.
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Antigone"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-antigone" if HTTPS else "antigone"
CSRF_COOKIE_NAME = "__Host-antigone-csrf" if HTTPS else "antigone-csrf"
CSRF_COOKIE_HTTPONLY = True
# It ends with the browser: a visitor is not recognised the next day.
CSRF_COOKIE_AGE = None
LANGUAGE_COOKIE_NAME = "antigone-language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE: Literal["Lax"] = "Lax"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Mail leaves only through the relay that the city names; without one, messages are kept as files for the operator.
MAIL_RELAY = os.environ.get("ANTIGONE_MAIL_RELAY", "").strip()
if MAIL_RELAY:
    EMAIL_HOST, _separator, _port = MAIL_RELAY.partition(":")
    EMAIL_PORT = int(_port) if _port.isdigit() else 25
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_FOLDER / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("ANTIGONE_MAIL_FROM", "antigone@localhost")

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = os.environ.get("ANTIGONE_TIME_ZONE", "Europe/Paris")

STATIC_URL = "static/"
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "antigone.web.storage.Storage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = FILES_FOLDER
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Small requests, all that a visitor may send, open no file.
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "antigone.web.uploads.NamelessFileUploadHandler",
]
# The form that takes documents says its own, lower limit (`library.forms.FILES_AT_ONCE`) in plain words.
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000
# The most that one request may carry, files included.
REQUEST_BYTES = _number("ANTIGONE_REQUEST_MEGABYTES", 500, least=1) * 1_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "django.tasks": {"level": "WARNING"},
    },
}

# Antigone's own
THEME: Theme = load_theme(os.environ.get("ANTIGONE_THEME") or None)
ENGINES: tuple[Engine, ...] = parse_engines(os.environ.get("ANTIGONE_ENGINES", ""))
# How many processes answer (`antigone run --workers`), which share the places of each engine.
WORKERS = _number("ANTIGONE_WORKERS", 1, least=1)
# How long a request of /v1 waits for an engine that is free, and the most that one may carry as JSON.
QUEUE_SECONDS = _number("ANTIGONE_QUEUE_SECONDS", 60, least=1)
API_BYTES = _number("ANTIGONE_API_MEGABYTES", 20, least=1) * 1_000_000
# The most that one request of /v1 may carry as files: a recording, a batch, a document.
API_FILE_BYTES = _number("ANTIGONE_API_FILE_MEGABYTES", 200, least=1) * 1_000_000
# How long the row of a single request is kept; sums by the hour stay.
USAGE_DAYS = _number("ANTIGONE_USAGE_DAYS", 90, least=1)
# Where engines may stand: this machine and private networks, unless the city names others.
ENGINE_NETWORKS = tuple(
    name.strip()
    for name in (
        os.environ.get("ANTIGONE_ENGINE_NETWORKS", "").strip()
        or "127.0.0.0/8, ::1/128, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7"
    ).split(",")
)
parse_networks(ENGINE_NETWORKS)
# All the energy of the building for each kWh of its machines; grams of CO2 equivalent for each kWh of its electricity.
PUE = _decimal("ANTIGONE_PUE", 1.2, least=1.0)
ELECTRICITY_GRAMS = _decimal("ANTIGONE_ELECTRICITY_GRAMS", None, least=0.0)
CONVERSATION_DAYS = _number("ANTIGONE_CONVERSATION_DAYS", 365, least=1)
QUESTION_CHARACTERS = 2_000
# How often one person, or one network of visitors (a whole school may share one), may do what costs something:
# how many times, in how many seconds.
TRIES = {
    "ask": (300, 300),
    "search": (600, 300),
    "feedback": (30, 600),
    "verify": (30, 600),
    # Codes of letters: from one network, from everywhere.
    "invitation": (60, 600),
    "invitation_all": (5_000, 600),
    "seat": (30, 600),
    # Codes of members, who may all be in one room.
    "join": (100, 600),
    # Votes of a consultation: of one participant; of one network (a campus, a telephone company); people who vote for
    # the first time, from one network, and from everywhere.
    "vote": (300, 60),
    "vote_network": (30_000, 600),
    "participant_network": (3_000, 600),
    "participant_all": (30_000, 600),
    # Statements sent (each is sent twice where similar ones are shown); codes of letters typed.
    "statement": (60, 600),
    "door_code": (60, 600),
    "door_code_all": (5_000, 600),
}
DOCUMENT_BYTES = _number("ANTIGONE_DOCUMENT_MEGABYTES", 200, least=1) * 1_000_000
DOCUMENT_PAGES = _number("ANTIGONE_DOCUMENT_PAGES", 5_000, least=1)
READER_SECONDS = _number("ANTIGONE_READER_SECONDS", 300, least=1)
READER_MEGABYTES = _number("ANTIGONE_READER_MEGABYTES", 1_500, least=256)
