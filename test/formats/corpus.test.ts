import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeCorpus } from '../corpus.ts'
import { decode, kernelLines } from './decoding.ts'

/** What the corpus' README says each file is. */
const wrappings: Readonly<Record<string, readonly string[]>> = {
  'dmesg.txt': ['dmesg'],
  'dmesg-busybox.txt': ['dmesg'],
  'dmesg-T.txt': ['dmesg-ctime'],
  'dmesg-iso.txt': ['dmesg-iso'],
  'dmesg-x.txt': ['dmesg-decode'],
  'dmesg-r.txt': ['dmesg-raw'],
  'dmesg-J.json': ['dmesg-json'],
  'dmesg-d.txt': ['dmesg-delta'],
  'dmesg-e.txt': ['dmesg-reltime'],
  'dmesg-H.txt': ['dmesg-reltime'],
  'dmesg-reltime.txt': ['dmesg-reltime'],
  'kmsg.raw': ['kmsg'],
  'serial-console.log': ['dmesg', 'serial-console'],
  'journal-k.json': ['journal-json'],
  'journal-all.json': ['journal-json'],
  'journal-k.json-seq.txt': ['journal-json'],
  'journal-k.pretty.json': ['journal-json-pretty'],
  'journal-k.export': ['journal-export'],
  'journal-k.verbose.txt': ['journal-verbose'],
  'journal-k.cat.txt': ['plain'],
  'journal-k.short.txt': ['syslog-rfc3164'],
  'journal-k.short-precise.txt': ['syslog-rfc3164'],
  'journal-k.no-hostname.short.txt': ['syslog-rfc3164'],
  'journal-all.short-precise.txt': ['syslog-rfc3164'],
  'journal-k.short-iso.txt': ['syslog-rfc3339'],
  'journal-k.utc.short-iso.txt': ['syslog-rfc3339'],
  'journal-k.short-iso-precise.txt': ['syslog-rfc3339'],
  'journal-k.short-full.txt': ['journal-short-full'],
  'journal-k.with-unit.txt': ['journal-short-full'],
  'journal-k.short-unix.txt': ['journal-short-unix'],
  'journal-k.short-monotonic.txt': ['journal-short-monotonic'],
  'journal-k.short-delta.txt': ['journal-short-monotonic'],
  'kern.log': ['syslog-rfc3339'],
  syslog: ['syslog-rfc3339'],
  'kern.log.trad': ['syslog-rfc3164'],
  'syslog.trad': ['syslog-rfc3164'],
}

describeCorpus('every wrapping of every incident', (root) => {
  const lab = join(root, 'lab')
  for (const incident of readdirSync(lab).filter((name) => existsSync(join(lab, name, 'truth.json')))) {
    it(incident, () => {
      const files = readdirSync(join(lab, incident)).filter((name) => name in wrappings)
      const reference = ['journal-k.json', 'kmsg.raw', 'dmesg.txt'].find((name) => files.includes(name))
      if (reference === undefined) return
      const wanted = fromFirstReport(kernelLines(decode(readFileSync(join(lab, incident, reference), 'utf8')).records))
      for (const name of files) {
        const text = readFileSync(join(lab, incident, name), 'utf8')
        if (text.trim() === '') continue
        const { format, records, misses } = decode(text)
        expect(wrappings[name], `${incident}/${name}`).toContain(format.id)
        if (format.id !== 'serial-console') expect(misses, `${incident}/${name}`).toEqual([])
        const told = new Set(kernelLines(records))
        // Loggers lose lines and cut long records: what is not in the text cannot be decoded from it.
        const lost = wanted.filter((line) => !told.has(line) && text.includes(line))
        expect(lost, `${incident}/${name}`).toEqual([])
      }
    })
  }
})

function fromFirstReport(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.includes('invoked oom-killer'))
  // Programs speak in the kernel's buffer too (journald at boot and sync): wrappings with identifiers name them.
  return first === -1 ? [] : lines.slice(first).filter((line) => !/^[\w-]+\[\d+\]: /.test(line))
}
