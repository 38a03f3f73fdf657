import type { Host } from '../gather.ts'
import { growSlowly } from './compiler.ts'
import { openInputs } from './open.ts'
import { type Ahead, regionsOf } from './search-ahead.ts'
import { spoolOf } from './spool.ts'
import { isWithout } from './switches.ts'

/** Files of this machine, threads of this process. `ahead`: searches of large files that were begun before. */
export const nodeHost = (ahead: Ahead | null = null): Host => ({
  open: openInputs,
  spool: spoolOf,
  ...(isWithout('lives') ? { livesFrom: Infinity } : {}),
  onManyDeaths: growSlowly,
  threads: isWithout('threads') ? null : (path, size, literals, sampled) => regionsOf(path, size, literals, sampled, ahead),
})
