"""A seeder of one block that notes when it was first sent, and, by HTTP at the same port, the tracker that names it."""

import hashlib
import os
import socket
import threading
import time

BLOCK = 16384


class TinySeeder:
    """Serves a torrent of one block. `first` is the time at which a block went out first, by time.monotonic, or None."""

    def __init__(self, folder):
        self.first = None
        self.block = os.urandom(BLOCK)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        info = b"4:infod6:lengthi%de4:name4:tiny12:piece lengthi%de6:pieces20:%se" % (
            BLOCK, BLOCK, hashlib.sha1(self.block).digest())
        url = b"http://127.0.0.1:%d/announce" % self.port
        self.torrent, self.tracked = folder + "/tiny.torrent", folder + "/tracked.torrent"
        with open(self.torrent, "wb") as out:
            out.write(b"d%se" % info)
        with open(self.tracked, "wb") as out:
            out.write(b"d8:announce%d:%s%se" % (len(url), url, info))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.server.accept()
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        connection.settimeout(10)
        with connection, connection.makefile("rwb") as stream:
            try:
                head = stream.read(3)
                if head == b"GET":
                    self.announce(stream)
                elif head == b"\x13Bi":  # who encrypts is hung up on
                    self.talk(stream, head + stream.read(65))
            except OSError:
                pass  # the getter is done

    def announce(self, stream):
        while stream.readline().strip():
            pass
        body = b"d8:intervali60e5:peers6:\x7f\x00\x00\x01%se" % self.port.to_bytes(2, "big")
        stream.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        stream.flush()

    def talk(self, stream, handshake):
        stream.write(handshake[:20] + bytes(8) + handshake[28:48] + b"-TS0001-" + os.urandom(12))
        # A bitfield of the one piece, and unchoke.
        stream.write(b"\0\0\0\2\5\x80" + b"\0\0\0\1\1")
        stream.flush()
        while True:
            head = stream.read(4)
            if len(head) < 4:
                return
            length = int.from_bytes(head, "big")
            message = stream.read(length)
            if length == 13 and message[0] == 6:
                stream.write((9 + BLOCK).to_bytes(4, "big") + b"\7" + bytes(8) + self.block)
                stream.flush()
                self.first = self.first or time.monotonic()
