import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { type KernelPart, kernelPart } from '../../facts/kernel-part.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { isKnown, mainClass, ofWhat } from './held.ts'
import { countsKernel } from './unaccounted.ts'

/** Kernel pages in no finer counter: pipe buffers, stacks, vmalloc, per-CPU data. */
export const kernelMemory = defineRule({
  question: 'consumer',
  id: 'kernel-memory',
  title: 'Kernel memory in no finer counter',
  needs: ['composition'],
  weight: 60,
  evaluate(facts) {
    const part = kernelPart(facts)
    const keys = ['kernel', 'kmem', part?.counter ?? 'kernel_stack']
    return mainClass(facts, ['kernel'], keys, part === null ? unnamed : wordsOf(part)) ?? remainder(facts)
  },
})

const unnamed = say`Kernel memory in no finer counter (pipe buffers, stacks, ${code('vmalloc')})`

const WORDS: Readonly<Record<KernelPart['counter'], string>> = {
  kernel_stack: 'stacks of threads',
  percpu: 'per-CPU data',
  vmalloc: 'areas of vmalloc',
  zswap: 'compressed swap',
}

const wordsOf = (part: KernelPart) => say`Kernel memory, ${bytes(part.bytes)} of it ${WORDS[part.counter]} (${code(part.counter)}),`

/** Everything charged to a group is user pages, sockets or kernel pages: before 5.18 the last have no counter and are the remainder. */
function remainder(facts: IncidentFacts) {
  const held = facts.composition
  if (held === null || held.scope !== 'memcg' || held.main.id !== 'unaccounted' || !isKnown(held) || held.main.share < 0.35) return null
  if (countsKernel(facts)) return null
  return {
    confidence: 'medium' as const,
    statement: say`${bytes(held.main.bytes)}, ${percent(held.main.share)} of ${ofWhat(held)}, stand in no counter of the group: user pages and sockets have counters, so it was kernel memory.`,
    evidence: evidence(lines(facts, 'memory', 'kmem'), counterLines(facts, 'anon', 'file', 'rss', 'cache'), killLines(facts, 1)),
    against: say`This kernel prints no ${code('kernel')} counter that would prove it.`,
  }
}
