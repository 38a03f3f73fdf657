import type { Host } from '../gather.ts'
import { openInputs } from './open.ts'
import { type Ahead, stripesOf } from './search-ahead.ts'
import { spoolOf } from './spool.ts'

/** Files of this machine, threads of this process. `ahead`: searches of large files that were begun before. */
export const nodeHost = (ahead: Ahead | null = null): Host => ({
  open: openInputs,
  spool: spoolOf,
  threads: (path, size, literals, sampled) => stripesOf(path, size, literals, sampled, ahead),
})
