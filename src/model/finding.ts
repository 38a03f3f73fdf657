import type { Phrase } from './diagnosis.ts'
import type { Workload } from './incident.ts'
import type { Quote } from './origin.ts'

/** What a reader would take for an out-of-memory kill and is none, or should know beside the incidents. One plain sentence. */
export interface Finding {
  readonly id: string
  readonly statement: Phrase
  readonly workload: Workload | null
  readonly evidence: readonly Quote[]
}
