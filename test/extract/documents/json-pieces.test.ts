import { describe, expect, it } from 'vitest'
import { jsonPieces } from '../../../src/extract/documents/json-pieces.ts'
import { manifestJson } from '../../../src/extract/documents/manifest-json.ts'
import { quoterOf } from '../../../src/extract/documents/tree.ts'
import type { DocumentFacts } from '../../../src/model/snapshot.ts'
import { readInSteps } from './read.ts'

const pod = (name: string, reason = 'Completed'): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid: `${name}-uid`, annotations: { note: 'a "}]," \\ and {[' } },
  spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app:1' }] },
  status: {
    phase: 'Running',
    containerStatuses: [{ name: 'app', restartCount: 1, lastState: { terminated: { exitCode: 137, reason, message: 'ünd' } } }],
  },
})
const list = (items: readonly object[], indent?: number): string => JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, null, indent)
const three = ['cart', 'till', 'mail'].map((name) => pod(name, 'OOMKilled'))

/** The objects that pieces of at least this size hold, given in steps of so many characters; with the text put together again. */
function cut(
  text: string,
  step: number,
  least: number,
): { readonly objects: readonly unknown[]; readonly text: string; readonly pieces: number } {
  const found: unknown[] = []
  let whole = ''
  let count = 0
  const pieces = jsonPieces((piece) => {
    whole += piece.text
    count += 1
    for (let at = 0; at < piece.spans.length; at += 2) found.push(JSON.parse(piece.text.slice(piece.spans[at], piece.spans[at + 1])))
  }, least)
  for (let at = 0; at < text.length; at += step) pieces.push(text.slice(at, at + step))
  pieces.end()
  return { objects: found, text: whole, pieces: count }
}

describe('JSON in pieces', () => {
  const packings: readonly (readonly [string, string, readonly object[]])[] = [
    ['a list on one line', list(three), three],
    ['a list as kubectl prints it', list(three, 4), three],
    ['a bare array', JSON.stringify(three, null, 1), three],
    ['documents one after the other', three.map((each) => JSON.stringify(each, null, 2)).join('\n'), three],
    ['documents without a break', three.map((each) => JSON.stringify(each)).join(''), three],
    ['a list whose kind comes first', JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '1' }, items: three }), three],
    ['two lists', `${list(three, 2)}\n${list(three)}\n`, [...three, ...three]],
    ['one object', JSON.stringify(pod('cart'), null, 2), [pod('cart')]],
    ['an empty list', list([]), [{ apiVersion: 'v1', items: [], kind: 'List' }]],
  ]
  it.each(packings)('%s, cut anywhere', (_, text, objects) => {
    for (const step of [1, 2, 3, 7, 64, 100_000]) {
      const told = cut(text, step, 200)
      expect(told.text).toBe(text)
      expect(told.objects).toEqual(objects)
    }
  })

  it('a list needs no more than a piece at a time', () => {
    expect(cut(list(three, 4), 50, 200).pieces).toBeGreaterThan(2)
    expect(cut(list(three), 50, 200).pieces).toBeGreaterThan(2)
  })
})

describe('a large list of Kubernetes objects', () => {
  const many = Array.from({ length: 9_000 }, (_, at) => pod(`pod-${at}`, at === 8_000 ? 'OOMKilled' : 'Completed'))
  const inSteps = (text: string): DocumentFacts => readInSteps(manifestJson, 'pods.json', text)

  it('tells what the same list tells that is read whole: lines and quotes are those of the file', () => {
    const text = list(many, 1)
    expect(text.length).toBeGreaterThan(4 << 20)
    expect(inSteps(text)).toEqual(manifestJson.read({ source: 'pods.json', path: 'pods.json', text, modifiedMs: null }))
  })

  it('on one line, too: places are bytes of the file', () => {
    const text = list(many)
    expect(inSteps(text)).toEqual(manifestJson.read({ source: 'pods.json', path: 'pods.json', text, modifiedMs: null }))
  })

  it('cut off: what stands before is told, and that it was cut', () => {
    const text = list(many, 1).slice(0, -300)
    const { snapshots, warnings } = inSteps(text)
    expect(snapshots.length).toBeGreaterThanOrEqual(8_999)
    expect(warnings.map(({ code }) => code)).toEqual(['document-cut'])
  })

  it.each([
    ['behind an item', (text: string) => text.indexOf('},\n  {\n', 2_000_000) + 1],
    ['behind its comma', (text: string) => text.indexOf('},\n  {\n', 2_000_000) + 3],
    ['in an item', (text: string) => text.indexOf('"name"', 2_000_000) + 3],
    ['behind the list', (text: string) => text.lastIndexOf(']') + 3],
    ['before its end', (text: string) => text.length - 1],
  ])('cut off %s: told as of the same text that is read whole', (_, at) => {
    const whole = list(many, 1)
    const text = whole.slice(0, at(whole))
    expect(inSteps(text).warnings).toEqual(manifestJson.read({ source: 'pods.json', path: 'pods.json', text, modifiedMs: null }).warnings)
  })

  const isAstray = (text: string, cuts: number): boolean => {
    const pieces = jsonPieces(() => {}, 200)
    pieces.push(text)
    pieces.end()
    return pieces.isAstray(cuts)
  }

  it('broken within is told from cut off, and from what stands between documents', () => {
    const [a, b] = [list(three, 2), list(three)]
    for (const text of [a, `${a}\nError: "x {\n${b}`, `${a} it's {"a"\n${b}`, a.slice(0, -30), `${a}\n} {\n${b}`])
      expect(isAstray(text, 0)).toBe(false)
    for (const text of [a.replace('},\n    {\n      "api', '}\n    {\n      "api'), `${a}\n{ oops\n${b}`])
      expect(isAstray(text, text.includes('oops') ? 1 : 0)).toBe(true)
    expect(isAstray(a, 1)).toBe(true)
  })

  it('places count bytes of the file, also where a letter of two halves stands across a block of them', () => {
    const text = `${'x'.repeat(4095)}😀${'x'.repeat(900)}`
    expect(quoterOf('s', text, 1).quote(5000 - 4).offset).toBe(5000 - 4 + 2)
  })

  it('an object with a list of objects of its own among other documents is whole', () => {
    const config = { kind: 'KubeletConfiguration', registerWithTaints: [{ key: 'a' }], systemReserved: { memory: '1Gi' } }
    expect(cut(`${JSON.stringify(config)}\n${list(three)}`, 100, 200).objects).toEqual([config, ...three])
  })

  it('of very many events those of a death or of memory are all told, and how many others are passed by', () => {
    const event = (at: number): object => ({
      kind: 'Event',
      metadata: { name: `e${at}`, namespace: 'shop' },
      involvedObject: { kind: 'Pod', namespace: 'shop', name: `pod-${at}` },
      reason: at === 100_020 ? 'OOMKilling' : 'Pulled',
      message: at === 100_020 ? 'Memory cgroup out of memory: Killed process 7 (java)' : 'pulled',
      type: 'Normal',
      lastTimestamp: '2026-11-24T07:00:00Z',
    })
    const told = inSteps(list(Array.from({ length: 100_030 }, (_, at) => event(at))))
    expect(told.events).toHaveLength(100_001)
    expect(told.warnings).toEqual([{ code: 'events-passed-by', source: 'pods.json', line: null, args: { count: 29, limit: 100_000 } }])
  })
})
