'use strict'

// What the two ends, original.js and webtorrent.mjs, have in common: the command line, the lines of
// JSON on stdin and stdout, the socket, and the peer's requests that wait for a response.

const crypto = require('crypto')
const net = require('net')
const readline = require('readline')

const say = what => process.stdout.write(JSON.stringify(what) + '\n')
const digest = block => crypto.createHash('sha1').update(block).digest('hex')

// connect|listen HOST:PORT and what follows; ends the process if it is something else.
const commandLine = (usage, isMore = () => true) => {
  const [mode, where = '', ...more] = process.argv.slice(2)
  const colon = where.lastIndexOf(':')
  const host = where.slice(0, colon)
  const port = Number(where.slice(colon + 1))
  if (!['connect', 'listen'].includes(mode) || !host.startsWith('127.') || !(port >= 0) || !isMore(...more)) {
    process.stderr.write(`usage: node ${usage} (HOST in 127.0.0.0/8)\n`)
    process.exit(2)
  }
  return { mode, host, port, more }
}

// Requests of the peer that nobody has responded to.
const waiting = []

const requested = (piece, offset, length, respond) => {
  waiting.push({ piece, offset, length, respond })
  say({ event: 'request', piece, offset, length })
}

// Who may respond to a request is found by its numbers, the oldest first.
const take = command => {
  const index = waiting.findIndex(request => ['piece', 'offset', 'length'].every(
    field => request[field] === command[field]))
  if (index < 0) throw new Error('no such request')
  return waiting.splice(index, 1)[0]
}

// Asks for a block and tells what became of it.
const request = (wire, { piece, offset, length }) =>
  wire.request(piece, offset, length, (error, block) => {
    if (error) say({ event: 'request-failed', piece, offset, length, error: error.message })
    else say({ event: 'request-done', piece, offset, length, sha1: digest(block) })
  })

const obey = (verbs, line) => {
  const command = JSON.parse(line)
  try {
    verbs[command.do](command)
    say({ event: 'did', do: command.do })
  } catch (error) {
    say({ event: 'failed', do: command.do, error: error.message })
  }
}

// Joins the wire with a socket and does what stdin says.
const run = ({ mode, host, port }, wire, verbs) => {
  const talk = socket => {
    say({ event: 'connected' })
    socket.on('error', error => say({ event: 'socket-error', error: error.message }))
    socket.on('close', () => say({ event: 'socket-close' }))
    socket.pipe(wire).pipe(socket)
    readline.createInterface({ input: process.stdin })
      .on('line', line => obey(verbs, line))
      .on('close', () => socket.destroy()) // whoever told us what to do is gone
  }
  if (mode === 'connect') {
    const socket = net.connect(port, host, () => talk(socket))
    socket.once('error', error => {
      process.stderr.write(error.message + '\n')
      process.exitCode = 1
    })
  } else {
    const server = net.createServer(socket => {
      server.close() // one is enough
      talk(socket)
    })
    server.listen(port, host, () => say({ event: 'listening', port: server.address().port }))
  }
}

module.exports = { say, digest, commandLine, requested, take, request, run }
