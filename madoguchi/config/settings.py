"""One settings module; the mode follows from values in the environment (see docs/guide/operators.ja.md)."""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from madoguchi.config import env, providers
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
BEHIND_PROXY = env.flag("MADOGUCHI_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The date the site believes in; None means today. A banner on every page says so when it is set.
# `madoguchi setup` keeps the pack's own date here, because a demonstration pack's years are past.
BELIEVED_TODAY_FILE = DATA_DIR / "believed-today"
TODAY = env.believed_day("MADOGUCHI_TODAY", BELIEVED_TODAY_FILE)

# A region to look at, with people for every role: staff need no second factor there. Never with real people.
DEMO = env.flag("MADOGUCHI_DEMO", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "madoguchi.foundation",
    "madoguchi.accounts",
    "madoguchi.institutions",
    "madoguchi.mail",
    "madoguchi.catalogue",
    "madoguchi.businesses",
    "madoguchi.results",
    "madoguchi.editing",
    "madoguchi.reviewing",
    "madoguchi.feeds",
    "madoguchi.eligibility",
    "madoguchi.events",
    "madoguchi.consultations",
    "madoguchi.usage",
    "madoguchi.finding",
    "madoguchi.alerts",
    "madoguchi.opendata",
    "madoguchi.web.shared",
    "madoguchi.web.portal",
    "madoguchi.web.account",
    "madoguchi.web.desk",
    "madoguchi.web.my",
    "madoguchi.ops",
    # After ours, whose templates come first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "madoguchi.web.account.oidc",
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
    "madoguchi.web.shared.null_characters.NullCharacterMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # In this order: as whom somebody asks, whether the session has ended, keeping what was typed and asking
    # to sign in, the second factor, an operator's reason.
    "madoguchi.web.shared.hats.HatMiddleware",
    "madoguchi.web.shared.session_limits.SessionLimitMiddleware",
    "madoguchi.web.shared.kept_forms.SignInFirstMiddleware",
    "madoguchi.web.shared.second_factor.SecondFactorMiddleware",
    "madoguchi.web.shared.operator_sessions.OperatorSessionMiddleware",
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
                "django.contrib.messages.context_processors.messages",
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
# In the database, so that all server processes count attempts together. Never culled by number: a rate limit
# that somebody could push out would be none; the worker removes what has expired.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "foundation_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 10_000_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Signing in (docs/adr/0016-accounts-on-allauth.md) ──────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
LOGOUT_REDIRECT_URL = "portal:home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "madoguchi.web.account.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SIGNUP_FORM_CLASS = "madoguchi.web.account.signup.DisplayName"
ACCOUNT_FORMS = {
    "login": "madoguchi.web.account.forms.LoginForm",
    "signup": "madoguchi.web.account.forms.SignupForm",
    "add_email": "madoguchi.web.account.forms.EmailForm",
    "confirm_email_verification_code": "madoguchi.web.account.forms.VerifyForm",
    "change_password": "madoguchi.web.account.forms.ChangePasswordForm",
    "set_password": "madoguchi.web.account.forms.SetPasswordForm",
    "reset_password": "madoguchi.web.account.forms.ResetPasswordForm",
    "confirm_password_reset_code": "madoguchi.web.account.forms.ResetCodeForm",
    "reset_password_from_key": "madoguchi.web.account.forms.NewPasswordForm",
    "reauthenticate": "madoguchi.web.account.forms.ReauthenticateForm",
    "request_reauthentication_code": "madoguchi.web.account.forms.RequestCodeForm",
    "confirm_reauthentication_code": "madoguchi.web.account.forms.ConfirmCodeForm",
}
# Wrong passwords: for an address in a browser 5 in 5 minutes, and for one place 10 a minute, 60 an hour.
# Codes are counted as wrong passwords are. Places are IP addresses as the trusted proxies tell them.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,60/h/ip,5/5m/key,30/d/key",
    # Links of referrals are opened and answered from an office: many people behind one address.
    "referral_link": "30/m/ip,300/h/ip",
    # Each puts a mail on its way to an address that somebody typed: the address is protected, then the site.
    "alerts_address": "3/d/key",
    "alerts_place": "20/h/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("MADOGUCHI_TRUSTED_PROXIES", default=int(BEHIND_PROXY))
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
# Other ways to sign in, from the file that MADOGUCHI_OIDC_PROVIDERS names.
SOCIALACCOUNT_PROVIDERS = {"oidc": {"APPS": providers.apps("MADOGUCHI_OIDC_PROVIDERS")}}
SOCIALACCOUNT_ADAPTER = "madoguchi.web.account.oidc.adapter.ProviderAdapter"
SOCIALACCOUNT_FORMS = {"signup": "madoguchi.web.account.forms.OtherSignupForm"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
MFA_ADAPTER = "madoguchi.web.account.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "madoguchi.web.account.forms.SecondFactorForm",
    "reauthenticate": "madoguchi.web.account.forms.ConfirmSecondFactorForm",
    "activate_totp": "madoguchi.web.account.forms.ActivateTOTPForm",
    "add_webauthn": "madoguchi.web.account.forms.AddPasskeyForm",
    "edit_webauthn": "madoguchi.web.account.forms.EditPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1

# ── Mail (docs/adr/0017-mail-and-links.md) ───────────────────────────────────────────────────────────
# How the site is reached from outside: links in mail and on paper begin with it.
SITE_URL = env.site_url("MADOGUCHI_SITE_URL", "http://127.0.0.1:8000")
_MAIL = env.mail_server("MADOGUCHI_MAIL_URL", "console:" if DEBUG else f"file:{DATA_DIR / 'mail'}")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mail_sender("MADOGUCHI_MAIL_FROM", "madoguchi@example.invalid")
if _MAIL.is_real:
    for _needed in ("MADOGUCHI_SITE_URL", "MADOGUCHI_MAIL_FROM"):
        if not env.text(_needed):
            raise ImproperlyConfigured(f"MADOGUCHI_MAIL_URL sends real mail: set {_needed} too")
IS_MAIL_REAL = _MAIL.is_real
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
EMAIL_BACKEND = _MAIL.backend
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.is_tls_from_start, _MAIL.is_starttls
EMAIL_FILE_PATH = _MAIL.folder
EMAIL_TIMEOUT = 60

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# Registers of companies (businesses/registers); each works without the others, and everything without any.
NTA_API_URL = env.text("MADOGUCHI_NTA_API_URL", "https://api.houjin-bangou.nta.go.jp/4")
NTA_APPLICATION_ID = env.text("MADOGUCHI_NTA_APPLICATION_ID")
GBIZINFO_URL = env.text("MADOGUCHI_GBIZINFO_URL", "https://api.info.gbiz.go.jp/hojin")
GBIZINFO_TOKEN = env.text("MADOGUCHI_GBIZINFO_TOKEN")

# Requests to the API in a minute, by address and by key; 0 for as many as one likes (api/limits.py).
API_PER_MINUTE = env.whole("MADOGUCHI_API_PER_MINUTE", default=120)
API_KEY_PER_MINUTE = env.whole("MADOGUCHI_API_KEY_PER_MINUTE", default=1200)

# The national subsidy portal, and the feeds that the worker asks once a day (jgrants).
JGRANTS_URL = env.text("MADOGUCHI_JGRANTS_URL", "https://api.jgrants-portal.go.jp")
FEEDS = env.words("MADOGUCHI_FEEDS")
JNET21_URL = env.text("MADOGUCHI_JNET21_URL", "https://j-net21.smrj.go.jp/snavi/support/support.xml")

# Ports of addresses that people typed (links, feeds, webhooks): foundation/outgoing.py calls no others.
OUTGOING_PORTS = env.ports("MADOGUCHI_OUTGOING_PORTS", "80,443")

INDEX_DIR = DATA_DIR / "index"

# The command that searches an uploaded file for viruses: the path of the file is added as its last word, 0 is
# clean, 1 is infected. Empty: files are not searched, and are handed out at once.
VIRUS_SCANNER = env.text("MADOGUCHI_VIRUS_SCANNER")

# Where typefaces for printed reports are looked for (Noto CJK or one like it).
FONT_DIRS = env.words("MADOGUCHI_FONT_DIRS", "/usr/share/fonts/opentype,/usr/share/fonts/truetype")

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
# The browser itself refuses a __Host- cookie that another host or an open connection would set.
_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
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
    "filters": {"hide_keys": {"()": "madoguchi.web.shared.log_filters.HideKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["hide_keys"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
