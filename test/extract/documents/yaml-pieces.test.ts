import { beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { manifestYaml } from '../../../src/extract/documents/manifest-yaml.ts'
import { yamlPieces } from '../../../src/extract/documents/yaml-pieces.ts'
import { readInSteps } from './read.ts'

const pod = (name: string, reason = 'Completed', label = 'web'): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    uid: `${name}-uid`,
    labels: { label },
    annotations: { note: 'one\n- two\nitems:\n- three\n---\nfour\n' },
  },
  spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app:1', args: ['-v', 'x'] }] },
  status: {
    phase: 'Running',
    containerStatuses: [{ name: 'app', restartCount: 1, lastState: { terminated: { exitCode: 137, reason, message: 'ünd' } } }],
  },
})
const names = Array.from({ length: 9 }, (_, n) => `web-${n}`)
const pods = names.map((name) => pod(name, 'OOMKilled'))
const list = (items: readonly object[], indentSeq: boolean): string =>
  stringify({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }, { indentSeq, lineWidth: 0 })

/** What a text tells that is given in steps of so many characters and cut at every place there is. */
function told(text: string, step: number, least: number): { readonly names: string[]; readonly text: string; readonly pieces: number } {
  const found: string[] = []
  let [whole, count, line] = ['', 0, 1]
  const pieces = yamlPieces((piece) => {
    manifestYaml.large?.read({ ...piece, firstLine: line, firstByte: 0, beginsLine: true }, { source: 's', path: 's' }, (facts) => {
      expect(facts.warnings).toEqual([])
      for (const each of facts.snapshots) if (each.kind === 'pod') found.push(String(each.name))
    })
    line += piece.text.split('\n').length - 1
    whole += piece.text
    count += 1
  }, least)
  for (let at = 0; at < text.length; at += step) pieces.push(text.slice(at, at + step))
  pieces.end()
  return { names: found, text: whole, pieces: count }
}

beforeAll(() => manifestYaml.prepare?.())

describe('YAML in pieces', () => {
  const texts: readonly (readonly [string, string, boolean])[] = [
    ['a list as kubectl prints it', list(pods, false), true],
    ['a list whose items are indented', list(pods, true), true],
    ['with the breaks of Windows', list(pods, false).replaceAll('\n', '\r\n'), true],
    ['documents one after the other', pods.map((each) => stringify(each, { lineWidth: 0 })).join('---\n'), true],
    ['two lists', `${list(pods.slice(0, 4), false)}--- # more\n${list(pods.slice(4), true)}`, true],
    ['a document, then a list', `${stringify(pods[0], { lineWidth: 0 })}---\n${list(pods.slice(1), false)}`, true],
    ['one object', stringify(pods[0], { lineWidth: 0 }), false],
  ]
  it.each(texts)('%s, cut anywhere', (_, text, isCut) => {
    for (const step of [13, 64, 100_000]) {
      const all = told(text, step, 200)
      expect(all.text).toBe(text)
      expect(all.names).toEqual(isCut ? names : names.slice(0, 1))
      if (step < 1000) expect(all.pieces > 3).toBe(isCut)
    }
  })

  it('quotes a long line by its place in the file', () => {
    const message = `Killed process 7 (java) ${'ü'.repeat(5000)}`
    const ended = (name: string): object => ({ ...pod(name), status: { phase: 'Failed', reason: 'Evicted', message } })
    const text = list(
      Array.from({ length: 400 }, (_, n) => ended(`pod-${n}`)),
      false,
    )
    const whole = manifestYaml.read({ source: 'pods.yaml', path: 'pods.yaml', text, modifiedMs: null })
    expect(whole.snapshots.at(-1)).toMatchObject({ quotes: [{}, {}, { offset: null }, { line: null }] })
    expect(readInSteps(manifestYaml, 'pods.yaml', text)).toEqual(whole)
  })

  it('tells what the same list tells that is read whole: lines and quotes are those of the file', () => {
    const many = Array.from({ length: 900 }, (_, n) => pod(`pod-${n}`, n === 800 ? 'OOMKilled' : 'Completed', 'x'.repeat(5000)))
    const text = list(many, false)
    expect(text.length).toBeGreaterThan(4 << 20)
    expect(readInSteps(manifestYaml, 'pods.yaml', text)).toEqual(
      manifestYaml.read({ source: 'pods.yaml', path: 'pods.yaml', text, modifiedMs: null }),
    )
  })
})
