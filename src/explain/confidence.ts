import type { Confidence } from '../model/diagnosis.ts'
import { type Term, term } from './define-term.ts'

/** What the three words promise. */
export const confidence: Readonly<Record<Confidence, Term>> = {
  high: term(
    'high',
    'Every link is quoted, by a writer who is known, and nothing contradicts.',
    'The lines that prove it stand in the report, one of them from a source that knows who wrote it (the kernel, the kubelet, the runtime), or a whole report of the kernel whose parts agree. Nothing that was read speaks against it. One would bet a job on it.',
  ),
  medium: term(
    'medium',
    'Most likely so, but one link is inferred, or something speaks against it.',
    'A figure is missing and another stands in for it, the writer of the lines is not known, a table is cut, or another explanation fits nearly as well. What would settle it stands under "What is missing".',
  ),
  low: term(
    'low',
    'A possibility: what was read does not exclude it and does not prove it.',
    'Also the confidence of every "unknown": that nothing can be said is said without evidence. A root cause with low confidence is a question to look into, not an answer.',
  ),
}
