"""One torrent in libtorrent: libtorrent_client.py seed|get TORRENT FOLDER PORT PEER_PORT plain|rc4

Says READY when it seeds or is about to dial, and, when it gets, ends once it has everything.
A seeder dials if PEER_PORT is not 0."""

import sys
import time

import libtorrent as lt

what, torrent, folder, port, peer, encryption = sys.argv[1:]
policy = {"plain": 2, "rc4": 0}[encryption]
session = lt.session({
    "listen_interfaces": "127.0.0.1:%s" % port,
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_incoming_utp": False, "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "in_enc_policy": policy, "out_enc_policy": policy, "allowed_enc_level": 2 if policy == 0 else 3, "prefer_rc4": True,
    "alert_mask": 0,
})
params = lt.add_torrent_params()
params.ti = lt.torrent_info(torrent)
params.save_path = folder
params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
handle = session.add_torrent(params)
if what == "seed":
    while not handle.status().is_seeding:
        time.sleep(0.02)
    print("READY", flush=True)
    if peer != "0":
        handle.connect_peer(("127.0.0.1", int(peer)))
    sys.stdin.read()
else:
    print("READY", flush=True)
    handle.connect_peer(("127.0.0.1", int(peer)))
    while not handle.status().is_seeding:
        time.sleep(0.01)
    print("DONE", flush=True)
    handle = None
    del session
