"""What Django needs to know, derived from `publisher.settings`.

What only the pages need, to sign people in, `publisher.web.framework` adds.
"""

import os

from publisher.kit.database import django_database
from publisher.kit.secret import secret_key
from publisher.settings import settings

_settings = settings()

SECRET_KEY = secret_key(_settings)
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("fr", "français"),
    ("es", "español"),
    ("ru", "русский"),
    ("zh-hans", "中文"),
    ("ar", "العربية"),
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "publisher.Person"
ROOT_URLCONF = "publisher.web.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "publisher",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "publisher.web.security.headers",
    "publisher.web.security.plain",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _settings.site_url.startswith("https:")
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "publisher.web.public.errors.csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = _settings.site_url.startswith("https:")
CSRF_TRUSTED_ORIGINS = ["/".join(_settings.site_url.split("/")[:3])]  # scheme and host
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "publisher.web.screens.environment",
            "context_processors": ["publisher.web.screens.everywhere"],
        },
    }
]
DATABASES = {"default": django_database(os.environ["DATABASE_URL"])}
LOGGING_CONFIG = None
PROCRASTINATE_IMPORT_PATHS = [
    "publisher.worker.letters",
    "publisher.worker.readers",
    "publisher.worker.seats",
    "publisher.worker.forms",
    "publisher.worker.hooks",
    "publisher.worker.tasks",
    "publisher.worker.writing",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "publisher_tasks_are_named_above"
