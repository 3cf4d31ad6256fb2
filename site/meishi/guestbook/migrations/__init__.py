"""Bring the guestbook's tables up to date; Alembic's steps are in versions/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

#: Where Alembic notes which steps a database has taken.
VERSION_TABLE = "guestbook_version"


def upgrade(connection: Connection) -> None:
    """Take the steps that a database has not taken yet, in the connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)

    # No env.py, which would be a program: the application opens the database itself.
    with EnvironmentContext(config, script, fn=steps, destination_rev="head") as environment:
        environment.configure(
            connection=connection, version_table=VERSION_TABLE, transactional_ddl=False, render_as_batch=True
        )
        environment.run_migrations()
