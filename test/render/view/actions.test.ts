import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { analyze } from '../../../src/index.ts'
import { actionsOf } from '../../../src/render/view/actions.ts'

const sample = async (name: string) => {
  const { report } = await analyze([fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url))])
  const [incident] = report.incidents
  if (incident === undefined) throw new Error('no incident')
  return incident
}
const limited = await sample('dmesg/container-limit.txt')
const shown = (command: string, lookFirst: { lookFirst?: boolean }) =>
  actionsOf({
    ...limited,
    recommendations: [{ when: 'now', text: 'Do it.', command, why: 'Why.', effect: 'It restarts the pod.', ...lookFirst } as never],
  })[0]?.items[0]?.command?.block

it('a command that only shows what has to be known first is said to be that', () =>
  expect(shown('kubectl describe nodes', { lookFirst: true })).toEqual(['# look first:', 'kubectl describe nodes']))

it('a command that does what the text says stands alone, whatever it is', () =>
  expect(shown('cat /proc/meminfo', {})).toEqual(['cat /proc/meminfo']))

it('what looks first is told by the rule, and what does not look is not marked', async () => {
  const of = (text: string, all: readonly { text: string; lookFirst?: boolean }[]) =>
    all.find((one) => one.text.startsWith(text))?.lookFirst
  const { recommendations } = await sample('kernel/6.1-global.txt')
  expect(recommendations.length).toBeGreaterThan(1)
  expect(of('Alert when', recommendations)).toBe(true)
  expect(limited.recommendations.filter(({ lookFirst }) => lookFirst).map(({ text }) => text)).toEqual([])
})
