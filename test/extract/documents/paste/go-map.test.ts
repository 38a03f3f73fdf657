import { describe, expect, it } from 'vitest'
import { goMapsOf, holdsGoMap } from '../../../../src/extract/documents/paste/go-map.ts'
import type { Tree } from '../../../../src/extract/documents/tree.ts'

const plain = (tree: Tree): unknown => {
  if (tree.kind === 'scalar') return tree.value
  return tree.kind === 'list' ? tree.items.map(plain) : Object.fromEntries([...tree.entries].map(([key, value]) => [key, plain(value)]))
}
const read = (line: string): unknown[] => goMapsOf(line).map(plain)

describe('a value as Go prints it', () => {
  it.each<[string, unknown[]]>([
    ['map[terminated:map[exitCode:137 reason:OOMKilled]] and words', [{ terminated: { exitCode: '137', reason: 'OOMKilled' } }]],
    ['a map[a:1] b map[c:2]', [{ a: '1' }, { c: '2' }]],
    ['map[]', [{}]],
    ['map[message:Back-off restarting failed container reason:X]', [{ message: 'Back-off restarting failed container', reason: 'X' }]],
    ['map[a: b:1]', [{ a: '', b: '1' }]],
    ['map[l:[map[a:1] map[b:2]] k.io/x-y:z]', [{ l: [{ a: '1' }, { b: '2' }], 'k.io/x-y': 'z' }]],
    ['map[l:[] a:1]', [{ l: [], a: '1' }]],
    ['map[started:2026-11-24T07:04:29Z]', [{ started: '2026-11-24T07:04:29Z' }]],
    // what was cut is none, and ends them
    ['map[a:1', []],
    ['map[a:[1 2', []],
    ['map[a', []],
    ['map[=]', []],
    ['map[a:1] map[b:2', [{ a: '1' }]],
    [`${'map[a:'.repeat(12)}1${']'.repeat(12)}`, [expect.anything()]],
    [`${'map[a:'.repeat(14)}1${']'.repeat(14)}`, []],
    [`map[a:${'['.repeat(12)}1${']'.repeat(12)}]`, []],
    ['no map here', []],
  ])('%s', (line, values) => {
    expect(read(line)).toEqual(values)
  })

  it.each([
    ['map[a:1]', true],
    ['x map[]', true],
    ['roadmap[a:1]', false],
    ['map[a]', false],
    ['map(a:1)', false],
  ])('%s: worth a look? %s', (line, is) => {
    expect(holdsGoMap(line)).toBe(is)
  })
})
