import type { Host } from '../gather.ts'
import { growSlowly } from './compiler.ts'
import type { OnBytes } from './file-bytes.ts'
import { openInputs } from './open.ts'
import { type Ahead, regionsOf } from './search-ahead.ts'
import { spoolOf } from './spool.ts'
import { isWithout } from './switches.ts'

/** Files of this machine, threads of this process. `ahead`: searches of large files that were begun before. `onBytes`: told how far each file is read. */
export const nodeHost = (ahead: Ahead | null = null, onBytes: OnBytes | null = null): Host => ({
  open: (paths, options) => openInputs(paths, options, onBytes),
  spool: spoolOf,
  ...(isWithout('lives') ? { livesFrom: Infinity } : {}),
  onMuch: growSlowly,
  threads: isWithout('threads') ? null : (path, size, literals, sampled) => regionsOf(path, size, literals, sampled, { ahead, onBytes }),
})
