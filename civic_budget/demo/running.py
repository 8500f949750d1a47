"""From an instance's folder to a served city: fill unless it stands, say how to sign in, serve."""

from __future__ import annotations

import errno
import os
import socket
import sys

from civic_budget.app import create_app
from civic_budget.config import Settings
from civic_budget.demo import sign_ins
from civic_budget.demo.filling.fill import fill
from civic_budget.demo.instance import Instance, edition_stands, stamp
from civic_budget.demo.progress import Progress
from civic_budget.demo.supervisor import Part, Supervisor
from civic_budget.kernel.clock import utc_now
from civic_budget.storage.db import Database
from civic_budget.storage.installation import check_installation
from civic_budget.storage.migrate import upgrade

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens on the port."""


def check_port(port: int) -> None:
    """Raise PortTaken when the port can't be had; asked before minutes are spent on filling."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                raise PortTaken from None
            raise


def prepare(instance: Instance) -> None:
    """Fill the city unless it stands already, and print how to sign in."""
    out = sys.stdout
    if is_complete(instance):
        out.write(f"The demo city is there already: {instance.folder}\n")
    else:
        out.write(f"Filling the demo city (phase: {instance.phase.value}) in {instance.folder}\n")
        instance.empty()
        fill_instance(instance, Progress(out))
    out.write("\n" + sign_ins.shortened(instance.sign_ins.read_text(encoding="utf-8")))
    out.write(f"\nEverybody, with all codes: {instance.sign_ins}\n")
    out.flush()


def is_complete(instance: Instance) -> bool:
    """Whether a whole city of this version stands there and its phase is still now."""
    if not (instance.folder / "civic_budget.db").exists() or not instance.sign_ins.exists():
        return False
    settings = instance.settings()
    database = Database(settings.database_url, settings.keyring, instance=settings.instance)
    try:
        return edition_stands(database, instance.phase)
    finally:
        database.dispose()


def fill_instance(instance: Instance, progress: Progress) -> None:
    """Migrate an empty database, fill it, write the sheet, stamp it complete; in this order."""
    app = create_app(instance.settings())
    database: Database = app.extensions["database"]
    settings: Settings = app.extensions["settings"]
    try:
        progress.begin("Schema")
        upgrade(database.engine)
        check_installation(database, settings)
        sheet = fill(app, instance.phase, now=utc_now(), progress=progress)
        sign_ins.write(instance.sign_ins, sheet)
        stamp(database, instance.phase)
    finally:
        database.dispose()


def serve(instance: Instance) -> int:
    """Run web, worker, evidence process and the invented provider until Ctrl-C or until one of them ends."""
    sys.stdout.write(f"Serving on http://{HOST}:{instance.port} (mailbox: /demo/mailbox)\n")
    sys.stdout.write("Ctrl-C ends it.\n")
    sys.stdout.flush()
    provider_port = free_port()
    environment = instance.environment(os.environ, provider_port=provider_port)
    return Supervisor(parts(instance.port, provider_port), environment).run()


def free_port() -> int:
    """A port that nobody has, for the invented identity provider."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def parts(port: int, provider_port: int) -> list[Part]:
    """The processes of the house and of the invented provider, all with this interpreter."""
    flask = (sys.executable, "-m", "flask", "--app", "wsgi")
    return [
        Part("evidence", (*flask, "evidence", "serve")),
        Part("worker", (*flask, "work")),
        Part(
            "city account",
            (sys.executable, "-m", "civic_budget.demo.city_account", str(provider_port)),
        ),
        Part("web", (sys.executable, "-m", "waitress", f"--listen={HOST}:{port}", "wsgi:app")),
    ]
