import { maskSecrets } from '../../text/secrets.ts'

/** What of a workload's settings is about memory; everything else is dropped where it is read, since environments hold secrets. */

/** Names of variables that size a heap, an allocator or a number of workers. */
const MEMORY_NAMES =
  /^(?:_?JAVA_\w{0,64}OPT(?:ION)?S|JDK_JAVA_OPTIONS|\w{0,64}_JAVA_OPTS|JVM_OPTS|JVM_ARGS|CATALINA_OPTS|\w{0,64}HEAP\w{0,64}|\w{0,64}XM[XS]\w{0,64}|NODE_OPTIONS|GOMEMLIMIT|GOGC|GOMAXPROCS|GODEBUG|DOTNET_\w{1,64}|COMPlus_\w{1,64}|MALLOC_\w{1,64}|\w{0,64}(?:MAX|MIN|LIMIT)_?MEM\w{0,64}|\w{0,64}MEM(?:ORY)?_?(?:MAX|LIMIT|SIZE|MB|BYTES|FRACTION|PERCENT)\w{0,64}|\w{0,64}_MEMORY|WEB_CONCURRENCY|\w{0,64}WORKERS|\w{0,64}CONCURRENCY|PYTHONMALLOC|LD_PRELOAD|UV_THREADPOOL_SIZE|RAILS_MAX_THREADS|SPARK_\w{0,64}MEMORY\w{0,64}|MONGO_\w{0,64}CACHE\w{0,64}|INNODB_BUFFER_POOL_SIZE|NEO4J_(?:server|dbms)_memory_\w{1,64})$/
/** Of a line of options, only those that size something. */
const MEMORY_OPTION =
  /^(?:-X(?:m[xsn]|ss|X:)|-Xlog:gc|-verbose:gc|--max[-_](?:old|semi|new|heap)|--(?:wiredTigerCache|maxmemory=|innodb[-_]buffer[-_]pool)|--v8-|--jitless|-Djdk\.nio|-Dio\.netty\.maxDirectMemory|-d(?:32|64)|-server)/
const HEAP_FLAG =
  /(?:^|[\s"'])(?:-Xm[xs]\d|-XX:Max(?:RAM|Heap)|--max[-_]old[-_]space|--wiredTigerCacheSizeGB=|--maxmemory=|--innodb[-_]buffer[-_]pool[-_]size=)/
const OPTION_LINE = /OPT(?:ION)?S$|_ARGS$/
/** Values of other settings: a size, a number, a flag; never free text. */
const PLAIN_VALUE = /^[\w.:%/,=+-]{0,64}$/

/** The value worth keeping of a variable, or `null` when it is none of ours or nothing is left. */
export function memoryVariable(name: string, value: string): string | null {
  if (/PASS|SECRET|TOKEN|CREDENTIAL|KEY/.test(name)) return null
  const known = MEMORY_NAMES.test(name)
  // Images invent names for options of their runtime (`JAVA_OPTS_APPEND`): a heap's flag tells what it is, and only such options are kept.
  if (!known && !HEAP_FLAG.test(value)) return null
  if (known && !OPTION_LINE.test(name)) return PLAIN_VALUE.test(value) ? value : null
  const kept = value.split(/\s+/).filter((option) => MEMORY_OPTION.test(option))
  return kept.length === 0 ? null : kept.join(' ')
}

/** Arguments with the values of what is named like a secret masked (`text/secrets.ts`): by themselves, and behind the option before them. */
export function maskArguments(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const before = args[index - 1] ?? ''
    if (!before.startsWith('-') || before.includes('=') || arg === '') return maskSecrets(arg)
    const both = `${before} ${arg}`
    return maskSecrets(both) === both ? maskSecrets(arg) : maskSecrets(both).slice(before.length + 1)
  })
}
