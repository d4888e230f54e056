"""Everything that can be set from outside: `PUBLISHER_*`, and `DATABASE_URL`. Read once."""

from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What is needed to start; the rest is in the plan or in the product."""

    model_config = SettingsConfigDict(env_prefix="PUBLISHER_", extra="ignore", frozen=True)

    data: Path = Field(Path("var"), description="where everything kept on disk is")
    plan: Path = Field(Path(), description="the folder that holds the four plan folders")
    database_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="a PostgreSQL server, postgresql://…; without it an embedded one is started",
    )
    site_url: str = Field(
        "http://127.0.0.1:8000", description="where readers reach the public pages; no end slash"
    )
    listen: str = Field("127.0.0.1:8000", description="the address and port the pages listen on")
    secret_key: SecretStr | None = Field(
        None, description="signs links and seals the vault; else made once in the data folder"
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    allow_private_fetch: bool = Field(
        default=False, description="let feeds be fetched from private addresses; for tests only"
    )

    show_capture: bool | None = Field(
        None,
        description="show captured mails and posts; else only where the pages are of this "
        "machine alone",
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
    """Read the environment once."""
    return Settings()
