import type { Extractor } from './define-extractor.ts'
import { kubelet } from './kubelet/index.ts'

/** Everybody who reads lines. A record is shown to all of them in this order. */
export const extractors: readonly Extractor[] = [kubelet]
