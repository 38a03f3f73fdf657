import { describe, expect, it } from 'vitest'
import type { PhrasedReport as Report } from '../../src/model/report.ts'
import { reportOf } from '../report-of.ts'
import { moreWrappings } from './more-wrappings.ts'
import { type Words, wordsOfKillers } from './words.ts'
import { nameless, type Wrapping, wrappings } from './wrappings.ts'

const named = [...wrappings, ...moreWrappings]

async function reported(wrapping: Wrapping, { lines }: Words, name: string): Promise<Report> {
  const { path, text } = wrapping.file(lines, name)
  return reportOf({ [path]: text })
}

const killersIn = (report: Report): readonly string[] => report.incidents.flatMap((i) => i.kills.map((k) => k.killer))
const findingsIn = (report: Report): readonly string[] => report.findings.map((f) => f.id)
const confidences = (report: Report): readonly string[] =>
  report.incidents.flatMap((i) =>
    [i.diagnosis.limit, i.diagnosis.consumer, i.diagnosis.selection, i.diagnosis.consequence].map((a) => a.confidence),
  )

const isContainers = ({ tells }: Wrapping): boolean => tells === 'stream' || tells === 'label'
const aboutWriter = /^(?:lines-by-another-program|oom-killer-lines-by-program)$/

describe('who wrote a line, in each wrapping, of each killer', () => {
  for (const words of wordsOfKillers) {
    for (const wrapping of [...named, ...nameless]) {
      it(`${words.killer} in ${wrapping.id}: an application that says so kills nobody, and is named`, async () => {
        const report = await reported(wrapping, words, 'checkout')
        expect(killersIn(report)).toEqual([])
        if (words.ordinary !== true) expect(findingsIn(report).some((id) => aboutWriter.test(id))).toBe(true)
      })
    }

    for (const wrapping of named) {
      if (!isContainers(wrapping)) {
        it(`${words.killer} in ${wrapping.id}: the right writer is believed`, async () => {
          const report = await reported(wrapping, words, words.own[0] ?? '')
          expect(killersIn(report)).toEqual(words.reported === null ? [] : [words.reported])
          expect(findingsIn(report).some((id) => aboutWriter.test(id))).toBe(false)
        })
        continue
      }
      it(`${words.killer} in ${wrapping.id}: a shipper of node logs is believed with medium confidence, and that is said`, async () => {
        const report = await reported(wrapping, words, 'node-problem-detector')
        expect(killersIn(report)).toEqual(words.reported === null ? [] : [words.reported])
        expect(confidences(report)).not.toContain('high')
        if (words.reported !== null) expect(findingsIn(report)).toContain('lines-shipped-by-container')
        expect(findingsIn(report).some((id) => aboutWriter.test(id))).toBe(false)
      })
      if (!words.contained) continue
      it(`${words.killer} in ${wrapping.id}: in a container of its own likewise`, async () => {
        const report = await reported(wrapping, words, words.own[0] ?? '')
        expect(killersIn(report)).toEqual(words.reported === null ? [] : [words.reported])
        expect(confidences(report)).not.toContain('high')
      })
    }
  }
})
