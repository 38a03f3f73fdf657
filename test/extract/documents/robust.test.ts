import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentReaders } from '../../../src/extract/documents/index.ts'
import { parseAge, parseDateLine, parseRfc1123, parseRfc3339 } from '../../../src/extract/documents/times.ts'
import { HEAD, quotesIn, readText, recognise, samplesRoot, sampleText } from './read.ts'

const FOLDERS = ['describe', 'manifests', 'events', 'tables', 'inspect', 'proc', 'cgroup', 'clock', 'units', 'sections']
const samples = FOLDERS.flatMap((folder) => readdirSync(join(samplesRoot, folder)).map((name) => `${folder}/${name}`))

describe('every sample', () => {
  it.each(samples)('%s: cut anywhere, with CRLF, it is read without an exception and quotes what stands there', async (name) => {
    const whole = sampleText(name)
    const reader = recognise(whole.slice(0, HEAD), name)
    expect(reader).toBeDefined()
    await reader?.prepare?.()
    const read = (text: string): void => {
      const facts = reader?.read({ source: name, text, path: name, modifiedMs: null })
      const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
      for (const quote of quotesIn(facts)) if (quote.line !== null) expect(lines[quote.line - 1]).toBe(quote.text)
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
    }
    read(whole.replaceAll('\n', '\r\n'))
    fc.assert(
      fc.property(fc.nat(whole.length), (cut) => read(whole.slice(0, cut))),
      { numRuns: 12 },
    )
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string(), (at, noise) => read(whole.slice(0, at) + noise + whole.slice(at))),
      { numRuns: 12 },
    )
  })

  it('has the same facts with CRLF line ends', async () => {
    for (const name of samples) {
      const plain = await readText(sampleText(name), name)
      const crlf = await readText(sampleText(name).replaceAll('\n', '\r\n'), name)
      expect(crlf.id, name).toBe(plain.id)
      expect(crlf.facts, name).toEqual(plain.facts)
    }
  })
})

describe('readers', () => {
  it('have ids of their own and say who writes their documents', () => {
    expect(new Set(documentReaders.map((one) => one.id)).size).toBe(documentReaders.length)
    for (const reader of documentReaders) expect(reader.writtenBy).not.toBe('')
  })

  it('take no random text for a document', () => {
    fc.assert(fc.property(fc.string(), (text) => recognise(text, 'var/log/app.log') === null))
  })

  it.each([
    'Nov 24 07:48:03 node-7 kernel: [   48.406523] Memory cgroup out of memory: Killed process 259 (worker)',
    '[   48.406523] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0',
    '2026-11-24T07:48:03.116028+00:00 node-7 kubelet[812]: E1124 07:48:03.116 812 pod_workers.go:1301] "Error syncing pod"',
    'time="2026-11-24T07:48:03Z" level=info msg="TaskOOM event container_id:\\"25a3\\""',
    '{"log":"kind: Pod\\n","stream":"stderr","time":"2026-11-24T07:48:03.116028624Z"}',
    '-- Boot 762cae214eef426a835263c2702d9421 --',
    '4,1234,5678901,-;Mem-Info:',
    'MESSAGE=Name: foo',
  ])('leave the log line %j alone', (line) => {
    expect(recognise(`${line}\n`.repeat(50), 'file.txt')).toBeNull()
  })
})

describe('times', () => {
  it.each([
    ['119s', 119, 1],
    ['3m20s', 200, 1],
    ['3m', 180, 60],
    ['119m', 7140, 60],
    ['3h20m', 12000, 60],
    ['30h', 108000, 3600],
    ['2d3h', 183600, 3600],
    ['300d', 25920000, 86400],
    ['3y100d', 103248000, 86400],
  ])('age %s', (text, seconds, resolution) => {
    expect(parseAge(text)).toEqual({ seconds, resolution })
  })

  it.each(['<unknown>', '<invalid>', '', 'x', '3'])('no age: %j', (text) => {
    expect(parseAge(text)).toBeNull()
  })

  it.each([
    ['Mon, 01 Jan 0001 00:00:00 +0000', parseRfc1123],
    ['0001-01-01T00:00:00Z', parseRfc3339],
    ['Tue Foo 24 02:53:29 UTC 2026', parseDateLine],
  ])('no time: %j', (text, parse) => {
    expect(parse(text)).toBeNull()
  })

  it('reads RFC 1123 with its zone', () => {
    expect(parseRfc1123('Tue, 24 Nov 2026 12:43:13 +0530')).toEqual({
      epochUs: Date.UTC(2026, 10, 24, 7, 13, 13) * 1000,
      offsetMinutes: 330,
      precisionUs: 1e6,
    })
  })
})
