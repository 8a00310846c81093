"""A libtorrent session on 127.0.0.1, told what to do by JSON lines on stdin.

    libtorrent_peer.py session PORT SETTINGS
                                        SETTINGS is a JSON object of settings beside ours. Each command {"id": n, "do": ..., ...} gets one line
                                        {"reply": n, ...}; what happens in between comes as
                                        {"event": ...}. The end of stdin ends it.
    libtorrent_peer.py create PATH TORRENT PIECE_LENGTH [v1|v2|hybrid]
                                        writes the .torrent of a file or folder, v1 unless told
                                        otherwise, prints what is in it,
                                        {"path": ..., "length": ...}, and is done.
    libtorrent_peer.py hashes TORRENT   prints its info-hashes as it sees them, {"v1": ..., "v2": ...}
"""

import json
import os
import queue
import sys
import threading

import libtorrent as lt

HOST = "127.0.0.1"


def say(**what):
    print(json.dumps(what), flush=True)


VERSIONS = {"v1": lt.create_torrent.v1_only, "v2": lt.create_torrent.v2_only, "hybrid": 0}


def hashes(torrent):
    hashes = lt.torrent_info(torrent).info_hashes()
    say(v1=str(hashes.v1) if hashes.has_v1() else "", v2=str(hashes.v2) if hashes.has_v2() else "")


def create(path, torrent, piece_length, version="v1"):
    files = lt.file_storage()
    parent = os.path.dirname(path)
    for file in walk(path):
        files.add_file(os.path.relpath(file, parent), os.path.getsize(file))
    maker = lt.create_torrent(files, int(piece_length), VERSIONS[version])
    lt.set_piece_hashes(maker, parent)
    with open(torrent, "wb") as out:
        out.write(lt.bencode(maker.generate()))
    for index in range(files.num_files()):
        say(path=files.file_path(index), length=files.file_size(index))


def walk(path):
    if not os.path.isdir(path):
        return [path]
    return sorted(os.path.join(folder, name)
                  for folder, _, names in os.walk(path) for name in names)


class Session:
    def __init__(self, port, settings):
        kinds = lt.alert.category_t
        self.session = lt.session(dict({
            "listen_interfaces": "%s:%d" % (HOST, int(port)),
            "enable_dht": False,
            "enable_lsd": False,
            "enable_upnp": False,
            "enable_natpmp": False,
            "enable_incoming_utp": False,
            "enable_outgoing_utp": False,
            "allow_multiple_connections_per_ip": True,
            "ssrf_mitigation": False,
            "unchoke_interval": 2,
            "min_reconnect_time": 1,
            "alert_queue_size": 100000,
            "alert_mask": kinds.error_notification | kinds.peer_notification
            | kinds.connect_notification | kinds.status_notification,
        }, **settings))
        self.handle = None
        self.running = True

    def run(self):
        commands = queue.Queue()
        reader = threading.Thread(target=self.read, args=(commands,), daemon=True)
        reader.start()
        while self.running:
            self.session.wait_for_alert(20)
            for alert in self.session.pop_alerts():
                self.report(alert)
            while not commands.empty():
                self.obey(commands.get())
        # Its destructor returns when all is written; nothing may run after that.
        self.handle = None
        del self.session

    def read(self, commands):
        for line in sys.stdin:
            commands.put(json.loads(line))
        commands.put({"id": 0, "do": "quit"})

    def report(self, alert):
        what = type(alert).__name__
        if isinstance(alert, (lt.peer_error_alert, lt.peer_disconnected_alert)):
            say(event=what, peer="%s:%d" % alert.endpoint, error=alert.error.message(),
                message=alert.message())
        elif isinstance(alert, lt.listen_succeeded_alert):
            say(event=what, port=alert.port)
        elif isinstance(alert, lt.stats_alert):
            pass
        else:
            say(event=what, message=alert.message())

    def obey(self, command):
        try:
            answer = getattr(self, "do_" + command["do"])(command)
        except Exception as problem:
            answer = {"failed": "%s: %s" % (type(problem).__name__, problem)}
        if self.running:
            say(reply=command["id"], **(answer or {}))

    def do_listening(self, command):
        return {"port": self.session.listen_port() if self.session.is_listening() else 0}

    def do_add(self, command):
        if command.get("magnet"):
            params = lt.parse_magnet_uri(command["magnet"])
        else:
            params = lt.add_torrent_params()
            params.ti = lt.torrent_info(command["torrent"])
        params.save_path = command["folder"]
        params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        self.handle = self.session.add_torrent(params)
        if command.get("upload_limit"):
            self.handle.set_upload_limit(command["upload_limit"])

    def do_connect(self, command):
        self.handle.connect_peer((command["host"], command["port"]))

    def do_status(self, command):
        status = self.handle.status()
        return {
            "info_hash": str(self.handle.info_hash()),
            "state": str(status.state),
            "seeding": status.is_seeding,
            "error": status.errc.message() if status.errc.value() else "",
            "total": status.total_wanted,
            "have": status.total_wanted_done,
            "uploaded": status.total_payload_upload,
            "downloaded": status.total_payload_download,
            "peers": ["%s:%d" % p.ip for p in self.handle.get_peer_info()],
        }

    def do_quit(self, command):
        self.running = False


if __name__ == "__main__":
    if sys.argv[1] == "create":
        create(*sys.argv[2:])
    elif sys.argv[1] == "hashes":
        hashes(sys.argv[2])
    else:
        Session(sys.argv[2], json.loads(sys.argv[3])).run()
