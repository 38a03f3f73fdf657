import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { growSlowly } from '../node/compiler.ts'
import { loadTools } from '../render/tools.ts'
import type { Unread } from './bundles.ts'
import type { FleetOptions } from './define-fleet.ts'
import { type FleetChoice, foldFleet } from './fleet.ts'
import { fleetPages } from './fleet-pages.ts'
import { linesOf } from './lines.ts'
import type { BundleResult } from './result.ts'
import { temporaryIn } from './state.ts'
import { writeParts } from './write-parts.ts'

/** Where a result's lines and pages lie: its own run's state folder (several of them in a merge). */
export interface ResultPlace {
  readonly result: BundleResult
  readonly stateDir: string
}

export interface Published {
  readonly choice: FleetChoice
  readonly written: number
  readonly kept: number
}

/** A fleet of more takes memory above all for what is garbage a moment later. */
const MANY_INCIDENTS = 5000

/**
 * Writes the fleet view and the pages of the chosen incidents. What is already there with the same bytes is not touched; what an earlier run left and
 * this one has not is removed. The output is a function of the results alone. Pages come before the lists that link to them.
 */
export async function publish(
  outDir: string,
  places: readonly ResultPlace[],
  listed: readonly Unread[],
  options: FleetOptions,
): Promise<Published> {
  const stateDir = path.join(outDir, '.oom-report')
  const incidentsDir = path.join(outDir, 'incidents')
  mkdirSync(incidentsDir, { recursive: true })
  if (places.reduce((n, { result }) => n + result.incidents.length, 0) > MANY_INCIDENTS) growSlowly()
  const choice = foldFleet(
    places.map((p) => p.result),
    listed,
    options,
  )
  const stateOf = new Map(places.map((p) => [p.result.key, p.stateDir]))
  const tally = { written: 0, kept: 0 }
  const count = (changed: boolean): void => {
    tally[changed ? 'written' : 'kept']++
  }
  const wanted = new Set<string>()
  for (const { main, further } of choice.chosen)
    for (const { key, row } of [main, ...further]) {
      // The same incident told by two bundles has one page, the richer one's.
      if (wanted.has(row.page)) continue
      wanted.add(row.page)
      count(placePage(path.join(stateOf.get(key) as string, 'pages', key, row.page), path.join(incidentsDir, row.page), stateDir))
    }
  const { engine } = await loadTools({}, true)
  const lists = new Set<string>()
  for (const { name, text } of fleetPages(choice.fleet, engine)) {
    lists.add(name)
    count(writeParts(path.join(outDir, name), text, stateDir))
  }
  count(writeParts(path.join(outDir, 'incidents.ndjson'), linesOf(choice.chosen, stateOf), stateDir))
  for (const old of readdirSync(incidentsDir)) if (!wanted.has(old)) rmSync(path.join(incidentsDir, old), { recursive: true, force: true })
  for (const old of readdirSync(outDir))
    if (/^by-(?:time|workload|node)-\d+\.html$/.test(old) && !lists.has(old)) rmSync(path.join(outDir, old), { force: true })
  return { choice, ...tally }
}

/** A link to the page in the state folder where the file system has links (no second copy of thousands of pages), a copy elsewhere. */
function placePage(from: string, to: string, stateDir: string): boolean {
  const target = statSync(to, { throwIfNoEntry: false })
  if (target !== undefined) {
    const source = statSync(from)
    if (target.ino === source.ino && target.dev === source.dev) return false
    if (target.size === source.size && readFileSync(to).equals(readFileSync(from))) return false
  }
  const temporary = temporaryIn(stateDir)
  try {
    linkSync(from, temporary)
  } catch {
    copyFileSync(from, temporary)
  }
  renameSync(temporary, to)
  // Renaming one link over another of the same file does nothing and leaves both.
  if (existsSync(temporary)) rmSync(temporary)
  return true
}
