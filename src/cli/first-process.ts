import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs the program in a process below this one, which has number 1, as in a container: the kernel does not end number 1 by a signal that nobody asked for, and
 * Node.js would ask only when the work in hand is done, seconds later in a large file. Returns its exit code, 128 and more where a signal ended it; `null`: no
 * process may be started here.
 */
export function runBelow(program: string, argv: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    try {
      const child = spawn(process.execPath, [...process.execArgv, program, ...argv], { stdio: 'inherit' })
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void child.kill(signal))
      child.once('error', () => resolve(null))
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
    } catch {
      // Node.js' permission model.
      resolve(null)
    }
  })
}
