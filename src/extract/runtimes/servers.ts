import { runtimeExtractor } from './define-runtime.ts'

/** Masters that see a worker die of signal 9. Their pids are those of their own namespace: never the kernel's in a container. */
export const nginx = runtimeExtractor('nginx', [
  { literal: 'exited on signal 9', shape: /(?<detail>(?:worker|cache \w+) process (?<pid>\d+) exited on signal 9)/, what: 'child-killed' },
])

export const apache = runtimeExtractor('apache', [
  { literal: 'exit signal Killed (9)', shape: /(?<detail>child pid (?<pid>\d+) exit signal Killed \(9\))/, what: 'child-killed' },
])

/** gunicorn asks "Perhaps out of memory?" also after its own `WORKER TIMEOUT` kill. */
export const gunicorn = runtimeExtractor('gunicorn', [
  { literal: 'WORKER TIMEOUT', shape: /(?<detail>WORKER TIMEOUT) \(pid:(?<pid>\d+)\)/, what: 'own-limit', excuses: true },
  {
    literal: 'was sent SIGKILL!',
    shape: /(?<detail>Worker \(pid:(?<pid>\d+)\) was sent SIGKILL! Perhaps out of memory\?)/,
    what: 'child-killed',
  },
  {
    literal: 'was terminated due to signal 9',
    shape: /(?<detail>Worker with pid (?<pid>\d+) was terminated due to signal 9)/,
    what: 'child-killed',
  },
])

/** Celery kills by itself at its hard time limit; that line names no pid. */
export const celery = runtimeExtractor('celery', [
  { literal: 'Hard time limit (', shape: /(?<detail>Hard time limit \([\d.]+s\) exceeded)/, what: 'own-limit', excuses: true },
  {
    literal: "exited with 'signal 9",
    shape: /(?<detail>Process '[^']+' pid:(?<pid>\d+) exited with 'signal 9 \(SIGKILL\)')/,
    what: 'child-killed',
  },
  { literal: 'exited prematurely: signal 9', shape: /(?<detail>Worker exited prematurely: signal 9 \(SIGKILL\))/, what: 'child-killed' },
])

/** uWSGI's harakiri is its own timeout. */
export const uwsgi = runtimeExtractor('uwsgi', [
  { literal: 'HARAKIRI ON WORKER', shape: /(?<detail>HARAKIRI ON WORKER \d+) \(pid: (?<pid>\d+)/, what: 'own-limit', excuses: true },
  {
    literal: 'died, killed by signal 9',
    shape: /(?<detail>DAMN ! worker \d+ \(pid: (?<pid>\d+)\) died, killed by signal 9)/,
    what: 'child-killed',
  },
])

export const spark = runtimeExtractor('spark', [
  {
    literal: 'possible container OOM',
    shape: /(?<detail>exited with exit code 137\(SIGKILL, possible container OOM\))/,
    what: 'child-killed',
  },
  { literal: 'ExecutorLostFailure', shape: /(?<detail>ExecutorLostFailure \(executor [^)]*\))/, what: 'child-killed' },
  {
    literal: 'Container killed on request',
    shape: /(?<detail>Container killed on request\. Exit code is (?:143|137))/,
    what: 'terminated',
  },
])

/** Supervisors and platforms. */
export const other = runtimeExtractor('other', [
  { literal: 'terminated by SIGKILL', shape: /(?<detail>exited: \S+ \(terminated by SIGKILL; not expected\))/, what: 'child-killed' },
  { literal: 'via signal [SIGKILL]', shape: /(?<detail>exited with code \[\d+\] via signal \[SIGKILL\])/, what: 'child-killed' },
  {
    literal: 'exited with code 137 (Killed)',
    shape: /(?<detail>worker [^()]{0,40}\((?<pid>\d+)\) exited with code 137 \(Killed\))/,
    what: 'child-killed',
  },
  // Batch systems with limits of their own: PBS, LSF
  {
    literal: 'exceeded limit',
    shape: /(?<detail>PBS: job killed: \w*mem (?<used>\d+kb) exceeded limit (?<limit>\d+kb))/,
    what: 'own-limit',
  },
  { literal: 'TERM_MEMLIMIT', shape: /(?<detail>TERM_MEMLIMIT: job killed after reaching LSF memory usage limit)/, what: 'own-limit' },
  {
    // ENOMEM in any program's words, where none of the above knows them: `qemu: cannot set up guest memory 'pc.ram': Cannot allocate memory`,
    // `fork/exec /usr/bin/runc: cannot allocate memory`
    literal: 'annot allocate memory',
    shape:
      /^(?!.*(?:[^/]\bfork: |\bfork new process|\[Errno 12\]|commit_memory|virtual memory exhausted|buffer pool|runtime: ))(?<detail>.{0,160}: [Cc]annot allocate memory)(?: \(errno=12\))?\.?$/,
    what: 'allocation-refused',
  },
  { literal: 'Memory quota', shape: /(?<detail>Error R1[45] \(Memory quota (?:vastly )?exceeded\))/, what: 'own-limit' },
])
