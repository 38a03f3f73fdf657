import { expect, it } from 'vitest'
import { analyze } from '../../../src/index.ts'
import { evictionChart } from '../../../src/render/charts/eviction-chart.ts'
import { shortened } from '../../../src/render/view/glance.ts'
import { reportView } from '../../../src/render/view/index.ts'
import { codeOf, join, plainOf } from '../../../src/render/view/rich.ts'
import { fullDetail } from '../../../src/render/view/settings.ts'

it.each<[string, string, string]>([
  ['a short sentence stays', 'Raise the limit to 1 GiB.', 'Raise the limit to 1 GiB.'],
  ['a long one ends at its last clause', `${'word '.repeat(30)}here, ${'more '.repeat(30)}`, `${'word '.repeat(30)}here…`],
  ['one without a clause ends at a word', 'word '.repeat(60), `${'word '.repeat(39)}word…`],
])('%s', (_, text, shown) => {
  expect(plainOf(shortened(join(text)))).toBe(shown)
})

it('a name never fills the first screen: its middle goes, the sentence stays', () => {
  const shown = plainOf(shortened(join('Restart ', codeOf('x'.repeat(500)), ' now.')))
  expect(shown.length).toBeLessThan(80)
  expect(shown).toMatch(/^Restart x+…x+ now\.$/)
})

it('what was left stands against the threshold', () => {
  const mib = 1024 ** 2
  const chart = evictionChart({
    signal: 'memory.available',
    availableBytes: 80 * mib,
    thresholdBytes: 100 * mib,
    capacityBytes: 1024 * mib,
  })
  expect(chart?.message).toBe('80 MiB of 1 GiB were available; the kubelet evicts below 100 MiB.')
  expect(chart?.bars.map(({ width }) => width)).toEqual([80, 100])
  expect(evictionChart(undefined)).toBeNull()
})

it.each([
  ['bundles/leak-with-curve', 'impact', /^It was down for 3 s/],
  ['kubelet/1.31-eviction.log', 'eviction', /./],
] as const)('%s tells of its %s', async (sample, field, words) => {
  const { report } = await analyze([`samples/${sample}`])
  expect(JSON.stringify(report.incidents[0]?.[field]).replace(/^"/, '')).toMatch(words)
})

it.each([
  ['a refused allocation of a unit that failed', 'unit-failed', 0, 'Nothing killed, unit failed'],
  ['a container that its runtime ended', 'container-restarted', 0, 'Nothing killed, restarted'],
  ['a kill', 'container-restarted', 1, 'Killed and restarted'],
  ['nothing more is known', 'process-killed', 0, 'Nothing killed'],
] as const)('the state of %s', async (_, id, kills, word) => {
  const { report } = await analyze(['samples/dmesg/container-limit.txt'])
  const [incident] = report.incidents
  if (incident === undefined) throw new Error('no incident')
  const consequence = { ...incident.diagnosis.consequence, id }
  const changed = { ...incident, kills: incident.kills.slice(0, kills), diagnosis: { ...incident.diagnosis, consequence } }
  const view = reportView({ ...report, incidents: [changed] }, { clock: { zone: null }, ascii: false, detail: fullDetail })
  expect(view.incidents[0]?.glance.status.word).toBe(word)
})
