import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { factsOf } from '../../../src/facts/facts-of.ts'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import { gather } from '../../../src/gather.ts'
import { scoreTasks } from '../../../src/kernel/scores.ts'
import type { Incident } from '../../../src/model/incident.ts'
import type { Timeline } from '../../../src/model/timeline.ts'
import { nodeHost } from '../../../src/node/host.ts'
import { buildTimeline } from '../../../src/timeline/index.ts'
import { cases } from '../root-cause-cases.ts'
import { measured } from './curves.ts'

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url))
const reading = {
  host: nodeHost(),
  inputFormat: null,
  timezone: null,
  year: null,
  showCommandLines: false,
  showSecrets: false,
  stdin: null,
} as const

/** What a sample tells, before it is diagnosed. */
export async function timelineOf(sample: string): Promise<Timeline> {
  const { evidence } = await gather([join(samples, sample)], reading)
  return buildTimeline(evidence, {
    timezone: null,
    year: null,
    zoneOffset: null,
    shortName: (name) => name.slice(name.lastIndexOf('/') + 1),
  })
}

const madeUp = (name: string) => cases.find(([id]) => id === name.slice(0, name.lastIndexOf(' ')))

export const isMadeUp = (name: string): boolean => madeUp(name) !== undefined

/** `memory-leak 2`: a made-up incident of a root cause; `dmesg/container-limit.txt 1`: an incident of a sample. */
async function incidentOf(name: string): Promise<Incident> {
  const [, from = '', number = ''] = /^(.+) (\d+)$/.exec(name) ?? []
  const made = madeUp(name)
  const all = made === undefined ? (await timelineOf(from)).incidents : [...made[1], made[2]]
  const incident = all[Number(number) - 1]
  if (incident === undefined) throw new Error(`no incident ${name}`)
  return incident
}

/** An incident, and what of its facts is to be otherwise than derived (`## facts.swap = null`): each rule is asked without what it leans on. */
type Root = Incident & { readonly facts: Partial<IncidentFacts> }

export const rootOf = async (base: string): Promise<Root> => ({ ...(await incidentOf(base)), facts: {} })
export const factsIn = ({ facts, ...incident }: Root): IncidentFacts => ({ ...factsOf(incident), ...facts })

/** All but what is a function of the rest: a plain value, of which anything may be otherwise. */
type PlainFacts = Omit<IncidentFacts, 'scoresOf'>

/** `memory-leak 1 with growth over hours`: what is derived from an incident, and what was measured beside it. */
export async function factsBelow(base: string): Promise<PlainFacts> {
  const [name = '', beside] = base.split(' with ')
  const { scoresOf: _, ...facts } = factsOf(await incidentOf(name))
  return { ...facts, ...(beside === undefined ? {} : measured[beside]?.(facts as IncidentFacts)) }
}

export const wholeFacts = (facts: PlainFacts): IncidentFacts => ({
  ...facts,
  scoresOf: (of) => scoreTasks(of, { swapTotalBytes: facts.meminfo?.['SwapTotal']?.value ?? null }),
})
