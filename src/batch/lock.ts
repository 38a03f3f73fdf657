import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Refusal } from './refusal.ts'

/**
 * One run at a time writes into an output folder. A lock is stale when its process is gone; one of another machine (or container) cannot be asked, and its
 * process may have been killed, so it does not stop anybody. Returns what gives the lock back. Throws a Refusal.
 */
export function lockState(stateDir: string): () => void {
  const file = path.join(stateDir, 'lock')
  const own = `${os.hostname()} ${process.pid}`
  const other = read(file)?.split(' ')
  const pid = Number(other?.[1])
  if (other?.[0] === os.hostname() && pid !== process.pid && pid > 0 && isAlive(pid))
    throw new Refusal(`another batch (process ${pid}) is writing there; wait for it, or give another -o`)
  writeFileSync(file, own)
  return () => {
    if (read(file) === own) rmSync(file, { force: true })
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
