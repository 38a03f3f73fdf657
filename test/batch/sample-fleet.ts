import type { Fleet } from '../../src/batch/define-fleet.ts'
import { fleetPages } from '../../src/batch/fleet-pages.ts'
import type { BundleResult, IncidentRow } from '../../src/batch/result.ts'
import type { TemplateEngine } from '../../src/render/template-engine.ts'

const apps = [
  'checkout',
  'cart',
  'search',
  'pricing',
  'ledger',
  'media-transcode',
  'report-batch',
  'gateway',
  'thumbs',
  'invoice-worker',
  'ingest',
]
const teams = ['shop', 'payments', 'media', 'reports', 'edge', 'search']
const kinds = [
  ['container-limit', 'process', 'process-outgrew-limit'],
  ['container-limit', 'process', 'memory-leak'],
  ['container-limit', 'shared-memory', 'memory-backed-volume'],
  ['pod-limit', 'many-processes', 'too-many-workers'],
  ['node-memory', 'process', 'unbounded-workload'],
  ['eviction-threshold', 'unknown', 'unknown'],
  ['pressure-threshold', 'page-cache', 'userspace-killer'],
] as const

/** All pages of a fleet, each in one piece. */
export const wholePages = (fleet: Fleet, engine: TemplateEngine): { readonly name: string; readonly text: string }[] =>
  [...fleetPages(fleet, engine)].map(({ name, text }) => ({ name, text: [...text].join('') }))

/** A fleet of so many incidents, the same each time: a few workloads make most of them, as in life. */
export function sampleResults(incidents: number): BundleResult[] {
  let state = 7
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  const skewed = (n: number): number => Math.floor(n * random() ** 3)
  const first = Date.UTC(2026, 9, 20)
  return Array.from({ length: incidents + Math.floor(incidents / 10) }, (_, n): BundleResult => {
    const host = `ip-10-42-${Math.floor(n / 250)}-${n % 250}`
    const rows = n < incidents ? [rowFor(n, host, first, skewed, random)] : []
    return {
      ...{ schemaVersion: 1, key: `k${n}`, bundle: `bundles/${host}.tar.gz`, status: 'ok', reason: null, bytes: 1, lines: 1, sources: 1 },
      ...{ from: null, to: null, hosts: [host], incidents: rows },
    }
  })
}

function rowFor(n: number, host: string, first: number, skewed: (n: number) => number, random: () => number): IncidentRow {
  const app = skewed(apps.length)
  const serial = skewed(40)
  const [limit, consumer, rootCause] = kinds[(app + skewed(kinds.length)) % kinds.length] as (typeof kinds)[number]
  const namespace = teams[app % teams.length] as string
  const workload = `${namespace}/Deployment/${apps[app]}${serial === 0 ? '' : `-${serial}`} · ${app % 2 === 0 ? 'app' : 'worker'}`
  const start = first + Math.floor(random() * 14 * 86_400_000)
  const kills = Array.from({ length: 1 + skewed(9) }, (_, k) => {
    const time = new Date(start + k * 1_800_000).toISOString()
    return { key: `${host}|${n}|${k}`, time, same: [] }
  })
  const id = n.toString(16).padStart(12, '0')
  return {
    id,
    headline: `${apps[app]} was killed at its ${limit} of 512 MiB in ${namespace} on ${host}; it held most of it itself`,
    ...{ host, workload, namespace, limit, consumer, rootCause, pattern: kills.length > 1 ? 'repeating' : 'single' },
    firstTime: kills[0]?.time ?? null,
    lastTime: kills.at(-1)?.time ?? null,
    limitConfidence: 'high',
    limitBytes: limit === 'container-limit' ? 512 * 1024 * 1024 : null,
    rootCauseConfidence: rootCause === 'unknown' ? 'low' : 'medium',
    kills,
    page: `${id}.html`,
    offset: 0,
    length: 100,
  }
}
