// The node modules bittorrent-protocol, ut_metadata and ut_pex at one end of a TCP connection.
//
//   node webtorrent.mjs connect HOST:PORT [ENCRYPTION]
//   node webtorrent.mjs listen HOST:PORT [ENCRYPTION]    one connection; {"event":"listening","port":n}
//
// ENCRYPTION is the module's: 0 none (the default), 1 the handshake encrypted and plaintext after it
// if there is a choice, 2 RC4 only. As in original.js, each event is a JSON line, {"event": name, ...},
// and each JSON line on stdin, {"do": verb, ...}, calls a verb and is answered by
// {"event":"did","do":verb}, or "failed" if the module threw. Bytes are hex.
//
// Two things about the modules that one has to know:
// - ut_pex sends what changed every 65 s and has no way to be asked for it. The verb "pex-send" calls
//   what its timer calls.
// - who has said have-all has an endless bitfield: "peerPieces" in the state is "all" then.

import bencode from 'bencode'
import Wire from 'bittorrent-protocol'
import utMetadata from 'ut_metadata'
import utPex from 'ut_pex'
import end from './end.js'

const { say, digest, commandLine, requested, take, request, run } = end
const bytes = hex => new Uint8Array(Buffer.from(hex, 'hex'))
const hex = buffer => Buffer.from(buffer).toString('hex')

// What came out of bencode as JSON: strings are bytes there.
const plain = value => {
  if (ArrayBuffer.isView(value)) return Buffer.from(value).toString('latin1')
  if (Array.isArray(value)) return value.map(plain)
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
  }
  return value
}

const where = commandLine('webtorrent.mjs connect|listen HOST:PORT [0|1|2]',
  (encryption = '0') => ['0', '1', '2'].includes(encryption))
const encryption = Number(where.more[0] || '0')
const wire = new Wire(where.mode === 'connect' ? 'tcpOutgoing' : 'tcpIncoming', encryption)

const pieces = () => {
  if (wire.peerPieces.length === undefined) return 'all'
  return [...Array(wire.peerPieces.length).keys()].filter(piece => wire.peerPieces.get(piece))
}

const list = requests => requests.map(({ piece, offset, length }) => ({ piece, offset, length }))

const verbs = {
  // Before the handshake: what is used is said in the extension handshake.
  'use-metadata': c => {
    wire.use(utMetadata(c.info ? bytes(c.info) : undefined))
    wire.ut_metadata.on('metadata', torrent => say({ event: 'metadata', torrent: hex(torrent) }))
    wire.ut_metadata.on('warning', error => say({ event: 'metadata-warning', error: error.message }))
  },
  'use-pex': () => {
    wire.use(utPex())
    wire.ut_pex.on('peer', (address, flags) => say({ event: 'pex-peer', address, flags }))
    wire.ut_pex.on('dropped', address => say({ event: 'pex-dropped', address }))
    wire.ut_pex.on('warning', error => say({ event: 'pex-warning', error: error.message }))
  },
  'extension-fields': c => Object.assign(wire.extendedHandshake, c.fields),
  'start-encryption': c => wire.startEncryption(c.infoHash),
  'set-info-hash': c => wire.setInfoHash(c.infoHash),
  handshake: c => wire.handshake(c.infoHash, c.peerId, { dht: !!c.dht, fast: !!c.fast }),

  choke: () => wire.choke(),
  unchoke: () => wire.unchoke(),
  interested: () => wire.interested(),
  uninterested: () => wire.uninterested(),
  have: c => wire.have(c.piece),
  bitfield: c => wire.bitfield(bytes(c.bits)),
  'have-all': () => wire.haveAll(),
  'have-none': () => wire.haveNone(),
  suggest: c => wire.suggest(c.piece),
  'allowed-fast': c => wire.allowedFast(c.piece),
  request: c => request(wire, c),
  cancel: c => wire.cancel(c.piece, c.offset, c.length),
  respond: c => take(c).respond(null, bytes(c.block)),
  refuse: c => take(c).respond(new Error('told to')),
  port: c => wire.port(c.port),
  'keep-alive': () => wire.keepAlive(),
  extended: c => wire.extended(c.id, bytes(c.payload)),
  'extended-value': c => wire.extended(c.name, bencode.encode(c.value)),

  'metadata-fetch': () => wire.ut_metadata.fetch(),
  'pex-add': c => wire.ut_pex[c.address.startsWith('[') ? 'addPeer6' : 'addPeer'](c.address, c.flags),
  'pex-drop': c => wire.ut_pex[c.address.startsWith('[') ? 'dropPeer6' : 'dropPeer'](c.address),
  'pex-send': () => wire.ut_pex._sendMessage(),

  destroy: () => wire.destroy(),
  state: () => say({
    event: 'state',
    amChoking: wire.amChoking,
    amInterested: wire.amInterested,
    peerChoking: wire.peerChoking,
    peerInterested: wire.peerInterested,
    peerPieces: pieces(),
    requests: list(wire.requests),
    peerRequests: list(wire.peerRequests),
    uploaded: wire.uploaded,
    downloaded: wire.downloaded,
    fast: wire.hasFast,
    peerAllowedFast: wire.peerAllowedFastSet,
    peerExtensions: wire.peerExtendedMapping,
    encryption: wire._encryptionMethod || 0
  })
}

for (const event of ['choke', 'unchoke', 'interested', 'uninterested', 'keep-alive', 'timeout',
  'have-all', 'have-none', 'crypto-handshake', 'close', 'finish']) {
  wire.on(event, () => say({ event }))
}
wire.on('crypto-infohash', key => say({ event: 'crypto-infohash', key }))
wire.on('handshake', (infoHash, peerId, { dht, fast, extended }) =>
  say({ event: 'handshake', infoHash, peerId, dht, fast, extended }))
wire.on('bitfield', bits => say({ event: 'bitfield', bits: hex(bits.buffer) }))
wire.on('have', piece => say({ event: 'have', piece }))
wire.on('suggest', piece => say({ event: 'suggest', piece }))
wire.on('allowed-fast', piece => say({ event: 'allowed-fast', piece }))
wire.on('request', requested)
wire.on('cancel', (piece, offset, length) => say({ event: 'cancel', piece, offset, length }))
wire.on('reject', (piece, offset, length) => say({ event: 'reject', piece, offset, length }))
wire.on('piece', (piece, offset, block) =>
  say({ event: 'piece', piece, offset, length: block.length, sha1: digest(block) }))
wire.on('port', dht => say({ event: 'port', port: dht }))
wire.on('extended', (name, payload) => {
  if (name === 'handshake') say({ event: 'extension-handshake', fields: plain(payload) })
  else say({ event: 'extended', name, length: payload.length })
})
wire.on('unknownmessage', message => say({ event: 'unknownmessage', message: hex(message) }))
wire.on('error', error => say({ event: 'wire-error', error: error.message }))

run(where, wire, verbs)
