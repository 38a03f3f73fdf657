import { runtimeExtractor } from './define-runtime.ts'

/** PostgreSQL: a backend killed makes it restart all others; the pod stays Running. */
export const postgresql = runtimeExtractor('postgresql', [
  {
    // `LOG:  server process (PID 123) was terminated by signal 9: Killed`, also background and parallel workers
    literal: 'was terminated by signal 9',
    shape:
      /(?<detail>(?:server process|[\w" ]{0,60}worker[\w" ]{0,60}|[\w ]{1,60} process) \(PID (?<pid>\d{1,20})\) was terminated by signal 9)/,
    what: 'child-killed',
  },
  {
    literal: 'Failed on request of size',
    shape: /(?<detail>Failed on request of size \d+(?: in memory context "[^"]*")?)/,
    what: 'allocation-refused',
  },
  {
    literal: 'could not fork new process',
    shape: /(?<detail>could not fork new process for connection: Cannot allocate memory)/,
    what: 'allocation-refused',
  },
  // max_locks_per_transaction and /dev/shm are limits of their own.
  { literal: 'out of shared memory', shape: /(?:ERROR|FATAL): {1,2}(?<detail>out of shared memory)/, what: 'own-limit' },
  {
    literal: 'could not resize shared memory segment',
    shape: /(?<detail>could not resize shared memory segment "[^"]*" to \d+ bytes: No space left on device)/,
    what: 'own-limit',
  },
  { literal: 'out of memory', shape: /(?:ERROR|FATAL|PANIC): {1,2}(?<detail>out of memory)$/, what: 'allocation-refused' },
])

/** MySQL and MariaDB have no handler for SIGKILL: the next start's recovery is what tells. */
export const mysql = runtimeExtractor('mysql', [
  { literal: 'Out of memory (Needed', shape: /(?<detail>Out of memory \(Needed \d+ bytes\))/, what: 'allocation-refused' },
  {
    literal: 'Out of memory; check if',
    shape: /Out of memory; check if mysqld or some other process uses all available memory/,
    what: 'allocation-refused',
  },
  {
    literal: 'memory for the buffer pool',
    shape: /(?<detail>(?:InnoDB: )?Cannot allocate memory for the buffer pool)/,
    what: 'allocation-refused',
  },
  // mysqld_safe, after its server vanished
  { literal: 'Number of processes running now: 0', shape: /(?<detail>Number of processes running now: 0)/, what: 'terminated' },
  { literal: 'tarting crash recovery', shape: /(?<detail>InnoDB: Starting crash recovery)/, what: 'terminated' },
])

/** Redis and Valkey: a fork for saving doubles the commitment; `maxmemory` is a limit of its own. */
export const redis = runtimeExtractor('redis', [
  {
    literal: 'fork: Cannot allocate memory',
    shape: /(?<detail>Can't (?:save|rewrite append only file) in background: fork: Cannot allocate memory)/,
    what: 'allocation-refused',
  },
  {
    literal: 'terminated by signal 9',
    shape: /(?<detail>Background (?:saving|AOF rewrite|transfer) terminated by signal 9)/,
    what: 'child-killed',
  },
  { literal: 'OOM command not allowed', shape: /(?<detail>OOM command not allowed when used memory > 'maxmemory')/, what: 'own-limit' },
  { literal: 'Out Of Memory allocating', shape: /(?<detail>Out Of Memory allocating \d+ bytes)/, what: 'allocation-refused' },
])

export const elasticsearch = runtimeExtractor('elasticsearch', [
  {
    // `CircuitBreakingException: [parent] Data too large, data for [x] would be [1234/1.1gb], which is larger than the limit of [1000/1gb], …`
    literal: 'Data too large',
    shape:
      /(?<detail>\[\w+\] Data too large)(?:, data for \[[^\]]*\] would be \[(?<used>\d+)\/[^\]]*\], which is larger than the limit of \[(?<limit>\d+)\/)?/,
    what: 'own-limit',
  },
  {
    literal: 'exited unexpectedly, with exit code 137',
    shape: /(?<detail>(?:Elasticsearch|OpenSearch) exited unexpectedly, with exit code 137)/,
    what: 'child-killed',
  },
])

export const clickhouse = runtimeExtractor('clickhouse', [
  {
    // `Memory limit (total) exceeded: would use 28.00 GiB (attempt to allocate chunk of 4 bytes), maximum: 27.00 GiB`
    literal: 'Memory limit (',
    shape:
      /(?<detail>Memory limit \([\w ]+\) exceeded)(?:: would use (?<used>[\d.]{1,30} \w{1,10})[^,]{0,200}, (?:current RSS [^,]*, )?maximum: (?<limit>[\d.]{1,30} \w{1,10}))?/,
    what: 'own-limit',
  },
  { literal: 'Child process was terminated by signal 9', shape: /Child process was terminated by signal 9/, what: 'child-killed' },
])

export const mongodb = runtimeExtractor('mongodb', [
  { literal: 'out of memory', shape: /(?<detail>out of memory)/i, what: 'allocation-refused', by: /mongo/i },
  { literal: 'Out of memory', shape: /"msg":"(?<detail>Out of memory)"/, what: 'allocation-refused' },
])
