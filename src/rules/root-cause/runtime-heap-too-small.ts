import { heapCeiling } from '../../extract/heap-flags.ts'
import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { areaName, runtimeName } from '../../facts/runtime-names.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { commandWords } from '../advice/command-words.ts'
import { watchHistory } from '../advice/history.ts'
import { commandFor } from '../advice/look-inside.ts'
import { readPreviousLog } from '../advice/read-log.ts'
import { runtimeOf } from '../advice/runtimes/index.ts'
import { effectOf, isOfOperator } from '../advice/set-limit.ts'
import { roundUp, wholeMib } from '../advice/sizes.ts'
import { HEAP_SHARE } from '../advice/suggest.ts'
import { refOf, targetOf } from '../advice/target.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { exhaustedHeaps } from '../limit/runtime-heap.ts'

/** Names of the process by the runtime that spoke, for the row of its tools. */
const COMM: Readonly<Record<string, string>> = { jvm: 'java', node: 'node', dotnet: 'dotnet', php: 'php', python: 'python3', ruby: 'ruby' }

/** The runtime ran out inside its own heap: no kernel kill, an OutOfMemoryError or a fatal error of its own. */
export const runtimeHeapTooSmall = defineRule({
  question: 'rootCause',
  id: 'runtime-heap-too-small',
  title: "The runtime's heap is too small, or leaks",
  needs: [],
  weight: 80,
  evaluate(facts) {
    const [first] = exhaustedHeaps(facts)
    if (facts.incident.nature !== 'runtime-heap' || first === undefined) return null
    const size = ceiling(facts)
    return {
      confidence: 'medium',
      statement: say`The ${areaName(first.event.area)} of ${runtimeName(first.event.runtime)}${size === null ? say`` : say` (${bytes(size.bytes)}${size.flag === null ? say`` : say`, ${code(size.flag)}`})`} was too small for what the program kept, or the program leaks: the log does not tell which.${roomLeft(facts, size?.bytes ?? null)}`,
      evidence: evidence(eventLines(exhaustedHeaps(facts), 3), [facts.container?.limitBytes?.quote]),
      against: null,
    }
  },
  recommend: (facts) => [...raiseHeap(facts), ...dumpHeap(facts), ...readPreviousLog(facts), ...watchHistory(facts)],
  settledBy: (facts) =>
    facts.incident.nature === 'runtime-heap'
      ? [
          {
            text:
              areaOf(facts) === null
                ? say`What is in the heap: a dump at the next failure tells a leak from a heap that is too small.`
                : say`What is in it, over time: what only grows is a leak.`,
            command: null,
          },
        ]
      : [],
})

/** What ran out where it was not the heap: the heap's flags and dumps tell nothing of it. */
const areaOf = (facts: IncidentFacts) => exhaustedHeaps(facts)[0]?.event.area ?? null

/** The ceiling by its flag, else by the runtime's own words. */
function ceiling(facts: IncidentFacts): { readonly bytes: number; readonly flag: string | null } | null {
  const words = areaOf(facts) === null ? commandWords(facts) : null
  const flagged = words === null ? null : heapCeiling(words.text, facts.container?.limitBytes?.value ?? 0)
  if (flagged !== null) return flagged
  const said = exhaustedHeaps(facts)[0]?.event.heapLimitBytes ?? null
  return said === null ? null : { bytes: said, flag: null }
}

/** The container's limit was not the bound. */
function roomLeft(facts: IncidentFacts, heap: number | null): Phrase {
  const limit = facts.container?.limitBytes?.value ?? null
  if (limit === null || areaOf(facts) !== null) return say``
  if (heap === null || heap <= 0) return say` The container's limit is ${bytes(limit)}.`
  // A runtime needs some memory beside its heap.
  return heap <= limit * HEAP_SHARE
    ? say` The container's limit of ${bytes(limit)} leaves room for a larger heap.`
    : say` The container's limit of ${bytes(limit)} leaves no room for a larger heap.`
}

/** Within three quarters of the container's limit the heap may grow. */
function raiseHeap(facts: IncidentFacts): readonly Recommendation[] {
  const limit = facts.container?.limitBytes?.value ?? null
  const size = ceiling(facts)
  const runtime = exhaustedHeaps(facts)[0]?.event.runtime
  if (limit === null || size === null || areaOf(facts) !== null || (runtime !== 'node' && runtime !== 'jvm')) return []
  const next = Math.min(roundUp(size.bytes * 1.5), limit * HEAP_SHARE)
  if (next < size.bytes * 1.2) return []
  const flag = runtime === 'node' ? `--max-old-space-size=${wholeMib(next)}` : `-Xmx${wholeMib(next)}m`
  const target = targetOf(facts)
  const variable = Object.entries(facts.container?.env ?? {}).find(([, value]) => size.flag !== null && value.includes(size.flag))
  // An operator takes back what is set on what it made.
  const known = variable && target?.settable && target.container !== null && !isOfOperator(facts)
  return [
    {
      text: say`As a trial, raise the heap from ${bytes(size.bytes)} to ${bytes(next)} (${code(flag)}); three quarters of the limit of ${bytes(limit)} are the most.`,
      why: say`If the heap then settles, it was too small; if the next end only comes later, the program leaks.`,
      command: known
        ? `${target.cli} set env${inNamespace(target.namespace)} ${refOf(target)} -c ${shellWord(target.container ?? '')} ${shellWord(`${variable[0]}=${variable[1].replace(size.flag ?? '', flag)}`)}`
        : null,
      when: 'now',
      effect: target === null ? say`Takes a restart of the program.` : effectOf(facts, target),
      owner: 'application',
    },
  ]
}

const LOOK = {
  metaspace: { flag: '-XX:MaxMetaspaceSize', look: 'jcmd PID VM.classloader_stats', leak: 'class loaders that are never let go' },
  direct: { flag: '-XX:MaxDirectMemorySize', look: 'jcmd PID VM.native_memory summary', leak: 'buffers that are never let go' },
}

function lookAt(facts: IncidentFacts, { flag, look, leak }: (typeof LOOK)['direct']): Recommendation {
  return {
    text: say`See what fills it (${code(look)}); ${code(flag)} bounds it.`,
    why: say`A leak of it is ${leak}: a larger bound only puts off the next end.`,
    command: commandFor(
      facts,
      { comm: 'java', pid: null, bytes: null, count: 1, isVictim: true, runtime: runtimeOf('java', ''), within: true },
      look,
    ),
    when: 'find',
    effect: say`Changes nothing.`,
    owner: 'application',
  }
}

/** A dump at the next failure, by the runtime's own means. */
function dumpHeap(facts: IncidentFacts): readonly Recommendation[] {
  const area = areaOf(facts)
  if (area !== null) return [lookAt(facts, area === 'direct' ? LOOK.direct : LOOK.metaspace)]
  const runtime = exhaustedHeaps(facts)[0]?.event.runtime ?? null
  const comm = runtime === null ? null : (COMM[runtime] ?? null)
  const row = runtimeOf(comm, '')
  if (runtime === 'jvm')
    return [
      {
        text: say`Let the JVM write its heap at the next failure: ${code('-XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=/dumps')}, on a volume that outlives the container.`,
        why: say`A leak fills any heap; only what is in it tells.`,
        command: commandFor(
          facts,
          { comm: 'java', pid: null, bytes: null, count: 1, isVictim: true, within: true, runtime: row },
          'jcmd PID GC.class_histogram',
        ),
        when: 'find',
        effect: say`The flag takes a restart; the histogram stops the program for seconds.`,
        lookFirst: true,
        owner: 'application',
      },
    ]
  if (row === null) return []
  return [
    {
      text: row.look,
      why: say`A leak fills any heap; only what is in it tells.`,
      command: null,
      when: 'find',
      effect: say`Takes a restart of the program.`,
      owner: 'application',
    },
  ]
}
