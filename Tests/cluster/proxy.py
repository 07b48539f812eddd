"""A TCP proxy that loses what it is told to lose. Only the standard library.

Modes: `pass`; `refuse` (nobody gets through, connections are cut); `blackhole` (bytes of both ways vanish, connections
stay open, as when a router drops packets); `deaf` (requests arrive, answers vanish); `mute` (answers arrive, requests
vanish).
"""
import random
import socket
import threading
import time


class Proxy:
    def __init__(self, target):
        self.target = target
        self.mode = "pass"
        self.links = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.mode == "refuse":
                client.close()
                continue
            threading.Thread(target=self.link, args=(client,), daemon=True).start()

    def link(self, client):
        try:
            server = socket.create_connection(self.target, timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        pair = (client, server)
        with self.lock:
            self.links.add(pair)
        back = threading.Thread(target=self.pump, args=(server, client, ("blackhole", "deaf"), pair), daemon=True)
        back.start()
        self.pump(client, server, ("blackhole", "mute"), pair)

    def pump(self, source, sink, lost_in, pair):
        try:
            while data := source.recv(65536):
                # What is lost stays lost: a connection that lost bytes would be nonsense afterwards, so it is held up
                # until the mode ends, and cut then.
                if self.mode in lost_in:
                    while self.mode in lost_in:
                        time.sleep(0.02)
                    break
                sink.sendall(data)
        except OSError:
            pass
        self.close(pair)

    def close(self, pair):
        with self.lock:
            self.links.discard(pair)
        for end in pair:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def cut(self, share=1.0):
        """Cuts connections, in whatever they are doing."""
        with self.lock:
            links = list(self.links)
        for pair in links:
            if random.random() < share:
                self.close(pair)

    def stop(self):
        self.listener.close()
        self.cut()
