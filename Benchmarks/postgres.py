"""A PostgreSQL of its own for the peers: a cluster in a new directory, on a Unix socket alone, stopped by its process number.

Durable as ours is: fsync, full_page_writes and synchronous_commit stay on. Memory and checkpoint spacing as its manual
advises for loading ("Populating a Database"), so that the peer runs in its fast mode.
"""
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

SETTINGS = {
    "listen_addresses": "''", "shared_buffers": "512MB", "maintenance_work_mem": "256MB", "max_wal_size": "8GB",
    "checkpoint_timeout": "30min", "checkpoint_completion_target": "0.9", "wal_buffers": "64MB", "max_connections": "60",
    "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "jit": "off",
}


class Postgres:
    def __init__(self, directory):
        versions = sorted(os.listdir("/usr/lib/postgresql"), key=int)
        self.bin = f"/usr/lib/postgresql/{versions[-1]}/bin"
        self.base = tempfile.mkdtemp(prefix="pg-", dir=directory)
        self.data, self.process = os.path.join(self.base, "data"), None
        # PostgreSQL refuses to run as root; Debian's package brings a user for it.
        self.user = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres")
            os.chown(self.base, entry.pw_uid, entry.pw_gid)
            self.user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def __enter__(self):
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C", "--data-checksums")
        with open(os.path.join(self.base, "log"), "w") as log:
            self.process = subprocess.Popen(
                [f"{self.bin}/postgres", "-D", self.data, "-k", self.base] + [
                    part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value.strip(chr(39))}")],
                stdout=log, stderr=log, cwd=self.base, **self.user)
        deadline = time.monotonic() + 60
        while subprocess.run([f"{self.bin}/pg_isready", "-q", "-h", self.base, "-U", "bench"]).returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(open(os.path.join(self.base, "log")).read()[-2000:])
            time.sleep(0.1)
        subprocess.run(
            [f"{self.bin}/createdb", "-h", self.base, "-U", "bench", "bench"], check=True)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)  # "fast" shutdown
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def dsn(self):
        return f"host={self.base} user=bench dbname=bench"

    def ask(self, sql, database="bench"):
        return subprocess.run(
            [f"{self.bin}/psql", "-h", self.base, "-U", "bench", "-d", database, "-AtX", "-c", sql], check=True,
            capture_output=True, text=True).stdout.strip()

    def fresh(self):
        """A URI of an empty database that nobody had before."""
        self.count = getattr(self, "count", 0) + 1
        name = self.newest = f"fresh{self.count}"
        subprocess.run([f"{self.bin}/createdb", "-h", self.base, "-U", "bench", name], check=True)
        return f"postgresql://bench@/{name}?host={self.base}"

    @property
    def version(self):
        return subprocess.run([f"{self.bin}/postgres", "--version"], capture_output=True, text=True).stdout.split()[2]

    def run(self, program, *arguments):
        subprocess.run(
            [f"{self.bin}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.base, **self.user)
