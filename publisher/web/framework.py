"""What Django needs to know where people sign in: all of `publisher.framework`, and allauth.

Commands, the clock and the hands do without: docs/decisions/0024-people-come-by-invitation.md.
"""

from publisher.framework import *  # noqa: F403  # Django's settings build on others' so
from publisher.framework import INSTALLED_APPS, MIDDLEWARE
from publisher.settings import settings as _ours

_said = _ours()

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [*MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Attempts are counted where every process that shows pages sees them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "publisher_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/desk/sign-in/"
PASSWORD_RESET_TIMEOUT = 3600
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
]

ACCOUNT_ADAPTER = "publisher.web.desk.sign_in.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation that is opened verifies its address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  # a class
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "publisher.web.desk.sign_in.adapters.called"
MFA_ADAPTER = "publisher.web.desk.sign_in.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Publisher"
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "publisher.web.desk.sign_in.adapters.Elsewhere"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # whose address the issuer has verified
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A form that posts to us may not be sent on to another site under our policy; a link may.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "single-sign-on",
                "name": _said.oidc_name,
                "client_id": _said.oidc_client,
                "secret": _said.oidc_secret.get_secret_value() if _said.oidc_secret else "",
                "settings": {"server_url": _said.oidc_issuer, "fetch_userinfo": True},
            }
        ]
        if _said.oidc_issuer
        else [],
    }
}
