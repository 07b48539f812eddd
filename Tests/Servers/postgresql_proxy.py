#!/usr/bin/env python3
"""A TCP proxy before a PostgreSQL server, which cuts sessions at a chosen message.

    postgresql_proxy.py SERVER_PORT

Prints its own port on the first line. Then each line of standard input is a command, answered with "ok":

    cut N before    the next session whose client sends its Nth Sync from now on is cut before the server sees any of
                    that round trip
    cut N after     ... is cut when the server has answered it, before the client hears
    freeze          nothing passes in either direction, and nothing is closed
    thaw            everything passes again

It ends when standard input closes. Loopback only; only the standard library. Sessions must not be encrypted.
"""

import socket
import struct
import sys
import threading

SERVER = int(sys.argv[1])
state = threading.Condition()
armed = None  # (round trip, "before" or "after", number of the arming)
armings = 0
frozen = False


class Session:
    def __init__(self, client):
        self.client = client
        self.server = socket.create_connection(("127.0.0.1", SERVER))
        for end in (self.client, self.server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.syncs = 0
        self.arming = 0
        self.is_answer_cut = False

    def run(self):
        threading.Thread(target=self.down, daemon=True).start()
        try:
            self.up()
        except OSError:
            pass
        self.close()

    def close(self):
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def read(self, count):
        data = b""
        while len(data) < count:
            part = self.client.recv(count - len(data))
            if not part:
                raise OSError("closed")
            data += part
        return data

    def message(self, is_first):
        kind = b"" if is_first else self.read(1)
        length = self.read(4)
        return kind + length + self.read(struct.unpack(">I", length)[0] - 4)

    def up(self):
        """Client to server, one round trip at a time: what comes before a Sync is held until it is there."""
        self.pass_on(self.message(True))
        held = b""
        while True:
            message = self.message(False)
            if message[:1] in b"pQX":
                self.pass_on(held + message)
                held = b""
                continue
            held += message
            if message[:1] == b"d" and len(held) > 1 << 16 or message[:1] in b"cf":
                self.pass_on(held)
                held = b""
            if message[:1] != b"S":
                continue
            if self.is_cut(held):
                return
            held = b""

    def is_cut(self, held):
        global armed
        with state:
            if armed and self.arming != armed[2]:
                self.arming, self.syncs = armed[2], 0
            self.syncs += 1
            hit = armed if armed and self.syncs == armed[0] else None
            if hit:
                armed = None
                self.is_answer_cut = hit[1] == "after"
        if hit and hit[1] == "before":
            return True
        self.pass_on(held)
        return False

    def pass_on(self, data):
        with state:
            state.wait_for(lambda: not frozen)
        self.server.sendall(data)

    def down(self):
        try:
            while True:
                data = self.server.recv(65536)
                if not data:
                    break
                with state:
                    state.wait_for(lambda: not frozen)
                    is_answer_cut = self.is_answer_cut
                # ReadyForQuery ends the answer: the server has done what was asked.
                if is_answer_cut:
                    if b"Z\x00\x00\x00\x05" in data:
                        break
                    continue
                self.client.sendall(data)
        except OSError:
            pass
        self.close()


def accept(listener):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=Session(client).run, daemon=True).start()


def main():
    global armed, armings, frozen
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    for line in sys.stdin:
        words = line.split()
        with state:
            if words[0] == "cut":
                armings += 1
                armed = (int(words[1]), words[2], armings)
            elif words[0] in ("freeze", "thaw"):
                frozen = words[0] == "freeze"
                state.notify_all()
        print("ok", flush=True)


main()
