import { interrupted, terminated } from './exit-code.ts'

const codes = { SIGINT: interrupted, SIGTERM: terminated } as const

/**
 * Ctrl-C and SIGTERM end the process by themselves, at once, wherever it is: Node.js would ask a listener only when the work in hand is done, seconds later in a large
 * file. So there is one only while something must be cleared away, and where the process has number 1 and may start none below it (`first-process.ts`): the kernel does
 * not end it then. Returns what takes the listeners away.
 */
export function onSignals(clear: () => void): () => void {
  const off = Object.entries(codes).map(([name, code]) => {
    const end = (): void => {
      clear()
      process.exit(code)
    }
    process.once(name, end)
    return () => void process.off(name, end)
  })
  return () => {
    for (const each of off) each()
  }
}
