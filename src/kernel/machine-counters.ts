import type { MemInfo } from '../model/oom-dump.ts'
import { wholeOf } from './sums.ts'
import { zoneSize } from './zone-types.ts'

/** Keys that node and zone lines spell otherwise. */
const SPELLINGS: Readonly<Record<string, string>> = { isolated_anon: 'isolated(anon)', isolated_file: 'isolated(file)' }

/**
 * A machine-wide counter: the global one, else (the head of the block is lost) the sum over the node lines, else over the zone lines, where it stands on each
 * of them and they are all of the machine. `undefined`: not printed, which is not 0. `bound`: the lines are filtered to some nodes.
 */
export function counterOf(info: MemInfo, key: string, bound: boolean): number | undefined {
  const global = info.counters[key]
  if (global !== undefined || bound) return global
  const spelt = SPELLINGS[key] ?? key
  const lines = coversMachine(info) ? [info.nodes, info.zones] : [info.nodes]
  const sums = lines.map((list) => wholeOf(list.map((one) => one.values[spelt])))
  return sums.find((sum) => sum !== null) ?? undefined
}

/** Whether the zone lines are those of the whole machine, as far as a total tells. */
function coversMachine(info: MemInfo): boolean {
  const sum = wholeOf(info.zones.map(zoneSize))
  return sum !== null && (info.ramBytes === null || sum >= (info.ramBytes - (info.reservedBytes ?? 0)) * 0.85)
}
