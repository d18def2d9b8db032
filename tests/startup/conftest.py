"""A place that may go into production, and its start-up as an operator would run it."""

import pytest
from typer.testing import CliRunner

from challenge import cli
from challenge.kernel import migrate
from challenge.kernel.database import Database

SAFE = {
    "CHALLENGE_ENV": "production",
    "CHALLENGE_SECRET_KEY": "9f3b61c2d07a4e58b1c6aa20ff4e9d13",
    "CHALLENGE_PUBLIC_URL": "https://challenge.tallinn.ee",
    "CHALLENGE_SMTP_URL": "smtp+starttls://mail.tallinn.ee:587",
    "CHALLENGE_MAIL_FROM": "City Challenge <no-reply@tallinn.ee>",
}


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture
def sqlite(empty_template, tmp_path):
    path = tmp_path / "city.db"
    path.write_bytes(empty_template.read_bytes())
    return path


class Place:
    """Settings one changes, and the start-up; ``served`` tells whether it got as far as listening."""

    def __init__(self, monkeypatch, url: str, files) -> None:
        self.environment = {**SAFE, "CHALLENGE_DATABASE_URL": url, "CHALLENGE_FILES": str(files)}
        self.served = False
        self._patch = monkeypatch

    def start(self, command: str = "serve", **changes: str) -> tuple[int, list[str]]:
        """Exit code and the lines on stderr."""
        self._patch.setattr("uvicorn.run", lambda *_arguments, **_options: setattr(self, "served", True))
        names = {f"CHALLENGE_{name.upper()}": value for name, value in changes.items()}
        environment = {name: value for name, value in {**self.environment, **names}.items() if value is not None}
        result = CliRunner().invoke(cli.app, [command], env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stderr.splitlines()


@pytest.fixture
def place(monkeypatch, sqlite, tmp_path):
    """On SQLite."""
    monkeypatch.setattr("challenge.startup.files.LAYERED", frozenset())  # a test may well run in a container's layer
    return Place(monkeypatch, f"sqlite:///{sqlite}", tmp_path / "files")


@pytest.fixture
def on_postgres(monkeypatch, production_postgres, tmp_path):
    """On PostgreSQL, as the plain role."""
    return Place(monkeypatch, production_postgres(), tmp_path / "files")
