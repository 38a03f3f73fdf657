import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface ComposedPattern {
  readonly source: string
  readonly flags: string
}

const root = join(import.meta.dirname, '../../src')

/** Every regular expression that the product puts together while its modules load: those that no literal of the source shows. */
export async function composedPatterns(): Promise<readonly ComposedPattern[]> {
  const found = new Map<string, ComposedPattern>()
  const Native = globalThis.RegExp
  globalThis.RegExp = new Proxy(Native, {
    construct(target, [source, flags = ''], caller) {
      if (typeof source === 'string') found.set(`${source} ${flags}`, { source, flags })
      return Reflect.construct(target, [source, flags], caller)
    },
  })
  try {
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith('.ts') && !name.endsWith('.d.ts') && !startsSomething.test(name)) await import(join(root, name))
  } finally {
    globalThis.RegExp = Native
  }
  return [...found.values()]
}

/** Modules that do something as they are loaded: programs, workers, the page. */
const startsSomething = /^cli\.ts$|^web\/|worker|main|entry|child/
