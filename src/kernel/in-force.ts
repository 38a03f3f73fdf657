import type { Accounting, ZoneState } from '../model/figures.ts'
import type { OomDump } from '../model/oom-dump.ts'
import { accountMachine } from './machine-accounting.ts'
import { accountMemcg } from './memcg-accounting.ts'
import { accountPart } from './part-accounting.ts'
import { sumOf } from './sums.ts'
import { boundBy } from './total-pages.ts'
import { weighty, zoneStates } from './zones.ts'

/**
 * The one accounting of a report, for statements, headline, table and chart: the group's where its limit was hit, that of the zones which the request could use
 * where only a part of the machine was short, else the machine's. `null` where the log does not hold the figures of what was short: those of something
 * else are no stand-in.
 */
export function accountingInForce(dump: OomDump, scope: 'memcg' | 'global' | null): Accounting | null {
  if (scope === 'memcg') return accountMemcg(dump)
  if (scope === null) return null
  const machine = accountMachine(dump)
  const zones = zoneStates(dump) ?? []
  return !isPartial(dump, zones) || isNearlyAll(zones, machine) ? machine : accountPart(dump, zones)
}

/** Whether only a part of the machine was short: a bound request, or one that may not use zones which had memory left. */
function isPartial(dump: OomDump, zones: readonly ZoneState[]): boolean {
  if (dump.manual) return false
  if (boundBy(dump) !== null) return true
  const usable = weighty(zones.filter((zone) => zone.usable))
  return zones.some((zone) => !zone.usable && zone.exhausted === false) && usable.every((zone) => zone.exhausted !== false)
}

/** A request that could use nine tenths of the machine: the machine's figures are those of the part. */
function isNearlyAll(zones: readonly ZoneState[], machine: Accounting | null): boolean {
  const usable = sumOf(zones.filter((zone) => zone.usable).map((zone) => zone.sizeBytes))
  return machine !== null && usable >= machine.totalBytes * 0.9
}
