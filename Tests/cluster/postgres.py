"""PostgreSQL of the test's own: a primary with a synchronous replica, on loopback, as a user that is not root."""
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

from proxy import Proxy

USER = "postgres" if os.geteuid() == 0 else None


def program(name):
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    for folder in reversed(folders):
        if os.path.exists(os.path.join(folder, name)):
            return os.path.join(folder, name)
    return name


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One data directory and its process."""

    def __init__(self, folder):
        self.folder = folder
        self.data = os.path.join(folder, "data")
        self.port = free_port()
        self.process = None
        os.mkdir(folder, 0o700)
        if USER:
            shutil.chown(folder, USER)

    def run(self, *command):
        done = subprocess.run(command, user=USER, extra_groups=[] if USER else None, cwd=self.folder, text=True,
                              timeout=120, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise AssertionError(f"{command[0]}: {done.stdout}")

    def configure(self, text):
        with open(os.path.join(self.data, "postgresql.auto.conf"), "a") as file:
            file.write(text)

    def start(self):
        log = open(os.path.join(self.folder, "log"), "ab")
        self.process = subprocess.Popen(
            [program("postgres"), "-D", self.data, "-p", str(self.port), "-k", self.folder, "-c",
             "listen_addresses=127.0.0.1"], user=USER, extra_groups=[] if USER else None, cwd=self.folder, stdout=log,
            stderr=log)
        ask = [program("pg_isready"), "-q", "-h", self.folder, "-p", str(self.port)]
        deadline = time.monotonic() + 60
        while subprocess.run(ask, check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("PostgreSQL did not start: " + open(os.path.join(self.folder, "log")).read()[-1500:])
            time.sleep(0.02)

    def crash(self):
        """An immediate shutdown: no checkpoint, as when the machine dies. The log is replayed at the next start."""
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(60)
            self.process = None


class Postgres:
    def __init__(self, folder):
        self.folder = folder
        self.replicas = 0
        self.link = None
        self.primary = Server(os.path.join(folder, "primary"))
        self.replica = None
        self.primary.run(program("initdb"), "-D", self.primary.data, "-A", "trust", "-U", "almoner", "-E", "UTF8",
                         "--locale=C", "--no-sync")
        self.primary.configure("max_connections = 200\nshared_buffers = 64MB\nwal_keep_size = 256MB\n")
        self.primary.start()
        self.primary.run(program("createdb"), "-h", self.primary.folder, "-p", str(self.port), "-U", "almoner", "almoner")

    @property
    def port(self):
        return self.primary.port

    def crash(self):
        self.primary.crash()

    def start(self):
        self.primary.start()

    def copy(self):
        """A new replica, which streams from the primary from now on."""
        self.replicas += 1
        replica = Server(os.path.join(self.folder, f"replica-{self.replicas}"))
        replica.run(program("pg_basebackup"), "-h", self.primary.folder, "-p", str(self.port), "-U", "almoner", "-D",
                    replica.data, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        return replica

    def attach_replica(self):
        """A replica that every commit waits for."""
        replica = self.copy()
        replica.start()
        self.primary.configure("synchronous_standby_names = '*'\n")
        self.primary.run(program("pg_ctl"), "-D", self.primary.data, "reload")
        deadline = time.monotonic() + 30
        while self.ask("select count(*) from pg_stat_replication where sync_state = 'sync'") != "1":
            if time.monotonic() > deadline:
                raise AssertionError("the replica does not follow")
            time.sleep(0.05)
        self.replica = replica

    def ask(self, sql):
        done = subprocess.run([program("psql"), "-h", self.primary.folder, "-p", str(self.port), "-U", "almoner", "-d",
                               "almoner", "-AtX", "-c", sql], capture_output=True, text=True, timeout=30)
        return done.stdout.strip()

    def promote(self):
        """The primary dies; the replica, which has every commit that was answered, takes its place."""
        self.attach_replica()
        time.sleep(0.5)
        self.fail_over()

    def fail_over(self):
        self.primary.crash()
        self.replica.run(program("pg_ctl"), "-D", self.replica.data, "promote", "-w")
        self.replica.configure("synchronous_standby_names = ''\n")
        self.replica.run(program("pg_ctl"), "-D", self.replica.data, "reload")
        self.primary, self.replica = self.replica, None

    def attach_asynchronous_replica(self):
        """A replica that no commit waits for, over a link that can be lost."""
        self.link = Proxy(("127.0.0.1", self.port))
        replica = self.copy()
        replica.configure(f"primary_conninfo = 'host=127.0.0.1 port={self.link.port} user=almoner'\n")
        replica.start()
        deadline = time.monotonic() + 30
        while self.ask("select count(*) from pg_stat_replication where state = 'streaming'") != "1":
            if time.monotonic() > deadline:
                raise AssertionError("the replica does not follow")
            time.sleep(0.05)
        self.replica = replica

    def lag(self):
        """From now on the replica hears nothing of what the primary commits."""
        self.link.mode = "refuse"
        self.link.cut()

    def promote_lagging(self):
        """The primary dies with the commits that the replica never had."""
        self.fail_over()
        self.link.stop()

    def close(self):
        for server in (self.primary, self.replica):
            if server:
                server.crash()
