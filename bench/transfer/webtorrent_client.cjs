// One torrent in webtorrent: webtorrent_client.cjs seed|get TORRENT FOLDER PORT PEER_PORT
const [what, torrentFile, folder, port, peer] = process.argv.slice(2)
const WebTorrent = require('webtorrent')
const client = new WebTorrent({ dht: false, lsd: false, utp: false, tracker: false, natUpnp: false, natPmp: false, torrentPort: +port })
client.add(torrentFile, { path: folder }, torrent => {
  if (what === 'seed') {
    const ready = () => { if (torrent.progress === 1 && client.listening) console.log('READY'); else setTimeout(ready, 20) }
    ready()
    process.stdin.resume()
    process.stdin.on('end', () => process.exit(0))
  } else {
    console.log('READY')
    torrent.on('done', () => { console.log('DONE'); client.destroy(() => process.exit(0)) })
    torrent.addPeer('127.0.0.1:' + peer)
  }
})
