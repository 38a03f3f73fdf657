import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { sumOf } from '../../kernel/sums.ts'
import { boundBy } from '../../kernel/total-pages.ts'
import { weighty } from '../../kernel/zones.ts'
import type { ZoneState } from '../../model/figures.ts'

/** What the zones of a global report say about the shortage: for the answers that tell node-wide from partial. */
export interface MachineState {
  /** Zones that the request could use. */
  readonly usable: readonly ZoneState[]
  /** Of those, the ones at or below what the request had to leave. */
  readonly dry: readonly ZoneState[]
  /** Whether every usable zone was dry; `null` where no zone has figures. */
  readonly allDry: boolean | null
  /** Nodes of which all usable zones were dry, and nodes that had plenty, with what they had free. */
  readonly dryNodes: readonly number[]
  readonly wealthy: readonly { readonly node: number; readonly freeBytes: number; readonly managedBytes: number }[]
  /** Zones that the request may not use and that had plenty. */
  readonly forbidden: readonly ZoneState[]
}

export function isGlobal(facts: IncidentFacts): boolean {
  return facts.scope === 'global' && facts.dump !== null && !facts.dump.manual && (facts.kill === null || facts.kill.killer === 'kernel')
}

/** What bound the request: printed, or told by the header of kernels that print none. */
export function constraintIn(facts: IncidentFacts) {
  return facts.dump?.constraint ?? facts.kill?.constraint ?? (facts.dump === null ? null : boundBy(facts.dump))
}

/** Dry: no headroom, or free below the low watermark, at which reclaim had been running (real OOMs show small headroom, §12.6). */
function isDry(zone: ZoneState): boolean | null {
  if (zone.exhausted === null || zone.freeBytes === null) return null
  return zone.exhausted || (zone.lowBytes !== null && zone.freeBytes < zone.lowBytes)
}

/**
 * Most of the memory was free: the machine as a whole cannot have run out, whatever is missing to say which part did. Watermarks, CMA areas and reserves do
 * not keep a quarter of a machine free.
 */
export function isMostlyFree(facts: IncidentFacts): boolean {
  const free = freeOf(facts)
  const total = facts.machineAccounting?.totalBytes ?? null
  const cma = facts.dump?.memInfo?.counters['free_cma'] ?? 0
  return isGlobal(facts) && free !== null && total !== null && free - cma > total * 0.25
}

/** Ten per cent of a zone or node, and three times its high watermark, free: no shortage there. A cut line may have lost the size. */
function isWealthy(zones: readonly ZoneState[]): boolean {
  const free = freeIn(zones)
  return free >= sizeIn(zones) * 0.1 && free >= 3 * sumOf(zones.map((zone) => zone.highBytes)) && free >= 16 * 2 ** 20
}

const freeIn = (zones: readonly ZoneState[]): number => sumOf(zones.map((zone) => zone.freeBytes))
const sizeIn = (zones: readonly ZoneState[]): number => sumOf(zones.map((zone) => zone.sizeBytes))

export function machineState(facts: IncidentFacts): MachineState | null {
  if (!isGlobal(facts) || facts.zones === null) return null
  const zones = facts.zones.filter((zone) => zone.name !== 'Device' && zone.sizeBytes !== 0)
  const usable = zones.filter((zone) => zone.usable)
  const judged = weighty(usable).filter((zone) => isDry(zone) !== null)
  const dry = judged.filter((zone) => isDry(zone) === true)
  const nodes = [...new Set(zones.map(nodeOf))]
  const of = (node: number): readonly ZoneState[] => zones.filter((zone) => nodeOf(zone) === node)
  const wealthy = nodes
    .map((node) => ({ node, freeBytes: freeIn(of(node)), managedBytes: sizeIn(of(node)) }))
    .filter(({ node, managedBytes }) => managedBytes > 0 && isWealthy(of(node)))
  return {
    usable,
    dry,
    allDry: judged.length === 0 ? null : dry.length === judged.length,
    dryNodes: nodes.filter((node) => of(node).some((zone) => isDry(zone) !== null) && of(node).every((zone) => isDry(zone) !== false)),
    wealthy,
    forbidden: zones.filter((zone) => !zone.usable && isWealthy([zone])),
  }
}

/** A machine without NUMA has one node. */
const nodeOf = (zone: ZoneState): number => zone.node ?? 0

/** Free memory of the whole machine by the global counter: node and zone lines may be filtered to the allowed nodes. */
export function freeOf(facts: IncidentFacts): number | null {
  return facts.dump?.memInfo?.counters['free'] ?? null
}
