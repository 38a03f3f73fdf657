import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { factsOf } from '../../../src/facts/facts-of.ts'
import { incidentOf, isMadeUp, timelineOf } from './bases.ts'
import { type Plan, planIn, toldOf } from './plan.ts'
import { foundIn, type Said, saidOf } from './said.ts'

const folder = fileURLToPath(new URL('../../golden/varied/', import.meta.url))
const plansOf = (kind: string): readonly Plan[] =>
  readdirSync(`${folder}${kind}`)
    .sort()
    .map((name) => planIn(readFileSync(`${folder}${kind}/${name}`, 'utf8'), `../../golden/varied/${kind}/${name}`))

/** Incidents made by hand, one a root cause, and those of samples. */
export const madeUp = plansOf('answers').filter(({ base }) => isMadeUp(base))
export const ofSamples = plansOf('answers').filter(({ base }) => !isMadeUp(base))
export const ofTimelines = plansOf('findings')

export async function expectAnswers(plan: Plan): Promise<void> {
  const incident = await incidentOf(plan.base)
  await expect(toldOf(plan, incident, (one) => sane(saidOf(factsOf(one))))).toMatchFileSnapshot(plan.golden)
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
