// Makes the samples of wrappings for which no real output was at hand, from the real samples. Run it after a change: node scripts/derive-samples.mjs
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exportSamples } from './derive-exports.mjs'
import { pasteSamples } from './derive-pastes.mjs'
import { wrappingSamples } from './derive-wrappings.mjs'

const root = join(import.meta.dirname, '..', 'samples')
const read = (name) => readFileSync(join(root, name), 'utf8')
const linesOf = (name) => read(name).trimEnd().split('\n')

/** The kernel's entries of one incident: text, both clocks, severity. */
const entries = linesOf('journal-json/container-limit.json')
  .map((line) => JSON.parse(line))
  .filter((entry) => entry._TRANSPORT === 'kernel' && entry.SYSLOG_FACILITY === '0')
  .map((entry) => ({
    text: entry.MESSAGE,
    wallUs: Number(entry.__REALTIME_TIMESTAMP),
    uptimeUs: Number(entry._SOURCE_MONOTONIC_TIMESTAMP),
    severity: Number(entry.PRIORITY),
    host: entry._HOSTNAME,
  }))
const kubelet = linesOf('syslog-rfc3164/kubelet.log').map((line) => line.replace(/^\S+ +\d+ \S+ \S+ kubelet\[\d+\]: /, ''))
const containerd = linesOf('syslog-rfc3339/containerd.log').flatMap((line) => /containerd\[\d+\]: (time=.*)$/.exec(line)?.[1] ?? [])
const dmesg = linesOf('dmesg/container-limit.txt')

const samples = { ...wrappingSamples({ entries, kubelet, containerd }), ...exportSamples({ entries, kubelet }), ...pasteSamples({ dmesg }) }
for (const [name, text] of Object.entries(samples)) {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}
console.log(`${Object.keys(samples).length} samples`)
