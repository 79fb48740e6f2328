"""All settings, fed by the environment. `.env.example` explains every variable."""

from importlib.resources import files

from csp.constants import NONE, SELF
from django.contrib.messages.constants import DEBUG as DEBUG_LEVEL
from django.contrib.messages.constants import ERROR, INFO, SUCCESS, WARNING
from django.core.exceptions import ImproperlyConfigured

from billing.graph.clouds import CLOUDS
from config.env import (
    PRODUCTION,
    ROOT,
    VAR,
    all_or_none,
    base_url,
    database,
    env,
    hosts,
    is_guid,
    is_weak,
    made_secret,
    required,
    smtp,
    switch,
    whole_number,
    writing_in_var,
)

SECRET_KEY = required(
    "COUNTERSIGN_SECRET_KEY", "50 random characters of your own", lambda: made_secret("secret-key")
)
if PRODUCTION and is_weak(SECRET_KEY):
    raise ImproperlyConfigured(
        "COUNTERSIGN_SECRET_KEY is easily guessed: set it to 50 random characters of your own."
    )
ALLOWED_HOSTS = hosts("COUNTERSIGN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
BASE_URL = base_url("COUNTERSIGN_BASE_URL", ALLOWED_HOSTS, "http://127.0.0.1:8000")
DEBUG = switch("COUNTERSIGN_DEBUG") and not PRODUCTION

INSTALLED_APPS = [
    "config.apps.Config",  # first: its migrate is the one that knows the owner's role
    "support",
    "billing",
    "escalations",
    "config.apps.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its templates, for support.rendering
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "simple_history",
    "django_filters",
    "django_htmx",
    "template_partials",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurity",
    "config.middleware.no_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.forgotten_after",
    "config.middleware.readers_zone",
    "config.middleware.second_factor",
    "config.middleware.RolesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
    {
        "NAME": "parts",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "templates" / "parts", ROOT / "templates", files("django.forms") / "jinja2"],
        "OPTIONS": {"environment": "support.parts.environment"},
    },
]

FORM_RENDERER = "support.rendering.Renderer"
MESSAGE_TAGS = {
    DEBUG_LEVEL: "",
    INFO: "",
    SUCCESS: "good",
    WARNING: "warn",
    ERROR: "bad",
}  # static/css/notice.css

# The database: one PostgreSQL. Unset, the product starts its own (docs/embedded-database.md).
_url = database("DATABASE_URL")
_database = _url or {"NAME": "countersign", "USER": "postgres"}
_owner = database("DATABASE_OWNER_URL")
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "config.database",
        "EMBEDDED": not _url,
        "OWNER": {key: _owner[name] for key, name in [("user", "USER"), ("password", "PASSWORD")] if _owner},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,  # a restarted database costs nobody a 500
    }
}
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["options"] = (
    r"-c lock_timeout=3s -c timezone=UTC -c default_transaction_isolation=read\ committed"  # the guards ask for it
    " -c max_parallel_workers_per_gather=0"  # to start one takes longer than a page's query (bench/helpdesk.py)
)
if not switch("DATABASE_POOLED"):
    # What a connection has sent five times the server keeps prepared: a tenth of a page (bench/helpdesk.py).
    _options |= {"server_side_binding": True, "prepare_threshold": 5}
if _name := env.str("DATABASE_NAME", default=""):  # a child of the tests, on its parent's copy
    DATABASES["default"]["NAME"] = _name
_run = env.str("PYTEST_XDIST_TESTRUNUID", default="alone")[:8]  # two runs at once share the server
DATABASES["default"]["TEST"] = {"NAME": f"test_{_run}"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # a full cache forgets counts that still hold
    }
}  # rate limits must hold over all processes

# People
AUTH_USER_MODEL = "support.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique by a constraint over its lower case
AUTHENTICATION_BACKENDS = ["config.backend.WithRoles"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in [
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    ]
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.Adapter"
ACCOUNT_FORMS = {"reset_password": "config.accounts.ResetForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by a manager, for an address that is known
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, or after SESSION_COOKIE_AGE
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # for customers (config/codes.py)
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_RATE_LIMITS = {  # 30 codes a day, 3 tries each: one guess in 11,000 days comes true
    "request_login_code": "20/m/ip,200/h/ip,3/m/key,10/h/key,30/d/key",
    "confirm_login_code": "30/m/ip,3/h/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Countersign"
MFA_TOTP_TOLERANCE = 1  # a code typed as its half minute ends still holds, one step each way (RFC 6238, 5.2)

# Language and time: UTC inside, the reader's zone outside
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English (UK)"), ("en", "English (US)")]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"  # collectstatic writes it; outside production files are found in place
with writing_in_var():
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # or whitenoise warns at every start
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = VAR / "files"  # never served by a URL of its own: each file is a row, asked for by permission
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
REJECTS_FOLDER = VAR / "rejects"  # what an import could not read
UPLOAD_MAX_BYTES = whole_number("COUNTERSIGN_UPLOAD_MAX_BYTES", 25 * 1024 * 1024)

# Mail: rows first (support.mail), then SMTP, or files in a folder that the pages name
MAIL_FOLDER = VAR / "mail"
EMAIL_TIMEOUT = 20
_smtp = env.str("COUNTERSIGN_SMTP_URL", default="")
if _smtp:
    vars().update(smtp("COUNTERSIGN_SMTP_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_FOLDER)
DEFAULT_FROM_EMAIL = env.str("COUNTERSIGN_MAIL_FROM", default="Countersign <desk@countersign.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Microsoft Graph, for GDAP: an app registration in the partner's tenant, or none (docs/gdap.md)
GRAPH = all_or_none(
    tenant="COUNTERSIGN_GRAPH_TENANT",
    client_id="COUNTERSIGN_GRAPH_CLIENT_ID",
    secret="COUNTERSIGN_GRAPH_SECRET",  # noqa: S106  its name
)
if GRAPH and not is_guid(GRAPH["tenant"]):
    raise ImproperlyConfigured("COUNTERSIGN_GRAPH_TENANT is the partner's tenant id: 32 figures and letters.")
GRAPH_HOST = env.str("COUNTERSIGN_GRAPH_HOST", default="graph.microsoft.com")
if GRAPH_HOST not in CLOUDS:
    raise ImproperlyConfigured(f"COUNTERSIGN_GRAPH_HOST is one of: {', '.join(CLOUDS)}.")
GDAP_WRITE = switch("GDAP_WRITE")  # creating, locking and ending relationships: off unless it says on
if GDAP_WRITE and not GRAPH:
    raise ImproperlyConfigured("GDAP_WRITE needs an app registration: set the COUNTERSIGN_GRAPH variables.")

# Security
TRUSTED_PROXIES = whole_number("COUNTERSIGN_TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "countersign"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []
CSRF_FAILURE_VIEW = "config.pages.form_expired"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONE],  # config.middleware.content_security puts the static path here
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"tokens": {"()": "config.redacting.Tokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["stderr"], "level": env.str("COUNTERSIGN_LOG_LEVEL", default="WARNING")},
    "loggers": {
        "countersign": {"level": "INFO"},
        "weasyprint": {"level": "ERROR"},  # warns of every rule of a style sheet that is for screens
    },
}
