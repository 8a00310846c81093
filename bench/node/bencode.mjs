// The node module `bencode` in a process of its own:
//
//     node bencode.mjs read|write FILE TIMES
//
// FILE is read, or what it holds is written, TIMES times a pass.
import fs from 'node:fs'
import bencode from 'bencode'
import { measure } from './measure.mjs'

const [way, file, times] = process.argv.slice(2)
const bytes = fs.readFileSync(file)
const value = bencode.decode(bytes)
if (!bytes.equals(bencode.encode(value))) throw new Error('something else was written')

const once = way === 'read' ? () => bencode.decode(bytes) : () => bencode.encode(value)
let kept

await measure(() => {
  for (let i = 0; i < +times; i++) kept = once()
})
process.exit(kept ? 0 : 1)
