import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { kernelOom } from '../../../src/extract/kernel-oom/index.ts'
import { detectFormat } from '../../../src/formats/index.ts'
import type { LogRecord } from '../../../src/model/record.ts'
import { describeWholeCorpus, readJson } from '../../corpus.ts'
import { extractAll } from './plain-records.ts'

interface Expected {
  readonly kills: readonly Record<string, unknown>[]
  readonly alsoInLog?: readonly number[]
  readonly files: Readonly<Record<string, { readonly lossy?: boolean }>>
}
/** One file of each way to lay a record out: indented, a prefix a line, one line, the console. Every wrapping is the scorer's. */
const isKernelLog = /^(?:dmesg\.txt|kern\.log\.trad|journal-k\.json|kmsg\.raw|serial-console\.log|kernel\.log)$/

function recordsOf(path: string, name: string): LogRecord[] {
  const lines = readFileSync(path, 'utf8').replace(/\n$/, '').split(/\r?\n/)
  const records: LogRecord[] = []
  const decoder = detectFormat(lines.slice(0, 64)).decoder({ source: name, host: null })
  const emit = (record: LogRecord): void => void records.push(record)
  lines.forEach((text, at) => void decoder.push({ text, number: at + 1, offset: 0 }, emit))
  decoder.flush(emit)
  return records
}

describeWholeCorpus('kernel reports of the corpus', (root) => {
  for (const corpus of ['lab', 'public'])
    for (const incident of readdirSync(join(root, corpus))) {
      const place = join(root, corpus, incident)
      if (!existsSync(join(place, 'expect.json'))) continue
      // There no single file knows who wrote the lines: the bundle does.
      if (incident === '6.12-cc-kmsg-written-lines') continue
      it(incident, () => {
        const expected = readJson<Expected>(join(place, 'expect.json'))
        for (const file of readdirSync(place).filter((name) => isKernelLog.test(name))) {
          const { dumps, kills } = extractAll(kernelOom, recordsOf(join(place, file), file))
          const lossy = expected.files[file]?.lossy ?? false
          for (const want of expected.kills) {
            const dump = dumps.find((d) => d.dump.kills.some((k) => k.pid === want.pid))?.dump
            const kill = dump?.kills.find((k) => k.pid === want.pid)
            if (kill === undefined && lossy) continue
            expect(kill, `${file}: ${want.pid}`).toBeDefined()
            expect(want.comm, file).toContain(kill?.comm)
            const got: Record<string, unknown> = {
              ...kill,
              constraint: dump?.constraint,
              oomMemcg: dump?.oomMemcg,
              limitBytes: dump?.memory?.limitBytes,
            }
            for (const key of ['uid', 'oomScoreAdj', 'taskMemcg', 'constraint', 'oomMemcg', 'limitBytes'])
              if (want[key] !== undefined && !(lossy && got[key] == null)) expect(got[key], `${file}: ${key}`).toEqual(want[key])
          }
          const known = new Set([...expected.kills.map((k) => k.pid), ...(expected.alsoInLog ?? [])])
          expect(
            kills.filter((k) => !known.has(k.pid)),
            file,
          ).toEqual([])
          expect(new Set(kills.map((k) => k.pid)).size, `${file}: each kill once`).toBe(kills.length)
        }
      })
    }
})
