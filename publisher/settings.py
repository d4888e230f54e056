"""Everything that can be set from outside: `PUBLISHER_*`, and `DATABASE_URL`. Read once."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

_POSTGRES = ("postgresql://", "postgres://")
#: what to write, by what pydantic calls the mistake
_WRITE = {"bool_parsing": "write true or false", "literal_error": "write one of {expected}"}
_WRITE |= {
    "int_parsing": "write a whole number",
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
}

_SECRET = {"DATABASE_URL", "PUBLISHER_SECRET_KEY", "PUBLISHER_OIDC_SECRET"}  #: never shown


class WrongSetting(Exception):
    """A setting that cannot be used; the sentence says which, and what to write."""


def _web_address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("write an address that begins with https:// or http://")
    return text.rstrip("/")


def _postgres(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(_POSTGRES):
        raise ValueError("write postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
    return url


class Settings(BaseSettings):
    """What is needed to start; the rest is in the plan or in the product."""

    model_config = SettingsConfigDict(
        env_prefix="PUBLISHER_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data: Path = Field(Path("var"), description="where everything kept on disk is")
    plan: Path = Field(Path(), description="the folder that holds the four plan folders")
    database_url: Annotated[SecretStr, AfterValidator(_postgres)] | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="a PostgreSQL server, postgresql://…; without it an embedded one is started",
    )
    site_url: Annotated[str, AfterValidator(_web_address)] = Field(
        "http://127.0.0.1:8000", description="where readers reach the public pages; no end slash"
    )
    listen: str = Field("127.0.0.1:8000", description="the address and port the pages listen on")
    secret_key: SecretStr | None = Field(
        None, description="signs links and seals the vault; else made once in the data folder"
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)
    ] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    allow_private_fetch: bool = Field(
        default=False, description="let feeds be fetched from private addresses; for tests only"
    )

    show_capture: bool | None = Field(
        None,
        description="show captured mails and posts; else only where the pages are of this "
        "machine alone",
    )

    intake_days: Annotated[int, Field(ge=1, le=250)] = Field(
        10, description="working days within which who offers to collaborate is promised an answer"
    )

    oidc_name: str = Field(
        "Single sign-on", description="what the button for signing in elsewhere says"
    )
    oidc_issuer: Annotated[str, AfterValidator(_web_address)] | None = Field(
        None, description="the OpenID Connect issuer that people may sign in with"
    )
    oidc_client: str = Field("", description="the client's id at that issuer")
    oidc_secret: SecretStr | None = Field(None, description="the client's secret at that issuer")
    oidc_domains: str = Field(
        "",
        description="domains whose verified addresses may come without an invitation, with commas",
    )
    oidc_claim: str = Field(
        "",
        description="a claim that lets somebody come without an invitation, as `groups=publisher`",
    )

    @property
    def data_folder(self) -> Path:
        """The data folder, absolute."""
        return self.data.expanduser().resolve()

    @property
    def plan_folder(self) -> Path:
        """The plan folder, absolute."""
        return self.plan.expanduser().resolve()


@cache
def settings() -> Settings:
    """Read the environment once.

    Raises:
        WrongSetting: with a sentence for each that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSetting("\n".join(map(_sentence, error.errors()))) from None


def _sentence(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    variable = name if name.isupper() else f"PUBLISHER_{name.upper()}"
    given = "cannot be used" if variable in _SECRET else f"is “{error['input']}”"
    said = error.get("ctx", {})
    todo = _WRITE[error["type"]].format(**said) if error["type"] in _WRITE else said["error"]
    return f"{variable} {given}; {todo}"
