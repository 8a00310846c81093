'use strict'

// The original, the node module peer-wire-protocol, at one end of a TCP connection.
//
//   node original.js connect HOST:PORT
//   node original.js listen HOST:PORT       one connection; says {"event":"listening","port":n}
//
// Each event of its wire is printed as a JSON line, {"event": name, ...}. Each JSON line on stdin,
// {"do": verb, ...}, calls a verb; each is answered by {"event":"did","do":verb} when the call has
// returned, so that the order of what was said and what was heard can be told. Bytes are hex.
//
// Two things about the module that one has to know:
// - bitfield(buffer): it also takes a bitfield object, and tells one by its property "buffer", which
//   a Buffer of today's node has too. It would send a length of 0 and the id alone, so it gets
//   an object with a buffer here.
// - setKeepAlive(true) sends the first keep-alive after 60 s. The verb "keep-alive" here pushes the
//   same four zero bytes at once, through the module's own _push.

const pwp = require('peer-wire-protocol')
const { say, digest, commandLine, requested, take, request, run } = require('./end.js')

const bytes = hex => Buffer.from(hex, 'hex')
const hex = buffer => buffer.toString('hex')

const where = commandLine('original.js connect|listen HOST:PORT')
const wire = pwp()

const verbs = {
  handshake: c => wire.handshake(bytes(c.infoHash), bytes(c.peerId), { dht: !!c.dht }),
  choke: () => wire.choke(),
  unchoke: () => wire.unchoke(),
  interested: () => wire.interested(),
  uninterested: () => wire.uninterested(),
  have: c => wire.have(c.piece),
  bitfield: c => wire.bitfield({ buffer: bytes(c.bits) }),
  request: c => request(wire, c),
  cancel: c => wire.cancel(c.piece, c.offset, c.length),
  respond: c => take(c).respond(null, bytes(c.block)),
  port: c => wire.port(c.port),
  'keep-alive': () => wire._push(Buffer.alloc(4)),
  'set-keep-alive': c => wire.setKeepAlive(c.on),
  'set-timeout': c => wire.setTimeout(c.ms),
  extended: c => wire.extended(c.id, bytes(c.payload)),
  raw: c => wire._push(bytes(c.bytes)),
  destroy: () => wire.destroy(),
  state: () => say({
    event: 'state',
    amChoking: wire.amChoking,
    amInterested: wire.amInterested,
    peerChoking: wire.peerChoking,
    peerInterested: wire.peerInterested,
    peerPieces: wire.peerPieces.flatMap((has, piece) => has ? [piece] : []),
    requests: wire.requests.map(({ piece, offset, length }) => ({ piece, offset, length })),
    peerRequests: wire.peerRequests.map(({ piece, offset, length }) => ({ piece, offset, length })),
    uploaded: wire.uploaded,
    downloaded: wire.downloaded
  })
}

for (const event of ['choke', 'unchoke', 'interested', 'uninterested', 'keep-alive', 'timeout',
  'close', 'finish']) {
  wire.on(event, () => say({ event }))
}
wire.on('handshake', (infoHash, peerId, { dht, extended }) =>
  say({ event: 'handshake', infoHash: hex(infoHash), peerId: hex(peerId), dht, extended }))
wire.on('bitfield', bits => say({ event: 'bitfield', bits: hex(bits) }))
wire.on('have', piece => say({ event: 'have', piece }))
wire.on('request', requested)
wire.on('cancel', (piece, offset, length) => say({ event: 'cancel', piece, offset, length }))
wire.on('piece', (piece, offset, block) =>
  say({ event: 'piece', piece, offset, length: block.length, sha1: digest(block) }))
wire.on('port', dht => say({ event: 'port', port: dht }))
wire.on('download', length => say({ event: 'download', length }))
wire.on('upload', length => say({ event: 'upload', length }))
wire.on('extended', (id, payload) => say({ event: 'extended', id, payload: hex(payload) }))
wire.on('unknownmessage', message => say({ event: 'unknownmessage', message: hex(message) }))

run(where, wire, verbs)
