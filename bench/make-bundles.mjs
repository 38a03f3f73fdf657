// Writes support bundles from a seed: real kernel reports (bench/reports) under the clock, host, pids and workload of each bundle, within ordinary lines.
// Alone: node bench/make-bundles.mjs FOLDER COUNT [SEED]
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomOf, reports } from './generate.mjs'

const FIRST_MS = Date.UTC(2026, 9, 26, 0, 0, 0)
const SPAN_MS = 14 * 86_400_000
const pods = ['checkout', 'cart', 'search', 'pricing', 'ledger', 'media-transcode', 'report-batch', 'gateway', 'thumbs', 'invoice-worker']
const chatter = [
  (r) =>
    `kubelet[912]: I1103 10:00:00.000000     912 kubelet.go:2453] "SyncLoop (PLEG): event for pod" pod="shop/web-${Math.floor(r() * 1e5)}"`,
  (r) => `systemd[1]: session-${Math.floor(r() * 9000)}.scope: Deactivated successfully.`,
  (r) =>
    `sshd[${1000 + Math.floor(r() * 9000)}]: Connection closed by 10.0.3.${Math.floor(r() * 255)} port ${30000 + Math.floor(r() * 30000)}`,
  (r) => `containerd[688]: time="2026-11-03T10:00:00Z" level=info msg="lobby room ${Math.floor(r() * 1e6)} cleaned"`,
]
const known = reports()

const hex = (random, digits) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
const stamp = (ms) => new Date(ms).toISOString().replace('Z', '000+00:00')

/** Another machine's same trouble: pids and pod uids are changed alike in all lines, so that the report stays one. */
function disguised(lines, random) {
  const shift = 1 + Math.floor(random() * 20_000)
  const uids = new Map()
  const uid = (found) => {
    if (!uids.has(found))
      uids.set(
        found,
        found.replace(/[0-9a-f]/g, () => hex(random, 1)),
      )
    return uids.get(found)
  }
  const pid = (n) => String(n === '1' || n === '0' ? n : Number(n) + shift)
  return lines.map((line) =>
    line
      .replace(/[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|\b[0-9a-f]{64}\b/g, uid)
      .replace(/(\bpid=|\bPID: |Killed process |reaped process )(\d+)/g, (_, before, n) => before + pid(n))
      .replace(/^\[ *(\d+)\](?= +\d+ +\d+ )/, (_, n) => `[${pid(n).padStart(7)}]`),
  )
}

/** One bundle's `kern.log`: a day of a node with one report in it (every eighth has none), and pods.json of its node where `wide`. */
export function bundleText(n, random) {
  const host = `node-${String(Math.floor(random() * 400)).padStart(3, '0')}-${n}`
  const start = FIRST_MS + Math.floor(random() * SPAN_MS)
  const lines = []
  const say = (ms, text) => lines.push(`${stamp(ms)} ${host} ${text}`)
  for (let k = 0; k < 300; k += 1) say(start + k * 60_000, chatter[Math.floor(random() * chatter.length)](random))
  if (n % 8 !== 7) {
    const report = known[Math.floor(random() * known.length)]
    const at = start + 301 * 60_000
    const uptime = 1000 + random() * 90_000
    const texts = disguised(
      report.map((r) => r.text),
      random,
    )
    report.forEach(({ afterUs }, k) => {
      const s = uptime + afterUs / 1e6
      say(at + Math.floor(afterUs / 1000), `kernel: [${s.toFixed(6).padStart(12)}] ${texts[k]}`)
    })
  }
  for (let k = 310; k < 400; k += 1) say(start + k * 60_000, chatter[Math.floor(random() * chatter.length)](random))
  return `${lines.join('\n')}\n`
}

/** COUNT folders, `bundle-00001/kern.log` and a hint of the workload in `bundle-00001/notes.txt`. The same seed, the same bytes. */
export function makeBundles(folder, count, seed = 8) {
  const random = randomOf(seed)
  let bytes = 0
  for (let n = 0; n < count; n += 1) {
    const dir = path.join(folder, `bundle-${String(n + 1).padStart(5, '0')}`)
    mkdirSync(dir, { recursive: true })
    const text = bundleText(n, random)
    writeFileSync(path.join(dir, 'kern.log'), text)
    writeFileSync(path.join(dir, 'notes.txt'), `collected for ${pods[n % pods.length]}\n`)
    bytes += text.length
  }
  return bytes
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, count = '500', seed = '8'] = process.argv.slice(2)
  if (folder === undefined) throw new Error('usage: make-bundles.mjs FOLDER COUNT [SEED]')
  console.log(`${count} bundles, ${(makeBundles(folder, Number(count), Number(seed)) / 1048576).toFixed(1)} MiB in ${folder}`)
}
