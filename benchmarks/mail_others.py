"""The same mails by what others use: Python's own library, and django-post-office.

Run by `benchmarks.mail --others`, each as a process of its own:

    python -m benchmarks.mail_others smtplib PORT COUNT OCTETS
    python mail_others.py queue PORT COUNT OCTETS DATABASE_URL    # in a virtual environment
    python mail_others.py send PORT COUNT OCTETS DATABASE_URL     # that has django-post-office
"""

from __future__ import annotations

import smtplib
import sys
import time
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import parse_qs, urlsplit

SENDER = "news@iso.example.org"
SENTENCE = "Standards let things made apart work together. "
TEXT = "Dear {{ name }},\n\n%s\n\nLeave: {{ leave }}\n{{ preferences }}\n"
HTML = "<p>Dear {{ name }},</p><p>%s</p><a href='{{ leave }}'>Leave</a>"


def main() -> None:
    """Do what the arguments say, and print the seconds it took."""
    what, port, count, octets, *database = sys.argv[1:]
    # Quoted-printable adds a line end to each 75 letters; the header takes about a kilobyte.
    words = (SENTENCE * 2000)[: int((int(octets) - 1200) / 2 / 1.04)]
    if what == "smtplib":
        began = time.perf_counter()
        loop(int(port), int(count), words)
    else:
        set_up(int(port), database[0])
        began = time.perf_counter()
        queue(int(count), words) if what == "queue" else send()
    print(time.perf_counter() - began)


def of(number: int) -> dict[str, str]:
    """Give what is a reader's own."""
    token = f"{number}-0123456789abcdef0123-00112233445566778899aabbccddeeff"
    site = "https://publisher.example.org"
    return {
        "name": f"Reader {number}",
        "leave": f"{site}/leave/{token}",
        "preferences": f"{site}/preferences/{token}",
    }


def filled(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{{ {name} }}}}", value)
    return template


def loop(port: int, count: int, words: str) -> None:
    """Make each mail, and send all of them over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(count):
            values = of(number)
            mail = EmailMessage()
            mail["Subject"] = "What standards do for you"
            mail["From"], mail["To"] = SENDER, f"reader{number}@example.org"
            mail["Message-ID"] = make_msgid(domain="iso.example.org")
            mail["List-Unsubscribe"] = f"<{values['leave']}>"
            mail.set_content(filled(TEXT % words, values), cte="quoted-printable")
            html = filled(HTML % words, values)
            mail.add_alternative(html, subtype="html", cte="quoted-printable")
            server.send_message(mail)


def set_up(port: int, url: str) -> None:
    """Give Django and django-post-office what they need."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    said = urlsplit(url)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": said.path.strip("/"),
        "USER": said.username or "",
        "PASSWORD": said.password or "",
        "HOST": said.hostname or parse_qs(said.query).get("host", [""])[0],
        "PORT": str(said.port or ""),
    }
    settings.configure(
        SECRET_KEY="a benchmark",
        USE_TZ=True,
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "BATCH_SIZE": 1000,
            "MESSAGE_ID_ENABLED": True,
        },
    )
    django.setup()
    call_command("migrate", verbosity=0)


def queue(count: int, words: str) -> None:
    """Put the mails into its queue, to be rendered when they are sent."""
    from post_office import mail
    from post_office.models import EmailTemplate

    template = EmailTemplate.objects.create(
        name="newsletter",
        subject="What standards do for you",
        content=TEXT % words,
        html_content=HTML % words,
    )
    mail.send_many(
        {
            "recipients": [f"reader{number}@example.org"],
            "sender": SENDER,
            "template": template,
            "context": of(number),
            "headers": {"List-Unsubscribe": f"<{of(number)['leave']}>"},
            "render_on_delivery": True,
        }
        for number in range(count)
    )


def send() -> None:
    """Send all that is queued."""
    from django.core.management import call_command
    from post_office.models import STATUS, Email

    call_command("send_queued_mail", processes=1, log_level=1)
    left = Email.objects.exclude(status=STATUS.sent).count()
    assert not left, f"{left} were not sent"


if __name__ == "__main__":
    main()
