// One torrent in webtorrent: webtorrent_client.cjs seed|get TORRENT FOLDER PORT PEER_PORT plain|rc4
// A seeder dials if PEER_PORT is not 0.
const [what, torrentFile, folder, port, peer, encryption] = process.argv.slice(2)
const WebTorrent = require('webtorrent')
const client = new WebTorrent({
  dht: false, lsd: false, utp: false, tracker: false, natUpnp: false, natPmp: false,
  torrentPort: +port, secure: encryption === 'rc4'
})
client.add(torrentFile, { path: folder }, torrent => {
  if (what === 'seed') {
    const ready = () => {
      if (torrent.progress !== 1 || !client.listening) return setTimeout(ready, 20)
      console.log('READY')
      if (peer !== '0') torrent.addPeer('127.0.0.1:' + peer)
    }
    ready()
    process.stdin.resume()
    process.stdin.on('end', () => process.exit(0))
  } else {
    console.log('READY')
    torrent.on('done', () => { console.log('DONE'); client.destroy(() => process.exit(0)) })
    torrent.addPeer('127.0.0.1:' + peer)
  }
})
