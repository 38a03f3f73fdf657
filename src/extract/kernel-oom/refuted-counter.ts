import { accountMemcg } from '../../kernel/memcg-accounting.ts'
import type { OomDump } from '../../model/oom-dump.ts'
import { warning } from '../../warnings.ts'

/**
 * So much more than the usage may be in the statistics: up to 5.14 each CPU keeps back up to 64 pages of a counter (mm/memcontrol.c MEMCG_CHARGE_BATCH), after
 * that they are added up at intervals.
 */
const SLACK = { share: 0.25, bytes: 32 * 2 ** 20 }

/**
 * Leaves `memory: usage 8192kB, limit 81920kB` out where the statistics of the same report hold more than it: of `81920kB` a digit was lost, and shares of it
 * would be above one. A limit below the usage alone is believed: somebody lowers it (`memory.max` is written, then the killer runs).
 */
export function withoutRefutedCounter(dump: OomDump): OomDump {
  const held = accountMemcg(dump)
  if (held === null || dump.memory === null || -held.unaccountedBytes <= held.totalBytes * SLACK.share + SLACK.bytes) return dump
  const quote = dump.quotes.memory?.[0]
  const value = `${dump.memory.usageBytes / 1024}kB`
  const told = warning('number-absurd', quote?.source ?? null, quote?.line ?? null, { key: 'memory: usage', value })
  return { ...dump, memory: null, warnings: [...dump.warnings, told] }
}
