import { expect, test } from 'vitest'
import type { Kill } from '../../src/model/incident.ts'
import { withDifferences } from '../../src/rules/differences.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { say } from '../../src/text/say.ts'
import { counter } from '../kernel/make-dump.ts'
import { factsWith } from './facts-with.ts'
import { instantAt, killed, makeDeath, memcgDump } from './make-incident.ts'

const later = (n: number, kib: number | null, more: Partial<Kill> = {}): Kill =>
  makeDeath(kib === null ? null : memcgDump({ memory: counter(kib, kib, 9) }), { at: instantAt(60 * n), eventKey: `run-${n}`, ...more })
const said = (kills: readonly Kill[], first: Partial<Kill> = {}, limitBytes: number | null | undefined = undefined): string => {
  const incident = killed(memcgDump(), {}, first)
  const facts = factsWith({ ...incident, kills: [...incident.kills, ...kills] })
  const { memcgLimit } = facts
  return plainPhrase(
    withDifferences(
      limitBytes === undefined || memcgLimit === null ? facts : { ...facts, memcgLimit: { ...memcgLimit, limitBytes } },
      say`It died.`,
    ),
  )
}

test('later kills at another limit, or by another hand, are told', () => {
  expect(said([])).toBe('It died.')
  expect(said([later(2, 81_920)])).toBe('It died.')
  expect(said([later(2, 102_400)])).toBe('It died. The limit was 100 MiB by the last kill.')
  expect(said([later(2, 102_400), later(3, 122_880)])).toBe('It died. The limit was 120 MiB by the last kill.')
  // The same run: a group kill.
  expect(said([later(1, 102_400)])).toBe('It died.')
  expect(said([later(2, null)])).toBe('It died.')
  expect(said([later(2, 102_400)], {}, null)).toBe('It died. A later report of this incident shows its size: 100 MiB.')
  expect(said([later(2, 102_400), later(3, 122_880)], {}, null)).toBe('It died.')
  expect(said([later(2, null)], {}, null)).toBe('It died.')
  expect(said([later(2, null, { killer: 'kubelet' })])).toBe('It died. 1 later death of this incident was by the kubelet.')
  expect(said([later(2, null, { killer: 'systemd-oomd' }), later(3, null, { killer: 'kubelet' }), later(4, null)])).toBe(
    'It died. 2 later deaths of this incident were by systemd-oomd.',
  )
})
