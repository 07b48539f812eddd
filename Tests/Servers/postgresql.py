#!/usr/bin/env python3
"""A PostgreSQL server of a test's own: loopback, a free port, a directory that is gone afterwards.

The first line printed is {"port": ..., "directory": ..., "certificate": ...}. Then each line of standard input is a
command, answered with "ok": `stop` (as a crash), `start`, `restart`. It ends when standard input closes, also when the
test process is killed. As root the server runs as the user `postgres`. Only the standard library.
"""

import ctypes
import glob
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

USER = "postgres" if os.geteuid() == 0 else None
LONGEST = 60  # seconds for one step


def program(name):
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    folders.sort(key=lambda folder: int(folder.split("/")[-2]))
    for folder in reversed(folders):
        if os.path.exists(f"{folder}/{name}"):
            return f"{folder}/{name}"
    found = shutil.which(name)
    if not found:
        sys.exit(f"{name} is not installed")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="almoner-postgresql-")
        self.data = f"{self.directory}/data"
        self.certificate = f"{self.directory}/server.crt"
        self.process = None
        self.port = free_port()
        if USER:
            os.chown(self.directory, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)
        self.run(program("initdb"), "-D", self.data, "-A", "trust", "-U", "almoner", "-E", "UTF8", "--locale=C",
                 "--no-sync", "--data-checksums")
        self.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                 "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", f"{self.directory}/server.key",
                 "-out", self.certificate)
        self.run("chmod", "600", f"{self.directory}/server.key")
        self.run("tee", "-a", f"{self.data}/postgresql.conf", text=self.settings())
        # One role needs its password: for the tests of refused sessions.
        with open(f"{self.data}/pg_hba.conf", encoding="utf8") as file:
            rules = file.read()
        self.run("tee", f"{self.data}/pg_hba.conf", text="host all guarded all scram-sha-256\n" + rules)

    def settings(self):
        return f"""
listen_addresses = '127.0.0.1'
port = {self.port}
unix_socket_directories = '{self.directory}'
max_connections = 200
shared_buffers = 64MB
max_wal_size = 1GB
checkpoint_timeout = 1h
autovacuum_naptime = 5s
ssl = on
ssl_cert_file = '{self.certificate}'
ssl_key_file = '{self.directory}/server.key'
"""

    def run(self, *command, text=None):
        done = subprocess.run(command, user=USER, input=text, text=True, cwd=self.directory, timeout=LONGEST,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, extra_groups=[] if USER else None)
        if done.returncode != 0:
            shutil.rmtree(self.directory, ignore_errors=True)
            sys.exit(f"{command[0]}: {done.stdout}")

    def start(self):
        def die_with_parent():
            ctypes.CDLL(None).prctl(1, signal.SIGQUIT)

        with open(f"{self.directory}/log", "ab") as log:
            self.process = subprocess.Popen(
                [program("postgres"), "-D", self.data], user=USER, extra_groups=[] if USER else None,
                cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent)
        ask = [program("pg_isready"), "-q", "-h", self.directory, "-p", str(self.port)]
        end = time.monotonic() + LONGEST
        while subprocess.run(ask, check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"the server did not start: {open(self.directory + '/log', encoding='utf8').read()[-2000:]}")
            time.sleep(0.02)

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(LONGEST)
            self.process = None

    def close(self):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def main():
    server = Server()
    try:
        server.start()
        print(json.dumps({"port": server.port, "directory": server.directory, "certificate": server.certificate}),
              flush=True)
        for line in sys.stdin:
            command = line.strip()
            if command in ("stop", "restart"):
                server.stop()
            if command in ("start", "restart"):
                server.start()
            print("ok", flush=True)
    finally:
        server.close()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
signal.signal(signal.SIGINT, signal.SIG_IGN)
main()
