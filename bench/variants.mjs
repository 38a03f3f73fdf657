// Other inputs to measure with: one report with a long task table, a log of many kills, and a journal of the node log.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { BOOT_US, nodeLog, reports } from './generate.mjs'

const front = (us) => `[${(us / 1e6).toFixed(6).padStart(12)}] `

/** dmesg of one node-wide report whose table has `tasks` rows; the victim is the largest. */
export function writeTaskTable(path, tasks) {
  const report = reports().find((lines) => lines.some(({ text }) => text.startsWith('Out of memory: Killed process')))
  const head = report.findIndex(({ text }) => text.startsWith('[  pid  ]'))
  const rowOf = (k) =>
    `[${String(20_000 + k).padStart(7)}] ${String(1000 + (k % 7)).padStart(5)} ${String(20_000 + k).padStart(5)} ${String(4000 + k).padStart(8)} ${String(300 + (k % 900)).padStart(8)}    ${String(61_440)}        0             0 worker-${k % 50}`
  const rows = Array.from({ length: tasks }, (_, k) => ({ afterUs: 40_000 + k, text: rowOf(k) }))
  const lines = [...report.slice(0, head + 1), ...rows, ...report.slice(head + 1)]
  writeFileSync(path, lines.map(({ afterUs, text }) => front(9e8 + afterUs) + text).join('\n'))
}

/** Lines of the k-th of memory cgroup kills a second apart, as dmesg has them. */
export function killReports() {
  const report = reports().find((lines) => lines.some(({ text }) => text.startsWith('Memory cgroup out of memory: Killed process')))
  // One and the same process in its row, in the summary and in the kill: told apart by line, they would be another's.
  const [, victim] = report.map(({ text }) => /Killed process (\d+)/.exec(text)).find((found) => found !== null)
  const its = new RegExp(`\\b${victim}\\b`, 'g')
  return (k) => report.map(({ afterUs, text }) => front(1e9 + k * 1e6 + afterUs) + text.replace(its, String(10_000 + k)))
}

/** dmesg of so many of them. */
export function writeKills(path, kills) {
  const one = killReports()
  writeFileSync(path, Array.from({ length: kills }, (_, k) => one(k).join('\n')).join('\n'))
}

/** The node log as a binary journal, made by Debian's systemd-journal-remote from an export stream; `null` where that is not installed. */
export async function writeJournal(path, options) {
  const child = spawn('/usr/lib/systemd/systemd-journal-remote', ['--split-mode=none', '-o', path, '-'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const failed = await Promise.race([once(child, 'error').then(() => true), once(child, 'spawn').then(() => false)])
  if (failed) return null
  const closed = once(child, 'close')
  for (const piece of nodeLog(options)) {
    const entries = piece.toString('latin1').trimEnd().split('\n').map(exported).join('')
    if (!child.stdin.write(entries)) await once(child.stdin, 'drain')
  }
  child.stdin.end()
  await closed
  return path
}

function exported(line) {
  const { realtimeUs, monotonicUs, fields } = entryOf(line)
  const own = [
    ['__REALTIME_TIMESTAMP', realtimeUs],
    ['__MONOTONIC_TIMESTAMP', monotonicUs],
    ['_BOOT_ID', '0123456789abcdef0123456789abcdef'],
  ]
  return `${[...own, ...fields].map(([name, value]) => `${name}=${value}`).join('\n')}\n\n`
}

/** A line of the node log as the entry that journald would make of it. */
export function entryOf(line) {
  const [stamp, host, rest] = [line.slice(0, 32), line.slice(33, 42), line.slice(43)]
  const realtimeUs = Date.parse(stamp.slice(0, 19).concat('Z')) * 1000 + Number(stamp.slice(20, 26))
  const found = /^(\S+?)(?:\[(\d+)\])?: (?:\[ *(\d+)\.(\d+)\] )?(.*)$/.exec(rest)
  const [, identifier = 'app', pid, seconds, micros, message = rest] = found ?? []
  const kernel = identifier === 'kernel'
  const fields = [
    ['_HOSTNAME', host],
    ['_TRANSPORT', kernel ? 'kernel' : 'stdout'],
    ['PRIORITY', '6'],
    ['SYSLOG_IDENTIFIER', identifier],
    ...(kernel
      ? [
          ['SYSLOG_FACILITY', '0'],
          ['_SOURCE_MONOTONIC_TIMESTAMP', `${Number(seconds) * 1e6 + Number(micros)}`],
        ]
      : [['_SYSTEMD_UNIT', `${identifier}.service`]]),
    ...(pid === undefined ? [] : [['_PID', pid]]),
    ['MESSAGE', message],
  ]
  return { realtimeUs, monotonicUs: realtimeUs - BOOT_US, fields }
}

/** `kubectl get pods -A -o yaml` of a cluster: the sample's pods, each as another one. */
export function writePods(file, count) {
  const list = readFileSync(new URL('../samples/manifests/pods-list.yaml', import.meta.url), 'utf8')
  const [head, ...pods] = list.split(/^(?=- )/m)
  const last = pods.at(-1)?.search(/^\w/m) ?? -1
  const tail = last === -1 ? '' : pods.at(-1).slice(last)
  if (last !== -1) pods[pods.length - 1] = pods.at(-1).slice(0, last)
  const one = (index) => pods[index % pods.length].replace(/^( +(?:name|uid): )/gm, `$1${index}-`)
  writeFileSync(file, head + Array.from({ length: count }, (_, index) => one(index)).join('') + tail)
}
