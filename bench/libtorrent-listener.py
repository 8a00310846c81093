#!/usr/bin/env python3
"""A libtorrent seeder to whom many connect: says "listening PORT INFO-HASH", and answers each line with what it costs."""
import ctypes
import os
import shutil
import sys
import tempfile
import time

import libtorrent as lt

PIECES, PIECE = 1000, 64 << 10

folder = tempfile.mkdtemp()
try:
    with open(os.path.join(folder, "content"), "wb") as content:
        content.truncate(PIECES * PIECE)
    files = lt.file_storage()
    lt.add_files(files, os.path.join(folder, "content"))
    made = lt.create_torrent(files, PIECE, flags=lt.create_torrent.v1_only)
    lt.set_piece_hashes(made, folder)
    info = lt.torrent_info(lt.bdecode(lt.bencode(made.generate())))
    session = lt.session(
        {
            "listen_interfaces": "127.0.0.1:0",
            "enable_dht": False,
            "enable_lsd": False,
            "enable_upnp": False,
            "enable_natpmp": False,
            "enable_incoming_utp": False,
            "enable_outgoing_utp": False,
            "connections_limit": 30000,
            "allow_multiple_connections_per_ip": True,
            "listen_queue_size": 4096,
            "max_peerlist_size": 0,
            "connection_speed": 0,
            "peer_timeout": 3600,
            "inactivity_timeout": 3600,
            "close_redundant_connections": False,
        }
    )
    added = lt.add_torrent_params()
    added.ti, added.save_path = info, folder
    added.flags |= lt.torrent_flags.seed_mode
    added.flags &= ~lt.torrent_flags.auto_managed
    added.flags &= ~lt.torrent_flags.paused
    added.max_connections = 30000
    torrent = session.add_torrent(added)
    while not session.is_listening() or not torrent.status().is_seeding:
        time.sleep(0.1)
    print("listening", session.listen_port(), info.info_hash(), flush=True)
    for line in sys.stdin:
        if line.startswith("trim"):
            ctypes.CDLL(None).malloc_trim(0)  # what is free goes back to the system
        with open("/proc/self/status") as status:
            anonymous = next(int(l.split()[1]) << 10 for l in status if l.startswith("RssAnon"))
        cpu = time.process_time_ns()
        loop = cpu - time.thread_time_ns()  # all but this thread
        print("open", torrent.status().num_peers, "cpu", cpu, "loop", loop, "anonymous", anonymous, flush=True)
finally:
    shutil.rmtree(folder)
