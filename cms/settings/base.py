"""What every way of running the site shares.

Everything that differs between machines comes from the environment, under the names listed in
`.env.example`. Values are looked up in the process environment, then in `.env`, which a person
writes, then in `var/secrets.env`, which `make run` writes once, then in `var/run.env`, which
`make run` writes at every start so that manage.py in a second terminal sees the same site.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
# Everything a running site writes lies here; tests give it a folder of its own.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
for env_file in (BASE_DIR / ".env", VAR_DIR / "secrets.env", VAR_DIR / "run.env"):
    if env_file.is_file():
        env.read_env(str(env_file))

PORT = env.int("PORT", default=8000)
SANDBOX_PORT = env.int("SANDBOX_PORT", default=8025)
SITE_URL = env.str("SITE_URL", default="").rstrip("/") or f"http://localhost:{PORT}"
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
SITE_IS_LOOPBACK = SITE_HOST in {"localhost", "127.0.0.1", "::1"}
SITE_IS_HTTPS = SITE_URL.startswith("https://")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")
if DEMO and not SITE_IS_LOOPBACK:
    raise ImproperlyConfigured(
        f"DEMO=1 is for this machine only, and SITE_URL is {SITE_URL}. Set DEMO=0, "
        "or SITE_URL to a localhost address."
    )

SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = [SITE_HOST, "localhost", "127.0.0.1", "[::1]"] if SITE_IS_LOOPBACK else [SITE_HOST]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "home",
    "cms",
    "funnel",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.search_promotions",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
]

# What speaks in headers stands first, so that static files, redirects and errors carry them too.
MIDDLEWARE = [
    "cms.middleware.ContentSecurityPolicyMiddleware",
    "cms.middleware.StandingHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cms.middleware.OddCharsetMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Nobody below sees a person who has not taken the second step.
    "cms.sign_in.middleware.SecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # allauth wants to know its request; none of its pages has an address here.
    "allauth.account.middleware.AccountMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "cms.page_cache.marking.MarkNamedViews",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DEFAULT_DATABASE = VAR_DIR / ("demo.sqlite3" if DEMO else "site.sqlite3")
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DEFAULT_DATABASE}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        "timeout": 20,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, str]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
if not REDIS_URL:
    # On its own, so that a process can forget all of it when another has changed a picture.
    CACHES["renditions"] = {**CACHES["default"], "LOCATION": "renditions"}

# Whole public pages, in each web process: docs/decisions/one-generation-for-the-site.md.
PAGE_CACHE = not DEBUG
PAGE_CACHE_BYTES = 32 * 1024 * 1024
# Views without a page, by name, that are the same for everybody and look at no query but `page`.
PAGE_CACHE_VIEWS = (
    "funnel:opt_in",
    "funnel:check_mail",
    "funnel:assessment",
    "funnel:call_request",
    "funnel:call_requested",
    "funnel:call_confirmed",
    "funnel:my_data",
    "funnel:my_data_asked",
    "funnel:my_data_erased",
    "sitemap",
    "robots",
    "security_txt",
)
# What tells every process of a change. Where REDIS_URL is set, Redis does.
PAGE_CACHE_WATCHES = True
PAGE_CACHE_GENERATION_FILE = VAR_DIR / "page-cache-generation"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "cms.auth.SiteUserBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# The second step and the end of guessing: docs/decisions/two-steps-to-sign-in.md.
MFA_TOTP_ISSUER = "Unstuck"
MFA_TOTP_PERIOD = 30
MFA_TOTP_DIGITS = 6
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 8
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "cms.sign_in.lockout.network_of"
AXES_LOCKOUT_CALLABLE = "cms.sign_in.lockout.refuse"
# What was typed is nobody's business: a password may stand in any field.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")
USE_I18N = True
USE_TZ = True

STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "cms.stylesheets.StylesheetFinder",
    "cms.site_module.SiteModuleFinder",
]
MADE_STATIC_ROOT = VAR_DIR / "made-static"
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
# Nobody else's pages load them: docs/decisions/headers-on-every-answer.md.
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = VAR_DIR / ("demo-media" if DEMO else "media")
MEDIA_URL = "/media/"
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Without EMAIL_URL a local site keeps its mail in a folder, and shows it at /mail/.
LOCAL_MAILBOX = VAR_DIR / ("demo-mail" if DEMO else "mail")
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    SHOW_LOCAL_MAILBOX = False
else:
    EMAIL_BACKEND = "cms.local_mailbox.MaildirBackend"
    SHOW_LOCAL_MAILBOX = SITE_IS_LOOPBACK
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or (
    "hello@unstuck.test" if SITE_IS_LOOPBACK else f"hello@{SITE_HOST.removeprefix('www.')}"
)

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

WAGTAIL_SITE_NAME = "Unstuck"
WAGTAILADMIN_BASE_URL = SITE_URL
# One coach approves nobody: publishing is publishing.
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# A demo's people are who their address says they are.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = not DEMO
WAGTAIL_FRONTEND_LOGIN_URL = "wagtailadmin_login"
WAGTAIL_USER_CREATION_FORM = "wagtail.users.forms.UserCreationForm"
WAGTAILIMAGES_IMAGE_MODEL = "cms.SiteImage"
# As light as a phone at night needs it; the pictures were looked at.
WAGTAILIMAGES_WEBP_QUALITY = 70
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# "simple" keeps words as they are written, on PostgreSQL as on SQLite, so that the beginning of a
# word finds it. A change here or in a model's search_fields needs `update_index`.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# A local site without a key talks to the sandbox, so that every command sees the same Mailchimp.
MAILCHIMP_API_KEY = env.str("MAILCHIMP_API_KEY", default="")
MAILCHIMP_API_URL = env.str("MAILCHIMP_API_URL", default="").rstrip("/")
USE_SANDBOX = SITE_IS_LOOPBACK and not MAILCHIMP_API_KEY and not MAILCHIMP_API_URL
if USE_SANDBOX:
    MAILCHIMP_API_URL = f"http://127.0.0.1:{SANDBOX_PORT}/3.0"
if MAILCHIMP_API_URL and not MAILCHIMP_API_KEY:
    MAILCHIMP_API_KEY = f"{'0' * 32}-us1"

FUNNEL = {
    "SITE_URL": SITE_URL,
    "ADDRESS_HASH_KEY": env.str("ADDRESS_HASH_KEY", default=""),
    "MAILING_BACKEND": "funnel.mailing.backends.mailchimp.MailchimpBackend",
    "MAILCHIMP_API_KEY": MAILCHIMP_API_KEY,
    "MAILCHIMP_AUDIENCE_ID": env.str("MAILCHIMP_AUDIENCE_ID", default=""),
    "MAILCHIMP_API_URL": MAILCHIMP_API_URL,
    "ACCEL_REDIRECT_PREFIX": env.str("ACCEL_REDIRECT_PREFIX", default=""),
    "QUICK_EXIT": "cms.queries.frame.quick_exit_url",
    "PRIVATE_MEDIA_ROOT": VAR_DIR / ("demo-private" if DEMO else "private"),
    # The web server in front, which says whom it speaks for.
    "TRUSTED_PROXIES": env.list("TRUSTED_PROXIES", default=["127.0.0.1", "::1"]),
    "OPT_INS_AN_HOUR": env.int("OPT_INS_AN_HOUR", default=600),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "funnel.logs.ScrubbingFormatter",
            "format": "{levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "funnel": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "cms": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # It would tell who mistyped which name from where; cms.sign_in says what matters.
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}

# What visitors get; the admin's looser policy is in cms.middleware.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# A cookie-less public site: Django's cookies exist behind the login only.
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
# A working day; whoever ticks “Remember me” gets the days of cms.sign_in.progress.
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"
# Wagtail itself lets its previews, and only them, into a frame of the same origin.
X_FRAME_OPTIONS = "DENY"
