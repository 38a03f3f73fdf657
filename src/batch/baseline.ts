import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { reasonOf } from './content.ts'
import type { Fleet, FleetOptions } from './define-fleet.ts'
import { Refusal } from './refusal.ts'

/** The workloads that an earlier batch knew. Throws a Refusal where the folder holds none. */
export function baselineOf(dir: string | null): FleetOptions['baseline'] {
  if (dir === null) return null
  const file = path.join(dir, 'index.json')
  if (!existsSync(file)) throw new Refusal(`--baseline ${dir} holds no index.json of an earlier batch`)
  try {
    const fleet = JSON.parse(readFileSync(file, 'utf8')) as Fleet
    return { name: `the baseline ${path.basename(path.resolve(dir))}`, keys: new Set(fleet.groups.map((g) => g.key)) }
  } catch (error) {
    throw new Refusal(`--baseline ${dir}: index.json is not readable: ${reasonOf(error)}`)
  }
}
