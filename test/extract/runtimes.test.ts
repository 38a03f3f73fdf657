import { describe, expect, it } from 'vitest'
import { runtimes } from '../../src/extract/runtimes/index.ts'
import type { Event, RuntimeEvent } from '../../src/model/event.ts'
import type { LogRecord } from '../../src/model/record.ts'
import { eventsOf, record } from './records.ts'

const MiB = 1024 ** 2
const GiB = 1024 ** 3

const read = (records: readonly LogRecord[]): Event[] => runtimes.flatMap((runtime) => eventsOf(runtime, records))
const say = (...lines: string[]): Event[] =>
  read(
    lines.map((line, index) => record(line, { writer: 'unknown', origin: { source: 't', line: index + 1, offset: null, cursor: null } })),
  )

type Expected = Partial<RuntimeEvent>
const heap: Expected = { what: 'heap-exhausted' }
const refused: Expected = { what: 'allocation-refused' }
const child: Expected = { what: 'child-killed' }
const own: Expected = { what: 'own-limit' }

/** Sheet kubernetes-oom 6.4, each literal of the table; `null` for what is context or a note only. */
const table: readonly (readonly [string, Expected | null])[] = [
  ['java.lang.OutOfMemoryError: Java heap space', { ...heap, runtime: 'jvm', detail: 'Java heap space' }],
  ['Exception in thread "main" java.lang.OutOfMemoryError: GC overhead limit exceeded', { ...heap, detail: 'GC overhead limit exceeded' }],
  ['java.lang.OutOfMemoryError: Requested array size exceeds VM limit', heap],
  ['Caused by: java.lang.OutOfMemoryError: Metaspace', { ...heap, detail: 'Metaspace' }],
  ['java.lang.OutOfMemoryError: Compressed class space', heap],
  ['java.lang.OutOfMemoryError: Direct buffer memory', heap],
  [
    'java.lang.OutOfMemoryError: Cannot reserve 8388608 bytes of direct buffer memory (allocated: 266338304, limit: 268435456)',
    { ...heap, heapUsedBytes: 266338304, heapLimitBytes: 268435456 },
  ],
  ['java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached', own],
  ['java.lang.OutOfMemoryError: unable to create new native thread', own],
  ['java.lang.OutOfMemoryError: Map failed', refused],
  ['java.lang.OutOfMemoryError', heap],
  ['Terminating due to java.lang.OutOfMemoryError: Java heap space', { what: 'heap-exhausted', runtime: 'jvm' }],
  ['Aborting due to java.lang.OutOfMemoryError: Java heap space', { what: 'heap-exhausted' }],
  ['# There is insufficient memory for the Java Runtime Environment to continue.', { ...refused, runtime: 'jvm' }],
  ['# Native memory allocation (mmap) failed to map 262144 bytes for committing reserved memory.', refused],
  ['# Native memory allocation (mmap) failed to map 262144 bytes. Error detail: committing reserved memory.', refused],
  [
    "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00000000d5550000, 262144, 0) failed; error='Cannot allocate memory' (errno=12)",
    refused,
  ],
  ["INFO: os::commit_memory(0x00000000d5550000, 262144, 0) failed; error='Not enough space' (errno=12)", refused],
  ['#  Out of Memory Error (os_linux.cpp:2756), pid=1, tid=7', refused],
  ['Dumping heap to /x.hprof ...', null],
  ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', { ...heap, runtime: 'node' }],
  ['FATAL ERROR: CALL_AND_RETRY_LAST Allocation failed - process out of memory', heap],
  ['FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory', heap],
  ['fatal error: runtime: out of memory', { ...refused, runtime: 'go' }],
  ['runtime: out of memory: cannot allocate 4194304-byte block (66125824 in use)', { ...refused, heapUsedBytes: 66125824 }],
  ['runtime: VirtualAlloc of 4194304 bytes failed with errno=1455', refused],
  ['runtime: cannot allocate memory', refused],
  ['fatal error: runtime: cannot map pages in arena address space', refused],
  ['MemoryError', { ...refused, runtime: 'python' }],
  [
    'numpy.core._exceptions._ArrayMemoryError: Unable to allocate 7.45 GiB for an array with shape (1000, 1000000) and data type float64',
    { ...refused, runtime: 'python' },
  ],
  ['OSError: [Errno 12] Cannot allocate memory', refused],
  ['RuntimeError: DataLoader worker (pid 123) is killed by signal: Killed. ', { ...child, pid: 123 }],
  [
    'concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated abruptly while the future was running',
    child,
  ],
  ['torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', own],
  ['Unhandled exception. System.OutOfMemoryException: Exception of type was thrown.', { ...heap, runtime: 'dotnet' }],
  ['Out of memory.', { ...heap, runtime: 'dotnet' }],
  ['Insufficient memory to continue the execution of the program.', heap],
  ["terminate called after throwing an instance of 'std::bad_alloc'", { ...refused, runtime: 'native' }],
  ['tcmalloc: large alloc 1073741824 bytes == 0x1234 @', null],
  ['<jemalloc>: Error in malloc(): out of memory', { ...refused, runtime: 'native' }],
  ['virtual memory exhausted: Cannot allocate memory', { ...refused, runtime: 'compiler' }],
  ['c++: fatal error: Killed signal terminated program cc1plus', { ...child, runtime: 'compiler' }],
  ['g++: internal compiler error: Killed (program cc1plus)', child],
  ['collect2: fatal error: ld terminated with signal 9 [Killed]', child],
  ['memory allocation of 1073741824 bytes failed', { ...refused, runtime: 'rust' }],
  ['[FATAL] failed to allocate memory', { ...refused, runtime: 'ruby' }],
  [
    'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /x.php on line 3',
    { ...own, runtime: 'php', heapLimitBytes: 134217728 },
  ],
  ['WARNING: [pool www] child 31 exited on signal 9 (SIGKILL) after 12.3 seconds from start', { ...child, runtime: 'php', pid: 31 }],
  ['-bash: fork: Cannot allocate memory', { ...refused, runtime: 'shell' }],
  ['bash: xmalloc: cannot allocate 1048576 bytes', refused],
  ['Killed', { ...child, runtime: 'shell' }],
  ['/app/run.sh: line 3:     7 Killed                  java -jar x.jar', { ...child, pid: 7 }],
  ['Out of memory!', { ...refused, runtime: 'shell' }],
  ['LOG:  server process (PID 123) was terminated by signal 9: Killed', { ...child, runtime: 'postgresql', pid: 123 }],
  ['LOG:  background worker "parallel worker" (PID 77) was terminated by signal 9: Killed', { ...child, pid: 77 }],
  ['LOG:  terminating any other active server processes', null],
  ['ERROR:  out of memory', { ...refused, runtime: 'postgresql' }],
  ['DETAIL:  Failed on request of size 1048576 in memory context "ExecutorState".', refused],
  ['LOG:  could not fork new process for connection: Cannot allocate memory', refused],
  ['ERROR:  out of shared memory', own],
  ['mysqld: Out of memory (Needed 134217728 bytes)', { ...refused, runtime: 'mysql' }],
  ['[ERROR] InnoDB: Cannot allocate memory for the buffer pool', refused],
  ['[Note] InnoDB: Starting crash recovery from checkpoint LSN=1', { what: 'terminated', runtime: 'mysql' }],
  ["Can't save in background: fork: Cannot allocate memory", { ...refused, runtime: 'redis' }],
  ['WARNING overcommit_memory is set to 0! Background save may fail under low memory condition.', null],
  ['Background saving terminated by signal 9', { ...child, runtime: 'redis' }],
  ["OOM command not allowed when used memory > 'maxmemory'.", { ...own, runtime: 'redis' }],
  ['ERROR: Elasticsearch exited unexpectedly, with exit code 137', { ...child, runtime: 'elasticsearch' }],
  [
    'CircuitBreakingException: [parent] Data too large, data for [<http_request>] would be [1052934144/1004.1mb], which is larger than the limit of [1020054732/972.7mb]',
    { ...own, heapUsedBytes: 1052934144, heapLimitBytes: 1020054732 },
  ],
  [
    'DB::Exception: Memory limit (total) exceeded: would use 28.00 GiB (attempt to allocate chunk of 4 bytes), maximum: 27.00 GiB',
    { ...own, runtime: 'clickhouse', heapUsedBytes: 28 * GiB, heapLimitBytes: 27 * GiB },
  ],
  ['2024/01/31 12:00:00 [alert] 1#1: worker process 29 exited on signal 9', { ...child, runtime: 'nginx', pid: 29 }],
  ['AH00052: child pid 31 exit signal Killed (9)', { ...child, runtime: 'apache', pid: 31 }],
  [
    '[2025-10-26 18:44:50 -0400] [49814] [ERROR] Worker (pid:52373) was sent SIGKILL! Perhaps out of memory?',
    { ...child, runtime: 'gunicorn', pid: 52373 },
  ],
  ['[WARNING] Worker with pid 12 was terminated due to signal 9', { ...child, pid: 12 }],
  ['DAMN ! worker 1 (pid: 12) died, killed by signal 9 :( trying respawn ...', { ...child, runtime: 'uwsgi', pid: 12 }],
  ['billiard.exceptions.WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL) Job: 0.', { ...child, runtime: 'celery' }],
  ['reaped #<Process::Status: pid 12 SIGKILL (signal 9)> worker=0', { ...child, runtime: 'ruby', pid: 12 }],
  ['exited with exit code 137(SIGKILL, possible container OOM)', { ...child, runtime: 'spark' }],
  ['ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: x', child],
  ['Container killed on request. Exit code is 143', { what: 'terminated', runtime: 'spark' }],
  ['The runner has received a shutdown signal. This can happen when the runner service is stopped', { what: 'terminated', runtime: 'ci' }],
  ['ERROR: Job failed: exit code 137', { ...child, runtime: 'ci' }],
  ['Gradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)', { ...child, runtime: 'ci' }],
  ["subprocess.CalledProcessError: Command '['train']' died with <Signals.SIGKILL: 9>.", { ...child, runtime: 'python' }],
  ['[2024-01-31] INFO - Task exited with return code -9', { ...child, runtime: 'python' }],
  ['mysqld_safe Number of processes running now: 0', { what: 'terminated', runtime: 'mysql' }],
  ['[WARNING] (1) : Current worker (12) exited with code 137 (Killed)', { ...child, runtime: 'other', pid: 12 }],
  ['=>> PBS: job killed: mem 4194304kb exceeded limit 2097152kb', { ...own, heapLimitBytes: 2 * GiB }],
  ["qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory", { ...refused, runtime: 'other' }],
  ['fork/exec /usr/bin/runc: cannot allocate memory', { ...refused, runtime: 'other' }],
  ['make: *** [all] Error 137', { ...child, runtime: 'ci' }],
]

describe('applications, kubernetes-oom §6.4', () => {
  it.each(table)('%s', (line, expected) => {
    const events = say(line).filter(({ kind }) => kind === 'runtime') as RuntimeEvent[]
    if (expected === null) expect(events).toEqual([])
    else {
      // A text that two programs use may be read as both; the first is the one meant.
      expect(events.length).toBeGreaterThan(0)
      expect(events.some((event) => Object.entries(expected).every(([key, value]) => event[key as keyof RuntimeEvent] === value))).toBe(
        true,
      )
      expect(new Set(events.map(({ what }) => what)).size).toBe(1)
    }
  })
  it('reads a JSON log line just as well', () => {
    expect(say('{"level":"ERROR","message":"java.lang.OutOfMemoryError: Java heap space"}')).toMatchObject([
      { what: 'heap-exhausted', detail: 'Java heap space' },
    ])
    expect(say('ERROR OutOfMemoryError: Metaspace')).toMatchObject([{ runtime: 'jvm', what: 'heap-exhausted' }])
  })
  it('takes V8’s figures from its last collection', () => {
    const lines = [
      '<--- Last few GCs --->',
      '',
      '[1:0x6d4b000]    12305 ms: Mark-sweep 2040.1 (2080.0) -> 2039.9 (2081.3) MB, 10.2 / 0.0 ms  (average mu = 0.1) allocation failure',
      '[1:0x6d4b000]    12345 ms: Mark-sweep (reduce) 2045.1 (2083.0) -> 2044.9 (2083.3) MB, 10.2 / 0.0 ms  (average mu = 0.1) allocation failure',
      '',
      '<--- JS stacktrace --->',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    ]
    const expected = [{ heapUsedBytes: Math.round(2044.9 * MiB), heapLimitBytes: Math.round(2083.3 * MiB), pid: 1 }]
    expect(say(...lines)).toMatchObject(expected)
    expect(say(lines.join('\n'))).toMatchObject(expected)
  })
  it('tells a burst once and the next crash again', () => {
    const error = 'java.lang.OutOfMemoryError: Java heap space'
    const at = (epochUs: number) =>
      record(error, {
        moment: {
          wall: { text: '', epochUs, localUs: null, hasYear: true, offsetMinutes: 0, zoneName: null, precisionUs: 1, clock: 'emitted' },
          outerWall: null,
          uptimeUs: null,
        },
      })
    expect(read([at(0), at(200_000), at(900_000), at(60_000_000)])).toHaveLength(2)
    expect(say(error, `Caused by: ${error}`)).toHaveLength(1)
  })
})

describe('traps', () => {
  it('gunicorn’s own timeout is no OOM, whatever it asks', () => {
    expect(
      say(
        '[2025-10-26 18:44:49 -0400] [1] [CRITICAL] WORKER TIMEOUT (pid:52373)',
        '[2025-10-26 18:44:50 -0400] [1] [ERROR] Worker (pid:52373) was sent SIGKILL! Perhaps out of memory?',
      ).map((event) => (event as RuntimeEvent).what),
    ).not.toContain('child-killed')
    expect(
      say('[1] [CRITICAL] WORKER TIMEOUT (pid:52373)', '[1] [ERROR] Worker (pid:99) was sent SIGKILL! Perhaps out of memory?'),
    ).toMatchObject([{ what: 'own-limit' }, { what: 'child-killed', pid: 99 }])
  })
  it.each([
    ['*** HARAKIRI ON WORKER 1 (pid: 12, try: 1) ***', 'DAMN ! worker 1 (pid: 12) died, killed by signal 9 :( trying respawn ...'],
    ['Hard time limit (300.0s) exceeded for app.task[1]', "Process 'ForkPoolWorker-1' pid:12 exited with 'signal 9 (SIGKILL)'"],
    ['E, [x] ERROR -- : worker=0 PID:12 timeout (61s > 60s), killing', 'reaped #<Process::Status: pid 12 SIGKILL (signal 9)> worker=0'],
  ])('%s', (timeout, death) => {
    expect(say(timeout, death).map((event) => (event as RuntimeEvent).what)).not.toContain('child-killed')
  })
  it.each([
    'the process was Killed by the operator',
    'Out of memory: Killed process 4242 (java)',
    'class MemoryErrorHandler loaded',
    'no OutOfMemoryErrors seen',
    'oom in the room',
  ])('%s is nothing', (line) => {
    expect(say(line)).toEqual([])
  })
  it('one refusal is read once, by who knows it best', () => {
    for (const line of [
      "Can't save in background: fork: Cannot allocate memory",
      '-bash: fork: Cannot allocate memory',
      'OSError: [Errno 12] Cannot allocate memory',
    ])
      expect(say(line)).toHaveLength(1)
  })
  it('what the kubelet or a runtime says of 137 is read elsewhere', () => {
    expect(read([record('command terminated with exit code 137', { identifier: 'kubelet' })])).toEqual([])
  })
  it('the kernel is no application', () => {
    expect(read([record('java.lang.OutOfMemoryError: Java heap space', { writer: 'kernel' })])).toEqual([])
  })
})
