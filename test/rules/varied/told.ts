import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { factsBelow, factsIn, isMadeUp, rootOf, timelineOf, wholeFacts } from './bases.ts'
import { type Plan, planIn, toldOf } from './plan.ts'
import { foundIn, type Said, saidOf } from './said.ts'

const folder = fileURLToPath(new URL('../../golden/varied/', import.meta.url))
const plansOf = (kind: string): readonly Plan[] =>
  readdirSync(`${folder}${kind}`)
    .sort()
    .map((name) => planIn(readFileSync(`${folder}${kind}/${name}`, 'utf8'), `../../golden/varied/${kind}/${name}`))

const answered = plansOf('answers')
/** Incidents made by hand, one a root cause, and those of samples, by their folders. */
export const madeUp = answered.filter(({ base }) => isMadeUp(base))
export const ofIncidents = answered.filter(({ base }) => base.startsWith('incidents/'))
export const ofKernels = answered.filter(({ base }) => base.startsWith('kernel/'))
export const ofOthers = answered.filter(({ base }) => !isMadeUp(base) && !/^(?:incidents|kernel)\//.test(base))
export const ofTimelines = plansOf('findings')
/** Of what is derived: figures that no incident gives so, and curves beside it. */
const derived = plansOf('facts')
const isOfSample = ({ base }: Plan): boolean => base.includes('/') && !base.includes(' with ')
export const ofFacts = derived.filter((plan) => !isOfSample(plan))
export const ofSamplesFacts = derived.filter(isOfSample)

export async function expectAnswers(plan: Plan): Promise<void> {
  await expect(toldOf(plan, await rootOf(plan.base), (one) => sane(saidOf(factsIn(one))))).toMatchFileSnapshot(plan.golden)
}

export async function expectOfFacts(plan: Plan): Promise<void> {
  await expect(toldOf(plan, await factsBelow(plan.base), (one) => sane(saidOf(wholeFacts(one))))).toMatchFileSnapshot(plan.golden)
}

export async function expectFindings(plan: Plan): Promise<void> {
  await expect(toldOf(plan, await timelineOf(plan.base), (one) => sane(foundIn(one)))).toMatchFileSnapshot(plan.golden)
}

/** Whatever is lost or odd, no rule fails, and nothing is said that was meant for nobody. */
function sane(said: Said): Said {
  expect(said.has('warnings')).toBe(false)
  for (const { text } of said.values()) expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/)
  return said
}
