import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { loadTools } from '../render/tools.ts'
import { type FleetChoice, type FleetOptions, foldFleet } from './fleet.ts'
import { fleetPages } from './fleet-pages.ts'
import type { BundleResult } from './result.ts'
import { writeWhole } from './state.ts'

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

/**
 * Writes the fleet view and the pages of the chosen incidents. What is already there with the same bytes is not touched; what an earlier run left and
 * this one has not is removed. The output is a function of the results alone.
 */
export async function publish(
  outDir: string,
  places: readonly ResultPlace[],
  listed: readonly { name: string; reason: string }[],
  options: FleetOptions,
): Promise<Published> {
  const stateDir = path.join(outDir, '.oom-report')
  mkdirSync(path.join(outDir, 'incidents'), { recursive: true })
  const ordered = [...places].sort((a, b) => (a.result.bundle < b.result.bundle ? -1 : a.result.bundle > b.result.bundle ? 1 : 0))
  const choice = foldFleet(
    ordered.map((p) => p.result),
    listed,
    options,
  )
  const stateOf = new Map(ordered.map((p) => [p.result.key, p.stateDir]))
  const tally = { written: 0, kept: 0 }
  const wanted = new Set<string>()
  for (const { key, row } of choice.chosen) {
    wanted.add(row.page)
    count(tally, placePage(path.join(stateOf.get(key) as string, 'pages', key, row.page), path.join(outDir, 'incidents', row.page)))
  }
  for (const old of readdirSync(path.join(outDir, 'incidents')))
    if (!wanted.has(old)) rmSync(path.join(outDir, 'incidents', old), { force: true })
  const { engine } = await loadTools({})
  const pages = fleetPages(choice.fleet, engine)
  for (const { name, text } of pages) count(tally, writeIfChanged(path.join(outDir, name), text, stateDir))
  for (const old of readdirSync(outDir))
    if (/^by-(?:time|workload)-\d+\.html$/.test(old) && !pages.some((p) => p.name === old)) rmSync(path.join(outDir, old), { force: true })
  count(tally, writeLines(path.join(outDir, 'incidents.ndjson'), choice, stateOf, stateDir))
  return { choice, ...tally }
}

function count(tally: { written: number; kept: number }, changed: boolean): void {
  if (changed) tally.written++
  else tally.kept++
}

function writeIfChanged(target: string, text: string, stateDir: string): boolean {
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return false
  writeWhole(target, text, stateDir)
  return true
}

/** A link to the page in the state folder where the file system has links (no second copy of thousands of pages), a copy elsewhere. */
function placePage(from: string, to: string): boolean {
  const target = statSync(to, { throwIfNoEntry: false })
  if (target !== undefined) {
    const source = statSync(from)
    if (target.ino === source.ino && target.dev === source.dev) return false
    if (target.size === source.size && readFileSync(to).equals(readFileSync(from))) return false
    rmSync(to)
  }
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
  return true
}

/** Copies the chosen incidents' lines, without parsing them; compares by hash before it replaces. */
function writeLines(target: string, choice: FleetChoice, stateOf: ReadonlyMap<string, string>, stateDir: string): boolean {
  const temporary = path.join(stateDir, 'tmp', `lines-${process.pid}`)
  const out = openSync(temporary, 'w')
  const hash = createHash('sha256')
  for (const { key, row } of choice.chosen) {
    const line = Buffer.allocUnsafe(row.length)
    const fd = openSync(path.join(stateOf.get(key) as string, 'results', `${key}.ndjson`), 'r')
    for (let at = 0; at < row.length; ) {
      const n = readSync(fd, line, at, row.length - at, row.offset + at)
      if (n === 0) break
      at += n
    }
    closeSync(fd)
    hash.update(line)
    for (let at = 0; at < line.length; ) at += writeSync(out, line, at)
  }
  closeSync(out)
  if (existsSync(target) && hashOf(target) === hash.digest('hex')) {
    rmSync(temporary)
    return false
  }
  renameSync(temporary, target)
  return true
}

function hashOf(file: string): string {
  const hash = createHash('sha256')
  const fd = openSync(file, 'r')
  const buffer = Buffer.allocUnsafe(1 << 20)
  for (let n = readSync(fd, buffer, 0, buffer.length, null); n > 0; n = readSync(fd, buffer, 0, buffer.length, null))
    hash.update(buffer.subarray(0, n))
  closeSync(fd)
  return hash.digest('hex')
}
