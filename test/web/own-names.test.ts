import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze, plainReport } from '../../src/index.ts'
import { analyzeGiven } from '../../src/web/analyze.ts'
import type { GivenInput } from '../../src/web/open.ts'
import { withOwnNames } from '../../src/web/own-names.ts'
import { given, readPart } from './tools.ts'

const samples = fileURLToPath(new URL('../../samples/', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'own-names-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A copy of a sample at a place of its own. */
function staged(sample: string, place: string): string {
  mkdirSync(path.join(folder, path.dirname(place)), { recursive: true })
  cpSync(path.join(samples, sample), path.join(folder, place), { recursive: true, preserveTimestamps: true })
  return place
}
const file = (name: string, size: number): GivenInput => ({
  kind: 'file',
  name,
  file: { path: name, blob: new Blob([new Uint8Array(size)]), modifiedMs: 1 },
})
const names = (inputs: readonly GivenInput[]): string[] => withOwnNames(inputs).map(({ name }) => name)

describe('what is called the same', () => {
  it('stands in numbered folders, in the order in which it came; one file has one name', () => {
    expect(names([file('a.log', 1), file('b.log', 2)])).toEqual(['a.log', 'b.log'])
    expect(names([file('a.log', 1), file('b.log', 2), file('a.log', 3)])).toEqual(['1/a.log', 'b.log', '2/a.log'])
    expect(names([file('a.log', 1), file('a.log', 1)])).toEqual(['a.log', 'a.log'])
    expect(names([file('a.log', 1), file('a.log', 2), file('a.log', 1)])).toEqual(['1/a.log', '2/a.log', '1/a.log'])
  })

  it('keeps its order beyond nine', () => {
    const all = names(Array.from({ length: 11 }, (_, n) => file('kern.log.1', n)))
    expect(all.slice(0, 2)).toEqual(['01/kern.log.1', '02/kern.log.1'])
    expect([...all].sort()).toEqual(all)
  })

  const inPlace = (place: string): string => path.join(folder, place)
  it.each([
    ['one file twice', ['one/messages', 'one/messages'], ['messages', 'messages'], 'one'],
    ['files of two folders', ['1/messages', '2/messages'], ['1/messages', '2/messages'], '.'],
    ['folders of two folders', ['1/node', '2/node'], ['1/node', '2/node'], '.'],
    ['one folder twice, and a file', ['1/node', '1/node', '1/messages'], ['node', 'node', 'messages'], '1'],
  ])('%s: the report of the command line', async (_, places, args, from) => {
    for (const top of ['one', '1']) staged('dmesg/container-limit.txt', `${top}/messages`)
    staged('syslog-rfc3164/container-limit.log', '2/messages')
    staged('bundles/container-limit-every-source', '1/node')
    staged('kubelet', '2/node')
    const none = { timezone: null, year: null, redact: false }
    const web = await analyzeGiven(withOwnNames(places.map((place) => given(inPlace(place)))), none, readPart)
    process.chdir(inPlace(from))
    const node = await analyze(args)
    expect(JSON.stringify(plainReport(web.report))).toBe(JSON.stringify(node.report))
  })
})
