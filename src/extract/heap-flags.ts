const MIB = 2 ** 20
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** The ceiling that flags give to a runtime's heap, or to the cache that a database sizes by its configuration. */
export interface HeapCeiling {
  readonly runtime: 'jvm' | 'node' | 'go' | 'dotnet' | 'mongodb' | 'redis' | 'mysql'
  /** As written: `-Xmx4g`. */
  readonly flag: string
  readonly bytes: number
  /** False where it is a share of the limit: it grows with the limit. */
  readonly fixed: boolean
}

type Groups = Readonly<Record<string, string | undefined>>

interface Flag {
  readonly runtime: HeapCeiling['runtime']
  readonly pattern: RegExp
  readonly fixed: boolean
  bytes(groups: Groups, limit: number): number
}

const sized = (groups: Groups): number => Number(groups['n']) * (UNITS[unitOf(groups)] ?? 1)
/** `m` of `MiB`, nothing of `B`. */
const unitOf = (groups: Groups): string => (groups['unit'] ?? '').charAt(0).toLowerCase().replace('b', '')

/** Asked in this order: a fixed size overrules a share (HotSpot: -Xmx over MaxRAMPercentage). The last occurrence of a flag counts. */
const FLAGS: readonly Flag[] = [
  // `-Xmx4g`, `-XX:MaxHeapSize=4g`
  {
    runtime: 'jvm',
    pattern: /(?<=^|[\s="'])(?<flag>-(?:Xmx|XX:MaxHeapSize=)(?<n>\d{1,15})(?<unit>[kKmMgGtT]?))\b/g,
    fixed: true,
    bytes: sized,
  },
  // Variables of which an image's start script makes -Xmx: `SPARK_EXECUTOR_MEMORY=4g`, `MAX_HEAP_SIZE=4G` (Cassandra), Neo4j, Solr, older Elasticsearch
  {
    runtime: 'jvm',
    pattern:
      /(?<flag>(?:SPARK_EXECUTOR_MEMORY|MAX_HEAP_SIZE|NEO4J_(?:server|dbms)_memory_heap_max__size|SOLR_HEAP|[EL]S_HEAP_SIZE)=(?<n>\d{1,15})(?<unit>[kKmMgGtT]?))\b/g,
    fixed: true,
    bytes: sized,
  },
  // `-XX:MaxRAMPercentage=75.0`
  {
    runtime: 'jvm',
    pattern: /(?<flag>-XX:MaxRAMPercentage=(?<n>\d{1,3}(?:\.\d{1,6})?))/g,
    fixed: false,
    bytes: (groups, limit) => (limit * Number(groups['n'])) / 100,
  },
  // `--max-old-space-size=512`, in MiB
  {
    runtime: 'node',
    pattern: /(?<flag>--max[-_]old[-_]space[-_]size[= ](?<n>\d{1,9}))/g,
    fixed: true,
    bytes: (groups) => Number(groups['n']) * MIB,
  },
  // `GOMEMLIMIT=900MiB`
  { runtime: 'go', pattern: /(?<flag>GOMEMLIMIT=(?<n>\d{1,15})(?<unit>B|KiB|MiB|GiB|TiB)?)\b/g, fixed: true, bytes: sized },
  // `DOTNET_GCHeapHardLimit=0x20000000`: hexadecimal, with or without 0x
  {
    runtime: 'dotnet',
    pattern: /(?<flag>(?:DOTNET|COMPlus)_GCHeapHardLimit=(?:0x)?(?<n>[0-9a-fA-F]{1,16}))\b/g,
    fixed: true,
    bytes: (groups) => Number.parseInt(groups['n'] ?? '', 16),
  },
  // `--wiredTigerCacheSizeGB 3.5`, in GiB
  {
    runtime: 'mongodb',
    pattern: /(?<flag>--wiredTigerCacheSizeGB[= ](?<n>\d{1,6}(?:\.\d{1,6})?))/g,
    fixed: true,
    bytes: (groups) => Number(groups['n']) * 2 ** 30,
  },
  // `--maxmemory 3gb`; `3g` and `3m` are of powers of ten (redis util.c, memtoull)
  {
    runtime: 'redis',
    pattern: /(?<flag>--maxmemory[= ](?<n>\d{1,15})(?<unit>[kKmMgG]?[bB]?))(?![\w-])/g,
    fixed: true,
    bytes: (groups) => Number(groups['n']) * (groups['unit']?.length === 1 ? 1000 : 1024) ** ['', 'k', 'm', 'g'].indexOf(unitOf(groups)),
  },
  // `--innodb-buffer-pool-size=3G`
  {
    runtime: 'mysql',
    pattern: /(?<flag>--innodb[-_]buffer[-_]pool[-_]size[= ](?<n>\d{1,15})(?<unit>[kKmMgG]?))\b/g,
    fixed: true,
    bytes: sized,
  },
]

/** The heap ceiling that the flags of a command line or environment give a runtime; shares are of `limit`. */
export function heapCeiling(text: string, limit: number): HeapCeiling | null {
  for (const flag of FLAGS) {
    const found = [...text.matchAll(flag.pattern)].at(-1)?.groups
    if (found === undefined) continue
    const bytes = flag.bytes(found, limit)
    if (Number.isFinite(bytes) && bytes > 0) return { runtime: flag.runtime, flag: found['flag'] ?? '', bytes, fixed: flag.fixed }
  }
  return null
}

const INITIAL = /-Xms(?<n>\d{1,15})(?<unit>[kKmMgGtT]?)\b/g

/** A JVM does not start with an initial heap (-Xms) above its maximum: such a flag is lowered to it. */
export function withoutLargerStart(options: string, maximum: number): string {
  return options.replace(INITIAL, (flag, n: string, unit: string) =>
    sized({ n, unit }) > maximum ? `-Xms${Math.floor(maximum / MIB)}m` : flag,
  )
}
