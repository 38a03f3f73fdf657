import { z } from 'zod'
import { fieldTold } from '../src/explain/fields.ts'
import {
  answerIds,
  confidences,
  constraints,
  killers,
  owners,
  patternIds,
  qosClasses,
  runtimes,
  timeBases,
  usageShapes,
  usageSubjects,
  whens,
  workloadKinds,
} from '../src/model/ids.ts'

/**
 * The report's shape in zod, from which `write-schema.mjs` writes `schema/report.schema.json`; a test ties it to the hand-written types of
 * `src/model/report.ts`. Development only: nothing at run time loads zod. Contract fields are strict; more fields are welcome.
 */
const nullable = <T extends z.ZodType>(type: T): z.ZodNullable<T> => z.nullable(type)
const text = z.string()
const size = z.number()
const count = z.int()
/** RFC 3339 in UTC with as many digits as the source had. */
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/)
const confidence = z.enum(confidences)
const object = z.looseObject

const questions = Object.keys(answerIds) as (keyof typeof answerIds)[]

const evidence = object({ source: text, line: nullable(count), text, offset: nullable(count), cursor: nullable(text) })

const workload = object({
  kind: z.enum(workloadKinds),
  namespace: nullable(text),
  pod: nullable(text),
  podUid: nullable(text),
  container: nullable(text),
  containerId: nullable(text),
  containerIds: z.array(text),
  owner: nullable(text),
  runtime: nullable(z.enum(runtimes)),
  qosClass: nullable(z.enum(qosClasses)),
  unit: nullable(text),
})

const memcg = object({ path: nullable(text), limitBytes: nullable(size), usageBytes: nullable(size), failcnt: nullable(count) })

const answer = <T extends z.ZodType>(id: T) => object({ id, confidence, statement: text, evidence: z.array(evidence) })

const kill = object({
  time: nullable(time),
  timeUncertaintyMs: nullable(z.number()),
  timeBasis: nullable(z.enum(timeBases)),
  uptimeSeconds: nullable(z.number()),
  localTime: nullable(text),
  killer: z.enum(killers),
  constraint: nullable(z.enum(constraints)),
  trigger: nullable(
    object({ comm: nullable(text), pid: nullable(count), order: nullable(count), gfpMask: nullable(text), oomScoreAdj: nullable(count) }),
  ),
  memcg: nullable(memcg),
  victim: object({
    pid: nullable(count),
    comm: nullable(text),
    uid: nullable(count),
    oomScoreAdj: nullable(count),
    memcg: nullable(text),
    totalVmBytes: nullable(size),
    anonRssBytes: nullable(size),
    fileRssBytes: nullable(size),
    shmemRssBytes: nullable(size),
    pgtablesBytes: nullable(size),
    swapBytes: nullable(size),
    badness: nullable(z.number()),
    badnessUnit: nullable(z.enum(['pages', 'permille'])),
    rank: nullable(count),
  }),
  evidence: z.array(evidence),
  repeats: z.array(evidence),
})

const usage = object({
  of: z.enum(usageSubjects),
  name: text,
  metric: text,
  source: text,
  from: nullable(time),
  to: nullable(time),
  points: count,
  limitBytes: nullable(size),
  lastBytes: size,
  peakBytes: size,
  shape: z.enum(usageShapes),
  slopeBytesPerHour: nullable(z.number()),
  confidence,
  intervalSeconds: nullable(z.number()),
  samples: z.array(object({ seconds: z.number(), bytes: size })),
  killSeconds: z.array(z.number()),
  startSeconds: z.array(z.number()),
  spikeSeconds: nullable(z.number()),
  lives: z.array(
    object({
      fromSeconds: z.number(),
      toSeconds: z.number(),
      shape: z.enum(usageShapes),
      confidence: z.enum(confidences),
      slopeBytesPerHour: nullable(z.number()),
      firstBytes: size,
      lastBytes: size,
      peakBytes: size,
      killed: z.boolean(),
    }),
  ),
  highWaterBytes: nullable(size),
  pressure: z.array(object({ seconds: z.number(), percent: z.number() })),
})

const incident = object({
  id: text,
  verdict: z.string().max(90),
  headline: text,
  impact: text.optional(),
  eviction: object({ signal: text, availableBytes: size, thresholdBytes: size, capacityBytes: nullable(size) }).optional(),
  host: nullable(text),
  firstTime: nullable(time),
  lastTime: nullable(time),
  workload: nullable(workload),
  workloads: z.array(workload),
  memcg: nullable(memcg),
  kills: z.array(kill),
  usage: z.array(usage),
  pattern: z.enum(patternIds),
  related: z.array(text),
  diagnosis: object({
    limit: answer(z.enum(answerIds.limit)),
    consumer: answer(z.enum(answerIds.consumer)),
    selection: answer(z.enum(answerIds.selection)),
    consequence: answer(z.enum(answerIds.consequence)),
  }),
  rootCause: answer(z.enum(answerIds.rootCause)),
  alternatives: z.array(object({ question: z.enum(questions), id: text, why: text, against: text })),
  recommendations: z.array(
    object({
      text,
      why: text,
      when: z.enum(whens),
      effect: text,
      owner: z.enum(owners),
      command: nullable(text),
      lookFirst: z.boolean().optional(),
    }),
  ),
  missing: z.array(object({ text, command: nullable(text) })),
})

export const reportSchema = object({
  schemaVersion: z.literal(2),
  generator: object({ name: z.literal('oom-report'), version: text }),
  sources: z.array(object({ name: text, format: text, lines: count, warnings: z.array(text) })),
  incidents: z.array(incident),
  findings: z.array(object({ id: text, statement: text, workload: nullable(workload), evidence: z.array(evidence) })),
  timeline: z.array(object({ time: nullable(time), source: text, line: nullable(count), kind: text, text, incident: nullable(text) })),
  warnings: z.array(text),
})

/** The JSON Schema, draft 2020-12, as it is shipped. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(reportSchema, { target: 'draft-2020-12', reused: 'ref' }) as Node
  describe(schema, 'report')
  for (const [name, inside] of Object.entries(schema.$defs ?? {})) describe(inside, name)
  return `${JSON.stringify({ title: 'oom-report', description: 'What a report says, schema version 2.', ...schema }, null, 2)}\n`
}

interface Node {
  properties?: Record<string, Node>
  items?: Node
  anyOf?: Node[]
  $defs?: Record<string, Node>
  description?: string
}

/** Puts to every property what `explain/fields.ts` says of it. */
function describe(node: Node, parent: string): void {
  for (const part of node.anyOf ?? []) describe(part, parent)
  if (node.items !== undefined) describe(node.items, parent)
  for (const [name, inside] of Object.entries(node.properties ?? {})) {
    const told = fieldTold(parent, name)
    if (told !== null) inside.description = told
    describe(inside, name)
  }
}
