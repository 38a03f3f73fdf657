import { expect, test } from 'vitest'
import type { Kill } from '../../src/model/incident.ts'
import { withKin } from '../../src/timeline/kin.ts'
import { counter } from '../kernel/make-dump.ts'
import { CONTAINER_PATH, globalDump, instantAt, makeDeath, memcgDump, POD_PATH, podWorkload } from '../rules/make-incident.ts'

const named = (more: Partial<Kill> = {}): Kill =>
  makeDeath(memcgDump({ oomMemcg: POD_PATH, memory: null }), { workload: podWorkload, memcg: CONTAINER_PATH, oomScoreAdj: 936, ...more })
const headless = (more: Partial<Kill> = {}): Kill =>
  makeDeath(memcgDump({ oomMemcg: null, taskMemcg: null }), { pid: 200, memcg: null, oomScoreAdj: 936, at: instantAt(1), ...more })
const pathOf = (...all: Kill[]): string | null | undefined => withKin(all).at(-1)?.dump?.oomMemcg

test.each<[string, Kill[], string | null]>([
  ['a second later', [named(), headless()], POD_PATH],
  ['just below ten minutes', [named(), headless({ at: instantAt(599) })], POD_PATH],
  ['ten minutes', [named(), headless({ at: instantAt(600) })], null],
  ['ten minutes before', [named({ at: instantAt(601) }), headless()], null],
  ['another program', [named(), headless({ comm: 'sh' })], null],
  ['another adjustment', [named(), headless({ oomScoreAdj: 1000 })], null],
  ['no adjustment', [named({ oomScoreAdj: null }), headless({ oomScoreAdj: null })], null],
  ['another host', [named(), headless({ host: 'node-2' })], null],
  ['no shared clock', [named(), headless({ at: { ...instantAt(1), epochUs: null, boot: 'x' } })], null],
  ['another limit', [named({ dump: memcgDump({ oomMemcg: POD_PATH, memory: counter(1024, 1024) }) }), headless()], null],
  ['the same limit', [named({ dump: memcgDump({ oomMemcg: POD_PATH }) }), headless()], POD_PATH],
  ['two groups', [named(), named({ dump: memcgDump({ oomMemcg: '/b' }) }), headless()], null],
  ['the machine was short', [named(), headless({ dump: globalDump({ taskMemcg: null }) })], null],
  ['one that has no report of its own', [named(), headless({ dump: null })], null],
  ['its cgroup is known', [named(), headless({ memcg: '/x' })], null],
])('%s', (_, kills, path) => {
  expect(pathOf(...kills) ?? null).toBe(path)
})

test('the workload too, where all kin lived in one place', () => {
  expect(withKin([named(), headless()]).at(-1)?.workload?.container).toBe('api')
  expect(withKin([named(), named({ memcg: '/elsewhere' }), headless()]).at(-1)?.workload).toBeNull()
})
