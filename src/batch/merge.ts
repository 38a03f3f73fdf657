import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { version } from '../version.ts'
import { baselineOf } from './baseline.ts'
import { byName, distinctNames, type Unread } from './bundles.ts'
import type { BatchOutcome } from './outcome.ts'
import { publish, type ResultPlace } from './publish.ts'
import { Refusal } from './refusal.ts'
import { outcomeOf, stateFolder } from './run.ts'
import { clearTemporary, digest, type RunList, readState, type State } from './state.ts'
import { writeSummary } from './summary.ts'

export interface MergeOutcome extends BatchOutcome {
  /** What the reader should know: runs that do not fit together. */
  readonly notes: readonly string[]
}

interface Part {
  readonly dir: string
  readonly state: State
  readonly list: RunList
}

/**
 * Folds the results of several runs (shards) into one fleet view that equals that of one run over all. The runs' folders are only read. A shard that is
 * missing is a row among what was not read. Throws a Refusal for what the caller can mend.
 */
export async function runMerge(dirs: readonly string[], outDir: string, baseline: string | null): Promise<MergeOutcome> {
  const started = new Date()
  const known = baselineOf(baseline)
  const parts = [...new Set(dirs.map((d) => path.resolve(d)))].map((dir): Part => {
    if (dir === path.resolve(outDir)) throw new Refusal(`merge writes to a folder of its own: ${outDir} is one of those it reads`)
    const state = readState(dir)
    const list = state.run()
    if (list === null) throw new Refusal(`${dir} holds no finished batch (.oom-report/run.json); run the batch there to its end first`)
    return { dir, state, list }
  })
  const places = placesOf(parts)
  const read = new Set(places.map((p) => p.result.bundle))
  const listed = distinct([...parts.flatMap((p) => unreadOf(p)), ...missingShards(parts)]).filter((u) => !read.has(u.name))
  const stateDir = stateFolder(outDir)
  mkdirSync(path.join(stateDir, 'tmp'), { recursive: true })
  try {
    const published = await publish(outDir, places, listed, { version, baseline: known })
    const outcome = outcomeOf(published, places, listed, places.length)
    writeSummary(outDir, stateDir, { started, outcome, analysed: 0, bytes: 0, jobs: 1, workersPeakRssBytes: 0 })
    return { ...outcome, notes: notesOf(parts) }
  } finally {
    clearTemporary(stateDir)
  }
}

/**
 * Every bundle once: copies on several machines have the same name and tell the same. Two runs may have bundles of one name that tell something different: both
 * count, the later one under a number.
 */
function placesOf(parts: readonly Part[]): ResultPlace[] {
  const told = new Map<string, ResultPlace>()
  for (const { state, list } of parts)
    for (const { key } of list.bundles) {
      const result = key === null ? null : state.result(key)
      if (result === null) continue
      const { key: _, ...what } = result
      const id = digest(what)
      if (!told.has(id)) told.set(id, { result, stateDir: state.dir })
    }
  const sorted = [...told.values()]
    .map((place) => ({ name: place.result.bundle, place }))
    .sort((a, b) => byName(a, b) || (a.place.result.key < b.place.result.key ? -1 : 1))
  return distinctNames(sorted).map(({ name, place }) =>
    name === place.result.bundle ? place : { ...place, result: { ...place.result, bundle: name } },
  )
}

const unreadOf = ({ state, list }: Part): Unread[] =>
  list.bundles.flatMap(({ name, key, reason }) => {
    if (key === null) return [{ name, reason: reason ?? 'not read' }]
    return state.result(key) === null ? [{ name, reason: 'its result is gone from the run’s folder' }] : []
  })

/** Each shard lists what could not be opened; it is one trouble. */
function distinct(list: readonly Unread[]): Unread[] {
  return [...new Map(list.map((u) => [u.name, u])).values()].sort(byName)
}

function missingShards(parts: readonly Part[]): Unread[] {
  const of = Math.max(0, ...parts.map((p) => p.list.shard?.of ?? 0))
  const have = new Set(parts.map((p) => p.list.shard).map((s) => (s?.of === of ? s.index : null)))
  return Array.from({ length: of }, (_, n) => n)
    .filter((n) => !have.has(n))
    .map((n) => ({ name: `shard ${n}/${of}`, reason: 'its folder was not given to the merge' }))
}

function notesOf(parts: readonly Part[]): string[] {
  const settings = new Set(parts.map((p) => p.list.settings))
  return settings.size > 1
    ? ['the runs were made with different options, templates or versions; their answers may differ for that alone']
    : []
}
