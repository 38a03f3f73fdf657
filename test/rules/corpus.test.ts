import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { describeCorpus, readJson } from '../corpus.ts'
import { diagnose } from './make-incident.ts'
import { filesOf, timelineOf } from './tools.ts'

interface Expectation {
  readonly kills: readonly { readonly pid: number }[]
  readonly diagnosis?: Readonly<Record<string, readonly string[]>>
  readonly needsBundle?: readonly string[]
}

const questions = ['limit', 'consumer', 'selection', 'consequence', 'rootCause'] as const
/** A spread over limits, consumers and selections; the scorer judges all of them. */
const incidents =
  /^(?:5\.10-c-v1-pod|5\.10-i-|6\.1-a-service|6\.1-b-kubepods-cri|6\.1-c-v1-tmpfs|6\.1-i-global-innocent$|6\.1-j-|6\.1-k-kmem-sock|6\.1-d-|6\.12-f-|7\.2-k-|7\.2-l-|7\.2-e-|6\.18-c-v1-innocent)/

describeCorpus('answers on real reports', (root) => {
  const names = fs.readdirSync(path.join(root, 'lab')).filter((name) => incidents.test(name))
  test.each(names)('%s', async (name) => {
    const directory = path.join(root, 'lab', name)
    const want = readJson<Expectation>(path.join(directory, 'expect.json'))
    const files = filesOf(directory)
    const file = files.find((f) => f === 'dmesg.txt') ?? files.find((f) => /dmesg|kern|journal-k/.test(f))
    const timeline = await timelineOf(directory, [file ?? ''])
    const mine = timeline.incidents.filter((i) => i.kills.some((k) => want.kills.some((w) => w.pid === k.pid)))
    expect(mine.length).toBeGreaterThan(0)
    for (const incident of mine) {
      const diagnosis = diagnose(incident)
      expect(diagnosis.warnings).toEqual([])
      expect(diagnosis.recommendations.length).toBeGreaterThan(0)
      for (const question of questions) {
        const accepted = want.needsBundle?.includes(question) ? undefined : want.diagnosis?.[question]
        if (accepted !== undefined) expect(accepted, question).toContain(diagnosis[question].id)
        expect(diagnosis[question].confidence === 'high' && diagnosis[question].evidence.length === 0).toBe(false)
      }
      expect(diagnosis.limit.confidence).toBe('high')
    }
  })
})
