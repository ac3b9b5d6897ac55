"""One settings module; the mode follows from values in the environment (see docs/guide/operators.ja.md)."""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from madoguchi.config import env
from madoguchi.foundation import secret_key

BASE_DIR = Path(__file__).resolve().parents[2]
PACKAGE_DIR = BASE_DIR / "madoguchi"

# In a checkout the data lies beside the code; an installed package keeps it where it is started.
_HOME = BASE_DIR if (BASE_DIR / "pyproject.toml").is_file() else Path.cwd()
DATA_DIR = Path(env.text("MADOGUCHI_DATA_DIR", str(_HOME / "data"))).absolute()
DEBUG = env.flag("MADOGUCHI_DEBUG", default=False)
SECRET_KEY = env.text("MADOGUCHI_SECRET_KEY") or secret_key.kept_in(DATA_DIR)
ALLOWED_HOSTS = env.words("MADOGUCHI_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("MADOGUCHI_TRUSTED_ORIGINS")
HTTPS = env.flag("MADOGUCHI_HTTPS", default=False)
# Believe X-Forwarded-Proto: only where a proxy in front always sets it itself.
if env.flag("MADOGUCHI_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The date the site believes in; None means today. A banner on every page says so when it is set.
# `madoguchi setup` keeps the pack's own date here, because a demonstration pack's years are past.
BELIEVED_TODAY_FILE = DATA_DIR / "believed-today"
TODAY = env.believed_day("MADOGUCHI_TODAY", BELIEVED_TODAY_FILE)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "madoguchi.foundation",
    "madoguchi.accounts",
    "madoguchi.institutions",
    "madoguchi.catalogue",
    "madoguchi.results",
    "madoguchi.eligibility",
    "madoguchi.events",
    "madoguchi.usage",
    "madoguchi.finding",
    "madoguchi.web.shared",
    "madoguchi.web.portal",
    "madoguchi.ops",
]

MIDDLEWARE = [
    "madoguchi.web.shared.counting.Looks",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "madoguchi.config.urls"
WSGI_APPLICATION = "madoguchi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "madoguchi.web.shared.context.site",
            ],
        },
    },
]


def _database() -> dict[str, object]:
    url = env.text("MADOGUCHI_DATABASE_URL") or f"sqlite:///{DATA_DIR / 'madoguchi.sqlite3'}"
    try:
        config: dict[str, object] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(f"MADOGUCHI_DATABASE_URL is not understood: {error}") from error
    if config["ENGINE"] not in ("django.db.backends.sqlite3", "django.db.backends.postgresql"):
        raise ImproperlyConfigured("MADOGUCHI_DATABASE_URL names neither sqlite:/// nor postgres://")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: without it concurrent read-then-write transactions die with "database is locked".
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

INDEX_DIR = DATA_DIR / "index"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "madoguchi.web.shared.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
