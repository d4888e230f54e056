"""The addresses of signing in and of one's own account."""

from __future__ import annotations

from allauth.account import views as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.openid_connect import views as elsewhere
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from publisher.web.desk.door import View, desk, fresh
from publisher.web.desk.sign_in import account, enter, tokens, trail
from publisher.web.desk.sign_in.frame import outside, own

trail.listen()


def _says(key: str) -> View:
    def said(request: HttpRequest) -> HttpResponse:
        return enter.told(request, key)

    return said


def _shown(view: type, template: str, **said: object) -> View:
    """Give one of allauth's views with a screen of ours."""
    shown: View = view.as_view(  # type: ignore[attr-defined]  # each is one of Django's
        template_name=f"desk/{template}", **({"extra_context": said} if said else {})
    )
    return shown


#: the names are those by which allauth finds its own pages
_OUTSIDE: list[URLPattern] = [
    outside("sign-in/", _shown(accounts.LoginView, "sign_in/sign_in.html"), "account_login"),
    outside("sign-out/", _shown(accounts.LogoutView, "sign_in/sign_out.html"), "account_logout"),
    outside("sign-in/off/", _says("sign_in.off"), "account_inactive"),
    outside("sign-in/code/", _shown(factors.AuthenticateView, "sign_in/code.html"),
            "mfa_authenticate"),
    outside("sign-in/passkey/", passkeys.login_webauthn, "mfa_login_webauthn"),
    outside("sign-in/elsewhere/", _says("sign_in.unknown"), "socialaccount_signup"),
    outside("sign-in/elsewhere/cancelled/", _says("sign_in.elsewhere_failed"),
            "socialaccount_login_cancelled"),
    outside("sign-in/elsewhere/failed/", _says("sign_in.elsewhere_failed"),
            "socialaccount_login_error"),
    outside("sign-in/elsewhere/(?P<provider_id>[a-z-]+)/go/", elsewhere.login,
            "openid_connect_login"),
    outside("sign-in/elsewhere/(?P<provider_id>[a-z-]+)/back/", elsewhere.callback,
            "openid_connect_callback"),
    outside("password/", _shown(accounts.PasswordResetView, "sign_in/forgotten.html"),
            "account_reset_password"),
    outside("password/sent/", _says("sign_in.sent"), "account_reset_password_done"),
    outside("password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/",
            _shown(accounts.PasswordResetFromKeyView, "sign_in/new_password.html"),
            "account_reset_password_from_key"),
    outside("password/done/", _says("sign_in.new"), "account_reset_password_from_key_done"),
    outside("come/(?P<token>[0-9a-f-]+)/", enter.come, "desk-come"),
    outside("enter/(?P<token>[0-9a-f-]+)/", enter.enter, "desk-enter"),
]  # fmt: skip

_OWN: list[URLPattern] = [
    desk("account/", account.account, None, name="account"),
    own("account/", account.account, "mfa_index"),
    own("account/", account.account, "mfa_list_webauthn"),
    desk("account/sessions/end/", account.end_others, None, name="account-end-sessions"),
    desk("account/sessions/<int:session>/end/", account.end_session, None,
         name="account-end-session"),
    desk("account/tokens/", tokens.tokens, None, name="tokens"),
    desk("account/tokens/make/", fresh(tokens.make), None, name="token-make"),
    desk("account/tokens/<int:pk>/revoke/", tokens.revoke, None, name="token-revoke"),
    own("account/password/", _shown(accounts.PasswordChangeView, "account/password.html"),
        "account_change_password"),
    own("account/password/first/", _shown(accounts.PasswordSetView, "account/password.html"),
        "account_set_password"),
    own("account/confirm/", _shown(accounts.ReauthenticateView, "account/confirm.html"),
        "account_reauthenticate"),
    own("account/confirm/code/", _shown(factors.ReauthenticateView, "account/confirm.html"),
        "mfa_reauthenticate"),
    own("account/confirm/passkey/",
        _shown(passkeys.ReauthenticateWebAuthnView, "account/confirm.html"),
        "mfa_reauthenticate_webauthn"),
    own("account/app/", _shown(apps.ActivateTOTPView, "account/app.html"), "mfa_activate_totp"),
    own("account/app/remove/",
        _shown(apps.DeactivateTOTPView, "account/sure.html", sure="desk.account.app_remove"),
        "mfa_deactivate_totp"),
    own("account/codes/", _shown(codes.ViewRecoveryCodesView, "account/codes.html"),
        "mfa_view_recovery_codes"),
    own("account/codes/new/",
        _shown(codes.GenerateRecoveryCodesView, "account/sure.html", sure="desk.account.codes_new"),
        "mfa_generate_recovery_codes"),
    own("account/codes/file/", _shown(codes.DownloadRecoveryCodesView, "account/codes.txt"),
        "mfa_download_recovery_codes"),
    own("account/passkeys/add/", _shown(passkeys.AddWebAuthnView, "account/passkey.html"),
        "mfa_add_webauthn"),
    own("account/passkeys/<int:pk>/remove/",
        _shown(passkeys.RemoveWebAuthnView, "account/sure.html",
               sure="desk.account.passkey_remove"),
        "mfa_remove_webauthn"),
]  # fmt: skip

routes = [*_OUTSIDE, *_OWN]
