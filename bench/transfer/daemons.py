"""Clients that are told what to do while they run, and do not end by themselves."""

import http.client
import json
import os
import shutil
import signal
import socket
import tempfile
import time
import xmlrpc.client

from side import PATIENCE, Side


class Daemon(Side):
    """One that says how far it is when it is asked. `home` is a folder of its own."""

    def __init__(self, command, home):
        self.home = home
        super().__init__(command, "")

    def progress(self):
        """Whether it has the torrent and is done with checking it, and whether it has everything; or OSError."""
        raise NotImplementedError

    def poll(self, what):
        until = time.monotonic() + PATIENCE
        told = "nothing"
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                told = what()
                if told:
                    return told
            except OSError as e:
                told = e
            time.sleep(0.02)
        raise SystemExit("%s: last %s\n%s" % (self.process.args, told, "\n".join(self.lines)))

    def await_ready(self, seeding=True):
        self.poll(lambda: self.progress() in ([(True, True)] if seeding else [(True, True), (True, False)]))
        return self

    def await_exit(self):
        self.poll(lambda: self.progress() == (True, True))
        finished = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        cpu = super().await_exit()
        self.finished = finished
        return cpu

    def end(self):
        super().end()
        shutil.rmtree(self.home, ignore_errors=True)


class Rtorrent(Daemon):
    """XML-RPC over SCGI. It does nothing without a tracker, and learns of its peer from that."""

    ENCRYPTION = {"plain": "none", "rc4": "allow_incoming,try_outgoing,require,require_RC4"}

    def __init__(self, torrent, folder, port, encryption, scratch):
        home = tempfile.mkdtemp(dir=scratch)
        self.scgi = home + "/scgi"
        os.mkdir(home + "/session")
        with open(home + "/rc", "w") as out:
            out.write("\n".join([
                "system.daemon.set = true", "network.port_range.set = %d-%d" % (port, port), "network.port_random.set = no",
                "network.bind_address.set = 127.0.0.1", "network.local_address.set = 127.0.0.1", "dht.mode.set = disable",
                "protocol.pex.set = no", "trackers.use_udp.set = no", "pieces.hash.on_completion.set = no",
                "protocol.encryption.set = " + self.ENCRYPTION[encryption], "session.path.set = %s/session" % home,
                "directory.default.set = " + folder, "network.scgi.open_local = " + self.scgi, ""]))
        super().__init__(["rtorrent", "-n", "-o", "import=%s/rc" % home], home)
        self.poll(lambda: self.call("system.pid"))
        self.call("load.start", "", torrent)

    def progress(self):
        said = self.call("d.multicall2", "", "main", "d.hashing=", "d.is_active=", "d.complete=")
        return (said[0][:2] == [0, 1], said[0][2] == 1) if said else (False, False)

    def call(self, method, *parameters):
        body = xmlrpc.client.dumps(parameters, method).encode()
        head = b"CONTENT_LENGTH\0%d\0SCGI\x001\0" % len(body)
        with socket.socket(socket.AF_UNIX) as channel:
            channel.settimeout(10)
            channel.connect(self.scgi)
            channel.sendall(b"%d:%s,%s" % (len(head), head, body))
            with channel.makefile("rb") as answer:
                return xmlrpc.client.loads(answer.read().split(b"\r\n\r\n", 1)[1])[0][0]


class Transmission(Daemon):
    """JSON over HTTP. It dials no peer on the loopback: to get, it must be dialled."""

    CHECKED_AND_DOWNLOADING = 4
    ENCRYPTION = {"plain": 0, "rc4": 2}

    def __init__(self, torrent, folder, port, encryption, scratch, rpc_port):
        home = tempfile.mkdtemp(dir=scratch)
        self.rpc_port, self.session_id = rpc_port, ""
        with open(home + "/settings.json", "w") as out:
            json.dump({
                "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1", "peer-port": port,
                "peer-port-random-on-start": False, "port-forwarding-enabled": False, "dht-enabled": False,
                "lpd-enabled": False, "pex-enabled": False, "utp-enabled": False, "encryption": self.ENCRYPTION[encryption],
                "incomplete-dir-enabled": False, "rename-partial-files": False, "ratio-limit-enabled": False,
                "idle-seeding-limit-enabled": False, "speed-limit-up-enabled": False, "speed-limit-down-enabled": False,
                "rpc-enabled": True, "rpc-bind-address": "127.0.0.1", "rpc-port": rpc_port,
                "rpc-authentication-required": False, "rpc-whitelist-enabled": False, "rpc-host-whitelist-enabled": False}, out)
        super().__init__(["transmission-daemon", "-f", "-g", home], home)
        self.poll(lambda: self.call("session-get", fields=["version"]))
        self.call("torrent-add", filename=torrent, **{"download-dir": folder, "paused": False})

    def progress(self):
        told = self.call("torrent-get", fields=["status", "leftUntilDone", "sizeWhenDone", "error", "errorString"])["torrents"]
        if not told:
            return False, False
        if told[0]["error"] == 3:
            raise SystemExit("transmission: " + told[0]["errorString"])
        checked = told[0]["status"] >= self.CHECKED_AND_DOWNLOADING and told[0]["sizeWhenDone"] > 0
        return checked, checked and told[0]["leftUntilDone"] == 0

    def call(self, method, **arguments):
        for _ in range(2):
            connection = http.client.HTTPConnection("127.0.0.1", self.rpc_port, timeout=10)
            connection.request("POST", "/transmission/rpc", json.dumps({"method": method, "arguments": arguments}),
                               {"X-Transmission-Session-Id": self.session_id})
            response = connection.getresponse()
            body = response.read()
            connection.close()
            if response.status == 200:
                told = json.loads(body)
                if told["result"] != "success":
                    raise SystemExit("transmission: %s" % told)
                return told["arguments"]
            # its way of telling a browser apart: say it again, with the id that came with the refusal
            self.session_id = response.getheader("X-Transmission-Session-Id", "")
        raise SystemExit("transmission: %d" % response.status)
