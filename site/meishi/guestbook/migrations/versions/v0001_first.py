"""Make the tables of the first guestbook."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "guestbook_rooms",
        sa.Column("slug", sa.String(255), primary_key=True),
        sa.Column("epoch", sa.String(32), nullable=False),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("head", "floor", "numbered", "arrival", "shown", "held")
        ),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("slow", sa.Integer),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("latest", sa.BigInteger),
    )
    _make_entries()
    op.create_table(
        "guestbook_bans",
        sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "guestbook_day_keys",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "guestbook_deeds",
        sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
        sa.Column("ban", sa.BigInteger),
        sa.Column("undone", sa.Boolean, nullable=False),
    )
    op.create_table(
        "guestbook_notes",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("until", sa.Float),
    )


def _make_entries() -> None:
    op.create_table(
        "guestbook_entries",
        sa.Column("serial", _SERIAL, primary_key=True, autoincrement=True),
        sa.Column("room", sa.String(255), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("number", sa.BigInteger),
        sa.Column("version", sa.BigInteger),
        sa.Column("arrival", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("edited", sa.BigInteger),
        sa.Column("decided", sa.BigInteger),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("answers", sa.String(64)),
        sa.Column("page", sa.String(255)),
        sa.Column("owner", sa.Boolean, nullable=False),
        sa.Column("author", sa.String(32), nullable=False),
        sa.Column("face", sa.String(16), nullable=False),
        sa.Column("address", sa.String(32)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("likeness", sa.String(32)),
        sa.UniqueConstraint("room", "id", name="guestbook_entries_id"),
    )
    indexes = {
        "log": ["room", "version"],
        "order": ["room", "number"],
        "arrival": ["room", "arrival"],
        "author": ["author", "state"],
        "likeness": ["likeness", "at"],
        "state": ["state", "serial"],
    }
    for name, columns in indexes.items():
        op.create_index(f"guestbook_entries_{name}", "guestbook_entries", columns)
