import { runtimeExtractor } from './define-runtime.ts'

/** Go: the runtime could not get memory from the kernel. A Go leak in a container mostly ends by the kernel, not here. Exit 2. */
export const go = runtimeExtractor('go', [
  {
    // `runtime: out of memory: cannot allocate 4194304-byte block (66125824 in use)`, `fatal error: runtime: out of memory`
    literal: 'runtime: out of memory',
    // In quotes it is somebody's word for it, unless they are those of a field: `msg="…"`.
    shape:
      /(?<!(?:^|[^=:])["'`](?:fatal error: )?)(?<detail>runtime: out of memory(?:: cannot allocate \d+-byte block \((?<used>\d+) in use\))?)/,
    what: 'allocation-refused',
  },
  { literal: 'runtime: cannot allocate memory', shape: /runtime: cannot allocate memory/, what: 'allocation-refused' },
  { literal: 'runtime: VirtualAlloc of', shape: /runtime: VirtualAlloc of .* failed/, what: 'allocation-refused' },
  { literal: 'cannot map pages in arena', shape: /(?:runtime: )?cannot map pages in arena address space/, what: 'allocation-refused' },
])

/** .NET: the heap's hard limit is 75 % of the container's unless set. Exit 134 or 139. */
export const dotnet = runtimeExtractor('dotnet', [
  { literal: 'System.OutOfMemoryException', shape: /(?<detail>System\.OutOfMemoryException(?:: .*)?)/, what: 'heap-exhausted' },
  {
    literal: 'Insufficient memory to continue the execution',
    shape: /Insufficient memory to continue the execution of the program/,
    what: 'heap-exhausted',
  },
  { literal: 'Out of memory.', shape: /^Out of memory\.$/, what: 'heap-exhausted' },
  { literal: 'GC heap initialization failed', shape: /GC heap initialization failed.*/, what: 'allocation-refused' },
])

/** Python and its libraries. CUDA's memory is the graphics card's. */
export const python = runtimeExtractor('python', [
  { literal: 'CUDA out of memory', shape: /(?<detail>CUDA out of memory)/, what: 'own-limit' },
  {
    // `numpy.core._exceptions._ArrayMemoryError: Unable to allocate 7.45 GiB for an array with shape …`
    literal: 'MemoryError: Unable to allocate',
    shape: /(?<detail>\w{0,40}MemoryError: Unable to allocate [\d.]+ \w+ for an array.*)/,
    what: 'allocation-refused',
  },
  { literal: 'MemoryError', shape: /^(?:[A-Za-z_.]+: )?(?<detail>MemoryError)(?::.*)?$/, what: 'allocation-refused' },
  { literal: '[Errno 12] Cannot allocate memory', shape: /\w{0,40}Error: \[Errno 12\] Cannot allocate memory/, what: 'allocation-refused' },
  {
    literal: 'DataLoader worker (pid',
    shape: /(?<detail>DataLoader worker \(pid(?:\(s\))? (?<pid>\d{1,20})[^)]{0,200}\) (?:is killed by signal: Killed|exited unexpectedly))/,
    what: 'child-killed',
  },
  {
    literal: 'process pool was terminated abruptly',
    shape: /(?<detail>(?:BrokenProcessPool: )?A process in the process pool was terminated abruptly)/,
    what: 'child-killed',
  },
  {
    literal: 'TerminatedWorkerError',
    shape: /TerminatedWorkerError: A worker process managed by the executor was unexpectedly terminated/,
    what: 'child-killed',
  },
  { literal: 'node running low on memory', shape: /Task was killed due to the node running low on memory/, what: 'child-killed' },
  // subprocess.run(…, check=True); Airflow's task runner
  { literal: 'Signals.SIGKILL', shape: /(?<detail>died with <Signals\.SIGKILL: 9>)/, what: 'child-killed' },
  { literal: 'return code -9', shape: /(?<detail>(?:Task|Process) .{0,80}?return code -9)\b/, what: 'child-killed' },
  {
    literal: 'memory budget. Restarting',
    shape: /Worker(?: \S+ \(pid=(?<pid>\d+)\))? exceeded \d+% memory budget\. Restarting/,
    what: 'own-limit',
  },
])

/** PHP: `memory_limit` is the application's own (exit 255). */
export const php = runtimeExtractor('php', [
  {
    literal: 'Allowed memory size of',
    shape: /(?<detail>Allowed memory size of (?<limit>\d+) bytes exhausted)/,
    what: 'own-limit',
  },
  { literal: 'Out of memory (allocated', shape: /(?<detail>Out of memory \(allocated (?<used>\d+)\))/, what: 'allocation-refused' },
  {
    // php-fpm: `WARNING: [pool www] child 31 exited on signal 9 (SIGKILL) after 12.3 seconds from start`
    literal: 'exited on signal 9 (SIGKILL)',
    shape: /(?<detail>child (?<pid>\d+) exited on signal 9 \(SIGKILL\))/,
    what: 'child-killed',
  },
  // `request_terminate_timeout`: php-fpm kills by itself.
  { literal: 'execution timed out', shape: /child (?<pid>\d+), script .* execution timed out/, what: 'own-limit', excuses: true },
])

export const ruby = runtimeExtractor('ruby', [
  {
    literal: 'failed to allocate memory',
    shape: /(?<detail>\[FATAL\] failed to allocate memory|failed to allocate memory \(NoMemoryError\))/,
    what: 'allocation-refused',
  },
  {
    // Unicorn: `reaped #<Process::Status: pid 12 SIGKILL (signal 9)> worker=0`; before it, when it was its own doing, `ERROR -- : worker=0 PID:12 timeout (61s > 60s), killing`
    literal: 'SIGKILL (signal 9)',
    shape: /(?<detail>reaped #<Process::Status: pid (?<pid>\d+) SIGKILL \(signal 9\)>)/,
    what: 'child-killed',
  },
  { literal: ', killing', shape: /worker=\d+ PID:(?<pid>\d+) timeout \(\d+s > \d+s\), killing/, what: 'own-limit', excuses: true },
])

export const rust = runtimeExtractor('rust', [
  { literal: 'memory allocation of ', shape: /(?<detail>memory allocation of \d+ bytes failed)/, what: 'allocation-refused' },
])

/** C and C++: what malloc and new say. tcmalloc's `large alloc` is a note, not a failure. */
export const native = runtimeExtractor('native', [
  { literal: 'std::bad_alloc', shape: /(?<detail>std::bad_alloc)/, what: 'allocation-refused' },
  { literal: 'jemalloc', shape: /<jemalloc>: (?<detail>Error .*|.*out of memory.*)/i, what: 'allocation-refused' },
])
