// Takes orders on stdin as Worker.java does: each line is a number of milliseconds of processor time; the answer is
// passes, nanoseconds, and -1 for the bytes allocated, which V8 does not tell.
import readline from 'node:readline'

export async function measure (pass) {
  console.log('ready')
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const micros = +line * 1000
    const from = process.cpuUsage()
    let passes = 0
    let spent = 0
    while (spent < micros) {
      await pass()
      passes++
      const usage = process.cpuUsage(from)
      spent = usage.user + usage.system
    }
    console.log(`${passes} ${spent * 1000} -1`)
  }
}
