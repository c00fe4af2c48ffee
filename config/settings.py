"""One settings file, three modes. Every value comes from the environment; NAME_FILE names a file that holds it.

TRIAL       embedded servers, loopback, plain HTTP (the default)
TEST        as trial, on the tests' own servers
PRODUCTION  the operator's servers, HTTPS, no weak key, no DEBUG
"""

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config import embedded, logs

env = environ.FileAwareEnv()

# --- mode -----------------------------------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.str("MODE", default="trial").lower()
if MODE not in {"trial", "test", "production"}:
    raise ImproperlyConfigured(f"MODE is {MODE!r}; it must be trial, test or production.")
PRODUCTION = MODE == "production"
DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production mode.")

# --- servers --------------------------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
SERVERS_DIR = VAR_DIR / ("test" if MODE == "test" else "servers")
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
if PRODUCTION and not (DATABASE_URL and REDIS_URL):
    raise ImproperlyConfigured("Production mode needs DATABASE_URL and REDIS_URL.")
if bool(DATABASE_URL) != bool(REDIS_URL):
    raise ImproperlyConfigured("Set both DATABASE_URL and REDIS_URL, or neither (then embedded servers are used).")
EMBEDDED = not DATABASE_URL
if EMBEDDED:
    DATABASE_URL = embedded.database_url(SERVERS_DIR)
    REDIS_URL = embedded.redis_url(SERVERS_DIR)

_database = environ.Env.db_url_config(DATABASE_URL)
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"connect_timeout": 5, **_database.get("OPTIONS", {})},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- keys and hosts -------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured("Production mode needs SECRET_KEY (or SECRET_KEY_FILE).")
    SECRET_KEY = embedded.trial_secret_key(VAR_DIR)
if PRODUCTION and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 20 or "insecure" in SECRET_KEY):
    raise ImproperlyConfigured("SECRET_KEY is weak: use at least 50 random characters.")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- apps -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "config.ui",
    "config.accounts",
    "config.audit",
    "config.approvals",
    "config.jobs",
    "config.exports",
    "inventory",
    "procurement",
    "reserve",
    "django.contrib.admin.apps.SimpleAdminConfig",  # after ours, whose templates it takes
    "django.forms",  # the same
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
MIDDLEWARE = [
    "config.jobs.probes.ProbeMiddleware",
    "config.audit.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.audit.guard.GuardMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.accounts.middleware.SessionLimitMiddleware",
    "config.ui.middleware.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.accounts.middleware.LoginRequiredMiddleware",
    "config.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.audit.pace.PaceMiddleware",
    "config.ui.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.ui.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "config.ui.templatetags.ui"],
        },
    }
]

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "config.accounts.password_rules.LongestValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Whoever guesses is held back before any password is looked at (config/accounts/lockout.py).
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "config.accounts.middleware.PersonBackend"]
AXES_VERBOSE = False
AXES_HANDLER = "config.accounts.entering.Handler"
AXES_CLIENT_IP_CALLABLE = "config.accounts.devices.address_of"
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # the door that asked for a password says what axes refused, not a middleware
ACCOUNT_ADAPTER = "config.accounts.entering.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # allauth wants them named; nobody can sign up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # they count in a cache; ours count in the database
MFA_ADAPTER = "config.accounts.factors.Adapter"
MFA_KEY = env.str("MFA_KEY", default="") or SECRET_KEY  # seals what second factors keep secret
SECOND_FACTOR_REQUIRED_FOR = env.list(
    "SECOND_FACTOR_REQUIRED_FOR", default=["manager", "auditor", "administrator"] if PRODUCTION else []
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_TOTP_ISSUER = "Strategic Reserve"
MFA_RECOVERY_CODE_DIGITS = 10
# Single sign-on by OpenID Connect, where an issuer is set.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_CLAIM = env.str("OIDC_CLAIM", default="preferred_username")
OIDC_LABEL = env.str("OIDC_LABEL", default="Sign in with your organisation")
OIDC_IS_SECOND_FACTOR = env.bool("OIDC_IS_SECOND_FACTOR", default=False)
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET (or OIDC_CLIENT_SECRET_FILE).")
if PRODUCTION and OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    raise ImproperlyConfigured("OIDC_ISSUER must be an https:// address.")
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 12 * 3600  # from signing in, whatever happens
SESSION_IDLE_S = env.int("SESSION_IDLE_S", default=1800 if PRODUCTION else SESSION_COOKIE_AGE)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# --- hardening ------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
BEHIND_TLS_PROXY = PRODUCTION and env.bool("BEHIND_TLS_PROXY", default=False)
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS_PROXY else None
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 0  # nothing takes files yet: a form that carries one is refused before it is read
# How many requests a person may send at once, and how many a second come free again (config.audit.pace).
PACE = {
    "write": (env.int("PACE_WRITE_BURST", default=60), env.int("PACE_WRITE_PER_S", default=10)),
    "search": (60, 5),
    "export": (env.int("PACE_EXPORT_BURST", default=10), 0.1),
}

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.accounts.program_entering.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.audit.rest.Denied"],
    "DEFAULT_THROTTLE_CLASSES": ["config.audit.pace.Throttle"],
    "DEFAULT_PARSER_CLASSES": ["config.audit.rest.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "config.audit.rest.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "NON_FIELD_ERRORS_KEY": "body",
    "EXCEPTION_HANDLER": "config.audit.rest.problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
TOKENS_PER_PERSON = 20
TOKEN_DAYS_MOST = env.int("TOKEN_DAYS_MOST", default=90)
if not 1 <= TOKEN_DAYS_MOST <= 366:
    raise ImproperlyConfigured(f"TOKEN_DAYS_MOST is {TOKEN_DAYS_MOST}; a token may last 1 to 366 days.")
KNOX_TOKEN_MODEL = "accounts.ApiToken"
TOKEN_TTL = timedelta(hours=12)
REST_KNOX = {"TOKEN_TTL": TOKEN_TTL, "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Strategic Reserve",
    "VERSION": "1",
    "DESCRIPTION": (
        "POST name and password to /api/auth/token/ and send the token as `Authorization: Token …`. "
        "Each write needs a fresh UUID as Idempotency-Key; send the same again to learn what became of it. "
        "Masses are decimal text in kg, moments RFC 3339 in UTC, lists `{results, next, previous}`. "
        "Every refusal is application/problem+json; its message says what can be done. "
        "What lies at sites that are not yours is not found (404)."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["config.audit.rest.schema.inline_enums"],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- jobs -----------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
LONG_WORK_AT_ONCE = env.int("LONG_WORK_AT_ONCE", default=2)  # over all workers; leave some to the short jobs
if LONG_WORK_AT_ONCE < 1:
    raise ImproperlyConfigured("LONG_WORK_AT_ONCE must be 1 or more, or no long work would ever begin.")

# --- backups --------------------------------------------------------------------------------------
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups")))
BACKUP_OVERDUE_HOURS = env.int("BACKUP_OVERDUE_HOURS", default=26 if PRODUCTION else 0)  # 0: backed up by other means
if BACKUP_OVERDUE_HOURS < 0:
    raise ImproperlyConfigured("BACKUP_OVERDUE_HOURS must be 0 (backed up by other means) or more.")

# --- exports --------------------------------------------------------------------------------------
EXPORT_AT_ONCE_ROWS = 2_000  # longer ones become long work
EXPORT_KEEP_HOURS = env.int("EXPORT_KEEP_HOURS", default=24)  # after that the file goes; its row in the log stays
EXPORT_MOST_ROWS = env.int("EXPORT_MOST_ROWS", default=1_000_000)  # a sheet holds 1,048,576
EXPORT_MOST_MB = env.int("EXPORT_MOST_MB", default=200)
EXPORT_KEPT_MB = env.int("EXPORT_KEPT_MB", default=1_000)  # of one person; the file that reaches it is still kept
EXPORTS_UNDER_WAY = env.int("EXPORTS_UNDER_WAY", default=1)  # long ones, of one person; fewer than LONG_WORK_AT_ONCE

# --- rounds ---------------------------------------------------------------------------------------
COUNT_EVERY_MONTHS = env.int("COUNT_EVERY_MONTHS", default=12)  # a lot in a store is counted at least as often
if not 1 <= COUNT_EVERY_MONTHS <= 120:
    raise ImproperlyConfigured("COUNT_EVERY_MONTHS must be between 1 and 120: how often each lot is counted.")

# --- words, times, files --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# --- logs -----------------------------------------------------------------------------------------
LOGGING = logs.config(as_json=PRODUCTION, level=env.str("LOG_LEVEL", default="WARNING" if MODE == "test" else "INFO"))
