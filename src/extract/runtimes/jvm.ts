import { type RuntimeLine, runtimeExtractor } from './define-runtime.ts'

const error = String.raw`java\.lang\.OutOfMemoryError`

/**
 * HotSpot's and the class library's own words (kubernetes-oom §6.4). `unable to create native thread` is mostly a pids or ulimit matter, and an array
 * that is too long is a limit of the language: neither is an exhausted heap.
 */
const lines: readonly RuntimeLine[] = [
  {
    literal: 'OutOfMemoryError',
    shape: /(?<detail>unable to create (?:new )?native thread)/,
    what: 'own-limit',
    area: 'threads',
  },
  {
    // Of classes, and of their part that is addressed by 32 bits: -XX:MaxMetaspaceSize, -XX:CompressedClassSpaceSize.
    literal: 'OutOfMemoryError',
    shape: /\bOutOfMemoryError: (?<detail>Metaspace|Compressed class space)/,
    what: 'heap-exhausted',
    area: 'metaspace',
  },
  {
    // Until JDK 12; then `Cannot reserve N bytes of direct buffer memory`.
    literal: 'OutOfMemoryError',
    shape: /\bOutOfMemoryError: (?<detail>Direct buffer memory)/,
    what: 'heap-exhausted',
    area: 'direct',
  },
  {
    literal: 'OutOfMemoryError',
    shape: /(?<detail>Required (?:array )?length (?:too large|exceeds implementation limit))/,
    what: 'own-limit',
  },
  {
    // -XX:+ExitOnOutOfMemoryError (exit 3), -XX:+CrashOnOutOfMemoryError (134): as a rule the only line, since the error is never thrown.
    literal: 'OutOfMemoryError',
    shape: new RegExp(`(?<detail>(?:Terminating|Aborting) due to ${error}(?:: .*)?)`),
    what: 'heap-exhausted',
  },
  {
    // `Cannot reserve N bytes of direct buffer memory (allocated: A, limit: L)`
    literal: 'OutOfMemoryError',
    shape: /(?<detail>Cannot reserve \d+ bytes of direct buffer memory) \(allocated: (?<used>\d+), limit: (?<limit>\d+)\)/,
    what: 'heap-exhausted',
    area: 'direct',
  },
  { literal: 'OutOfMemoryError', shape: new RegExp(`${error}: (?<detail>Map failed|.*Out of swap space\\?)`), what: 'allocation-refused' },
  {
    // Java heap space, GC overhead limit exceeded, Requested array size exceeds VM limit; ART's `Failed to allocate a 12 byte allocation with …`
    literal: 'OutOfMemoryError',
    shape: new RegExp(`${error}: (?<detail>[^\\n"\\\\]+)`),
    what: 'heap-exhausted',
  },
  {
    // Loggers that leave the package out.
    literal: 'OutOfMemoryError',
    shape: /\bOutOfMemoryError: (?<detail>Java heap space|GC overhead limit exceeded)/,
    what: 'heap-exhausted',
  },
  { literal: 'OutOfMemoryError', shape: new RegExp(`(?<detail>${error})(?:[^\\w:]|$)`), what: 'heap-exhausted' },
  {
    literal: 'insufficient memory for the Java Runtime',
    shape: /insufficient memory for the Java Runtime Environment/,
    what: 'allocation-refused',
  },
  {
    // `# Native memory allocation (mmap) failed to map 262144 bytes for committing reserved memory.`; JDK 21 adds `Error detail: …`
    literal: 'Native memory allocation (',
    shape: /Native memory allocation \(\w+\) failed to (?:map|allocate) \d+ bytes[^.]*/,
    what: 'allocation-refused',
  },
  {
    // `os::commit_memory(0x…, 262144, 0) failed; error='Cannot allocate memory' (errno=12)`, newer `'Not enough space'`
    literal: 'commit_memory(',
    shape: /os::(?:\w+::)?commit_memory\([^)]*\) failed; error='(?:Cannot allocate memory|Not enough space)'/,
    what: 'allocation-refused',
  },
  {
    // -Xlog:gc*, 16 and later: [2026-11-24T07:00:01.010+0000][0.010s][info][gc,init] Heap Max Capacity: 7940M
    literal: 'Heap Max Capacity: ',
    shape: /(?<detail>Heap Max Capacity: (?<limit>\d+[KMGT]))$/,
    what: 'sized',
  },
  {
    // java -XshowSettings:vm:     Max. Heap Size (Estimated): 7.80G
    literal: 'Max. Heap Size (Estimated): ',
    shape: /(?<detail>Max\. Heap Size \(Estimated\): (?<limit>[\d.]+[KMGT]))$/,
    what: 'sized',
  },
  { literal: 'Out of Memory Error (', shape: /Out of Memory Error \(\w+\.[ch]pp:\d+\)/, what: 'allocation-refused' },
]

export const jvm = runtimeExtractor('jvm', lines)
