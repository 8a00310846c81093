// One node module in a process of its own, told what to do as Worker.java is:
//
//     node worker.mjs read|write MODULE STREAM CHUNK FILE
//
// measure.mjs says how it is asked.
import fs from 'node:fs'
import { measure } from './measure.mjs'

const [way, name, stream, chunkLength, file] = process.argv.slice(2)
const bytes = fs.readFileSync(file)
const BLOCK = Buffer.alloc(16384)
const INFO_HASH = Buffer.alloc(20, 0xab)
const PEER_ID = Buffer.from('-PW0100-bbbbbbbbbbbb')
const HANDSHAKE = Buffer.concat([Buffer.from('\u0013BitTorrent protocol'), Buffer.alloc(8), INFO_HASH, PEER_ID])

const module = await import(name)
const make = module.default
const wire = name === 'peer-wire-protocol' ? make() : new make('outgoing')
let seen = 0
for (const event of ['have', 'request', 'cancel', 'piece', 'unknownmessage']) wire.on(event, () => { seen++ })

const chunks = []
for (let at = 0; at < bytes.length; at += +chunkLength) chunks.push(bytes.subarray(at, at + +chunkLength))

// Streams of two makes: what both have is the method that takes a chunk and calls back.
let left = 0
let taken = () => {}
const take = wire._write
wire._write = function (chunk, ...rest) {
  const next = rest.pop()
  return take.call(this, chunk, ...rest, error => {
    next(error)
    if (--left === 0) taken()
  })
}

async function feed (parts) {
  left = parts.length
  const all = new Promise(resolve => { taken = resolve })
  for (const part of parts) wire.write(part)
  await all
}

const read = () => feed(chunks)

let sent = 0
let wanted = Infinity
let drained = () => {}
wire.on('data', part => {
  sent += part.length
  if (sent >= wanted) drained()
})

const ANSWERED = () => {}

function say () {
  if (stream === 'SMALL') {
    for (let i = 0; i < 2000; i++) {
      wire.have(i)
      ask(i, 0)
      wire.cancel(i, 0, 16384)
    }
    return
  }
  const rounds = stream === 'PIECE' ? 64 : 128
  for (let i = 0; i < rounds; i++) {
    if (stream === 'MIXED' && i % 2 === 0) ask(i, 16384)
    else wire.piece(i, 0, BLOCK)
    if (stream === 'MIXED' && i % 8 === 0) wire.have(i)
    if (stream === 'MIXED' && i % 32 === 0) {
      wire.amChoking = false
      wire.choke()
      wire.unchoke()
    }
  }
  if (stream === 'MIXED') wire.requests.length = 0
}

function ask (index, offset) {
  wire.peerChoking = false
  wire.request(index, offset, 16384, ANSWERED)
}

// A stream hands on what waits in later turns of the loop: a pass ends when all of it is out.
async function write () {
  sent = 0
  wanted = 1
  let once
  const first = new Promise(resolve => { once = resolve })
  drained = once
  say()
  await first
  await new Promise(setImmediate)
  if (sent * 1.05 < (stream === 'SMALL' ? bytes.length / 2 : bytes.length * 0.95)) throw new Error('only ' + sent + ' of ' + bytes.length)
}

if (way === 'read') {
  await feed([HANDSHAKE])
  wire.amChoking = false
} else {
  wire.handshake(INFO_HASH, PEER_ID, {})
  await new Promise(setImmediate)
}

const pass = way === 'read' ? read : write
await measure(async () => {
  await pass()
  if (wire.peerRequests && wire.peerRequests.length > 0) wire.peerRequests.length = 0
})
process.exit(seen === 0 && way === 'read' ? 1 : 0)
