"""What allauth asks of us: who may come, how we speak to them, and where secrets are kept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from publisher.flows import come, defer
from publisher.flows.audit import Doer, note
from publisher.kit import clock
from publisher.kit.sealed import seal, unseal
from publisher.models import Person, Via
from publisher.settings import settings
from publisher.web.desk.screen import spoken
from publisher.web.page import notice

#: what is said when it is done, by allauth's name for it
SAID = {
    "account/messages/password_changed.txt": "sign_in.done.password",
    "account/messages/password_set.txt": "sign_in.done.password",
    "mfa/messages/totp_activated.txt": "sign_in.done.app",
    "mfa/messages/totp_deactivated.txt": "sign_in.done.app_removed",
    "mfa/messages/recovery_codes_generated.txt": "sign_in.done.codes",
    "mfa/messages/webauthn_added.txt": "sign_in.done.passkey",
    "mfa/messages/webauthn_removed.txt": "sign_in.done.passkey_removed",
}
#: what a person is told by mail, in case it was somebody else, by allauth's name for it
TOLD = {
    "account/email/password_changed": "password",
    "account/email/password_set": "password",
    "account/email/password_reset": "password",
    "mfa/email/totp_activated": "added",
    "mfa/email/webauthn_added": "added",
    "mfa/email/recovery_codes_generated": "codes",
    "mfa/email/totp_deactivated": "removed",
    "mfa/email/webauthn_removed": "removed",
}


def called(who: Person) -> str:
    """Give what a person is called."""
    return who.called


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    """Nobody makes an account here: people come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def add_message(  # noqa: PLR0917  # allauth's
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our own words; what we have no words for is not worth saying."""
        key = SAID.get(message_template or "")
        said = message or (spoken(request).say(key) if key else "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)

    def send_password_reset_mail(
        self, user: AbstractBaseUser, email: str, context: dict[str, Any]
    ) -> None:
        """Have it sent like any mail of ours; what makes the link is not kept in the queue."""
        defer.password_link(user.pk)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person what changed about its account."""
        what = TOLD.get(template_prefix)
        if what:
            defer.account_notice(user.pk, what)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401  # allauth's
        """Write it down, with the person's name if there is one of that name."""
        named = come.person_called(credentials.get("email") or credentials.get("username") or "")
        _note(None, "sign_in.fail", f"person/{named.username}" if named else "", how="password")

    def post_login(self, request: HttpRequest, user: Person, **said: Any) -> HttpResponse:  # noqa: ANN401  # allauth's
        """Write down who signed in, and how."""
        methods = request.session.get("account_authentication_methods", [])
        how = [str(one.get("type") or one["method"]) for one in methods]
        _note(user, "sign_in.do", f"person/{user.username}", how=how or ["link"])
        answer: HttpResponse = super().post_login(request, user, **said)
        return answer

    def logout(self, request: HttpRequest) -> None:
        """Write down who signed out."""
        if isinstance(request.user, Person):
            _note(request.user, "sign_in.end", f"person/{request.user.username}")
        super().logout(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own account."""
        return reverse("desk-account")


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth brings no types
    """Keys of authenticators are sealed."""

    def encrypt(self, text: str) -> str:
        """Seal it."""
        return seal("second factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it."""
        return unseal("second factor", encrypted_text)


class Elsewhere(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    """Who signs in at an OpenID Connect issuer, and may come in here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ANN401  # allauth's
        """Only who was asked, or whose domain or claim an operator allowed."""
        return _may_come(sociallogin)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ANN401  # allauth's
        """Turn away whom we do not know and nobody asked.

        Raises:
            ImmediateHttpResponse: that says so.
        """
        if not sociallogin.is_existing and not _may_come(sociallogin):
            _note(None, "sign_in.fail", how="single sign-on")
            raise ImmediateHttpResponse(notice(request, "sign_in.unknown", status=403))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:  # noqa: ANN401  # allauth's
        """Take the name over."""
        who: Person = super().populate_user(request, sociallogin, data)
        who.full_name = str(data.get("name") or "")[:200]
        return who

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:  # noqa: ANN401  # allauth's
        """Keep who came, with the roles it was asked to have."""
        who: Person = super().save_user(request, sociallogin, form)
        come.take_up(who, _verified(sociallogin), now=clock.now())
        return who

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ANN401  # allauth's
        error: Any = None,  # noqa: ANN401  # allauth's
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say that it went wrong.

        Raises:
            ImmediateHttpResponse: that says so.
        """
        raise ImmediateHttpResponse(notice(request, "sign_in.elsewhere_failed", status=403))


def _may_come(sociallogin: Any) -> bool:  # noqa: ANN401  # allauth's
    said = settings()
    return come.may_come(
        _verified(sociallogin),
        _claims(sociallogin),
        domains=said.oidc_domains,
        claim=said.oidc_claim,
        now=clock.now(),
    )


def _verified(sociallogin: Any) -> str:  # noqa: ANN401  # allauth's
    """Give the address that the issuer has verified; empty: none."""
    return next((str(one.email) for one in sociallogin.email_addresses if one.verified), "")


def _claims(sociallogin: Any) -> dict[str, Any]:  # noqa: ANN401  # allauth's
    extra = sociallogin.account.extra_data or {}
    found: dict[str, Any] = {**(extra.get("id_token") or {}), **(extra.get("userinfo") or {})}
    return found


def _note(who: Person | None, act: str, thing: str = "", *, how: object = "") -> None:
    note(Doer(person=who, via=Via.DESK), act, thing, now=clock.now(), how=how)
