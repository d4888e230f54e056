"""Come in by a link: an invitation's, or one that was printed at the terminal."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from publisher.flows import enter as flow
from publisher.flows.come import accept, open_invitations
from publisher.kit import clock
from publisher.kit.signing import read_invitation_token
from publisher.models import Invitation, Person
from publisher.models.errors import Refused
from publisher.web.capture import of_this_machine
from publisher.web.desk.screen import spoken
from publisher.web.limits import Limit, visitor

TRIES = Limit(times=60, seconds=60)  #: from one address; a token cannot be guessed in any case


class ComeForm(forms.Form):
    """What somebody says who takes an invitation up."""

    full_name = forms.CharField(max_length=200)
    password1 = forms.CharField(max_length=200, strip=False)
    password2 = forms.CharField(max_length=200, strip=False)

    def __init__(self, invitation: Invitation, other: str, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or nothing
        self._invitation, self._other = invitation, other

    def clean(self) -> dict[str, str]:
        """Hold the password to the rules."""
        said: dict[str, str] = super().clean() or {}
        if said.get("password1") != said.get("password2"):
            self.add_error("password2", self._other)
        who = Person(email=self._invitation.address, full_name=said.get("full_name", ""))
        try:
            validate_password(said.get("password1", ""), who)
        except ValidationError as error:
            self.add_error("password1", error)
        return said


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def come(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take an invitation up: a name, a password, and one is in."""
    invitation = _invitation(token)
    if invitation is None or not TRIES.allows(visitor(request.META.get("REMOTE_ADDR", ""))):
        return told(request, "sign_in.used", status=404)
    posted = request.POST if request.method == "POST" else None
    said = spoken(request)
    form = ComeForm(invitation, said.say("sign_in.differ"), posted)
    if posted is not None and form.is_valid():
        try:
            who = _made(invitation, form.cleaned_data)
        except Refused:
            return told(request, "sign_in.used", status=404)
        return _in(request, who)
    whose = invitation.organisation.said.short if invitation.organisation else ""
    roles = ", ".join(said.say(f"desk.role.{name}") for name in invitation.roles)
    shown = {"form": form, "organisation": whose, "roles": roles, "address": invitation.address}
    return TemplateResponse(request, "desk/sign_in/come.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Sign in by a link that was printed at the terminal."""
    try:
        who = flow.entering(token, now=clock.now())
    except Refused:
        return told(request, "sign_in.used", status=404)
    if who.username == flow.OFFICER and not of_this_machine(request):
        return told(request, "sign_in.used", status=404)
    if request.method == "POST":
        return _in(request, who)
    return TemplateResponse(request, "desk/sign_in/enter.html", {"called": who.called})


def told(request: HttpRequest, key: str, *, status: int = 200) -> HttpResponse:
    """Say one thing to who is not signed in: `<key>.title` and `<key>.text`."""
    return TemplateResponse(request, "desk/sign_in/told.html", {"told": key}, status=status)


def _invitation(token: str) -> Invitation | None:
    try:
        pk = read_invitation_token(token)
    except ValueError:
        return None
    return open_invitations(clock.now()).filter(pk=pk).first()


def _made(invitation: Invitation, said: dict[str, str]) -> Person:
    """Make the account.

    Raises:
        Refused: the invitation was used in this very moment, or somebody has the address.
    """
    with transaction.atomic():
        if Person.objects.filter(email__iexact=invitation.address).exists():
            raise Refused("Somebody with that address is here.")
        who = Person(
            username=_username(said["full_name"] or invitation.address),
            full_name=said["full_name"],
            email=invitation.address,
            language=invitation.language,
        )
        who.set_password(said["password1"])
        who.save()
        EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)
        accept(invitation, who, now=clock.now())
    return who


def _username(name: str) -> str:
    """Give a name to sign in with and be written down by, made of the person's own."""
    plain = slugify(name.partition("@")[0])[:60] or "person"
    taken = set(
        Person.objects.filter(username__startswith=plain).values_list("username", flat=True)
    )
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (plain, *numbered) if one not in taken)


def _in(request: HttpRequest, who: Person) -> HttpResponseBase:
    response: HttpResponseBase = perform_login(request, who, email_verification="none")
    return response
