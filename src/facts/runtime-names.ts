import type { Phrase } from '../model/diagnosis.ts'
import type { RuntimeEvent } from '../model/event.ts'
import { say } from '../text/say.ts'

/** Runtimes as people call them, within a sentence. */
const NAMES: Readonly<Record<string, string>> = {
  jvm: 'the JVM',
  node: 'Node.js',
  go: 'the Go runtime',
  dotnet: '.NET',
  php: 'PHP',
  python: 'Python',
  ruby: 'Ruby',
  rust: 'the Rust program',
  erlang: 'the Erlang VM',
}

export const runtimeName = (runtime: string): Phrase => say`${NAMES[runtime] ?? `the ${runtime} runtime`}`

/** What of a runtime's own memory ran out. */
export const areaName = (area: RuntimeEvent['area']): string =>
  area === 'metaspace' ? 'Metaspace' : area === 'direct' ? 'direct buffer memory' : 'heap'
