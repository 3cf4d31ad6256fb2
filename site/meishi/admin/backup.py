"""The owner's backup: the whole site in one file, by one button."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from flask import Blueprint, Response, render_template, send_file

from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.backup import left_out, site_files, write_backup
from meishi.errors import ConfigError
from meishi.guestbook.safekeeping import NAME, save


def register(blueprint: Blueprint, study: Study, _shell: Shell) -> None:
    """Add the backup."""

    @blueprint.get("/settings/backup")
    def backup() -> str:
        """Say what a backup holds."""
        files = [file.stat().st_size for _, file in site_files(study.root)]
        skipped = left_out(study.root)
        return render_template("admin/backup.html", count=len(files), size=sum(files), skipped=skipped)

    @blueprint.get("/settings/backup.zip")
    def backup_file() -> Response:
        """Send the backup; nothing changes by it."""
        # It has no name, and goes with its last reader, on every system.
        out = TemporaryFile(dir=_folder(study))  # noqa: SIM115
        try:
            with _extras(study) as extras:
                write_backup(study.root, out, extras)
            size = out.tell()
            out.seek(0)
        except BaseException:
            out.close()
            raise
        name = f"meishi-backup-{study.now():%Y-%m-%d}.zip"
        answer = send_file(out, mimetype="application/zip", as_attachment=True, download_name=name)
        answer.content_length = size
        return answer


@contextmanager
def _extras(study: Study) -> Iterator[Mapping[str, Path]]:
    """Put the guestbook into a file while the backup is written."""
    try:
        guestbook = study.guestbook()
    except ConfigError:  # a site whose settings are broken is saved all the same
        guestbook = None
    if guestbook is None:
        yield {}
        return
    with TemporaryDirectory(dir=_folder(study)) as folder:
        file = Path(folder, "entries.json")
        save(guestbook, file)
        yield {NAME: file}


def _folder(study: Study) -> Path:
    folder = study.server.instance
    folder.mkdir(parents=True, exist_ok=True)
    return folder
