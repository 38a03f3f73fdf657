import { databases } from './databases.ts'
import type { Runtime } from './define-runtime.ts'
import { jvmProducts } from './jvm-products.ts'
import { managed } from './managed.ts'
import { others } from './others.ts'
import { workers } from './workers.ts'

/** Asked in this order: what needs a word of its command line comes before what a name alone tells, a product before its language. */
export const runtimes: readonly Runtime[] = [...jvmProducts, ...databases, ...others, ...workers, ...managed]

/** The row of a process; `words`: its command line, arguments, environment and image, as far as known. */
export function runtimeOf(comm: string | null, words: string): Runtime | null {
  if (comm === null || comm === '') return null
  const text = words.toLowerCase()
  return (
    runtimes.find((row) => row.names.some((name) => isNamed(comm, name)) && (row.words?.some((word) => text.includes(word)) ?? true)) ??
    null
  )
}

const isNamed = (comm: string, name: string): boolean => (name.endsWith('*') ? comm.startsWith(name.slice(0, -1)) : comm === name)
