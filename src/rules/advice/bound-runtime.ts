import { withoutLargerStart } from '../../extract/heap-flags.ts'
import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { upper } from '../limit/memcg-limit.ts'
import { type Ceiling, ceilingOf, sharePercent } from './ceiling.ts'
import { startedWith } from './command-words.ts'
import { presentLimit } from './need.ts'
import { effectOf, isOfOperator } from './set-limit.ts'
import { MIB, roundDown, wholeMib } from './sizes.ts'
import { subjectOf } from './subject.ts'
import { refOf, targetOf } from './target.ts'

/** The program's own setting, so that it stays below its limit by itself. */
export function boundRuntime(facts: IncidentFacts): readonly Recommendation[] {
  const subject = subjectOf(facts)
  if (subject?.runtime == null) return []
  return [
    {
      text: outsideOfHeap(facts) ?? subject.runtime.bound,
      why: say`A program that keeps its own limit slows down or refuses work; the kernel can only kill.`,
      command: null,
      when: subject.runtime.ends === true ? 'now' : 'prevent',
      effect: subject.runtime.ends === true ? say`Holds for its next run.` : say`Takes a restart of the program.`,
      owner: 'application',
    },
  ]
}

/** A heap has one ceiling in the whole report: where a flag sets it, only what lies outside of the heap is left to bound. */
function outsideOfHeap(facts: IncidentFacts): Phrase | null {
  if (ceilingOf(facts)?.runtime !== 'jvm') return null
  const beside = subjectOf(facts)?.runtime?.beside
  if (beside !== undefined) return beside
  return say`Bound what lies outside of the heap, which has its own flag: ${code('-XX:MaxDirectMemorySize')}, ${code('-XX:MaxMetaspaceSize')}, ${code('-XX:ReservedCodeCacheSize')}, fewer threads, and ${code('MALLOC_ARENA_MAX=2')} for native code.`
}

/** Lowers a heap ceiling to its share of the limit, with the command where the flag stands in a variable of the pod. */
export function lowerHeap(facts: IncidentFacts): readonly Recommendation[] {
  const ceiling = ceilingOf(facts)
  const limit = presentLimit(facts)
  if (ceiling === null || limit === null) return []
  const most = limit * ceiling.share
  // GOMEMLIMIT at nine tenths is close to the limit as it is: rounded as people write it, a small one would lose a fifth.
  const size = ceiling.runtime === 'go' ? wholeMib(most) * MIB : roundDown(most)
  // A store of keys throws away, or refuses, what is above its bound; a cache or a heap gives back what it does not need.
  const loses = ceiling.runtime === 'redis' && size < (subjectOf(facts)?.bytes ?? 0)
  if (size < 16 * MIB || loses) return []
  const flag = lowered(ceiling, size)
  const variable = variableWith(facts, ceiling.flag)
  const command = variable === null ? null : environmentCommand(facts, variable, ceiling, flag, size)
  return [
    {
      text: say`Lower the maximum of the ${ceiling.what} from ${bytes(ceiling.bytes)} (${code(ceiling.flag)}) to ${code(flag)}: ${percent(ceiling.fixed ? size / limit : sharePercent(ceiling) / 100)} of the limit of ${bytes(limit)}.`,
      why: say`${upper(say`${ceiling.beside}`)} come on top of it, and nothing but this maximum keeps it from growing.`,
      command,
      when: 'now',
      effect: command === null ? say`Takes a restart of the program.` : effectOfCommand(facts),
      owner: 'application',
    },
  ]
}

/** The command that keeps a heap as large as it is where its limit is raised; `null` where its flag stands in no variable of the pod. */
export function keepHeap(facts: IncidentFacts, ceiling: Ceiling, flag: string): string | null {
  const variable = variableWith(facts, ceiling.flag)
  return variable === null ? null : environmentCommand(facts, variable, ceiling, flag, ceiling.bytes)
}

function lowered(ceiling: Ceiling, size: number): string {
  switch (ceiling.runtime) {
    case 'jvm':
      // A variable that a start script reads; Spark's is made from its own setting.
      if (ceiling.flag.startsWith('SPARK_')) return `spark.executor.memory=${wholeMib(size)}m`
      if (!ceiling.flag.startsWith('-')) return `${ceiling.flag.slice(0, ceiling.flag.indexOf('='))}=${wholeMib(size)}m`
      return ceiling.fixed ? `-Xmx${wholeMib(size)}m` : `-XX:MaxRAMPercentage=${sharePercent(ceiling)}`
    case 'node':
      return `--max-old-space-size=${wholeMib(size)}`
    case 'go':
      return `GOMEMLIMIT=${wholeMib(size)}MiB`
    case 'dotnet':
      return `DOTNET_GCHeapHardLimit=0x${Math.floor(size).toString(16)}`
    case 'mongodb':
      return `--wiredTigerCacheSizeGB=${Math.floor((size / 2 ** 30) * 100) / 100}`
    case 'redis':
      return `--maxmemory ${wholeMib(size)}mb`
    case 'mysql':
      return `--innodb-buffer-pool-size=${wholeMib(size)}M`
  }
}

interface Variable {
  readonly name: string
  readonly value: string
}

/** The variable of the container whose value holds the flag, or is it. */
function variableWith(facts: IncidentFacts, flag: string): Variable | null {
  const found = Object.entries(startedWith(facts)?.env ?? {}).find(([name, value]) => value.includes(flag) || `${name}=${value}` === flag)
  return found === undefined ? null : { name: found[0], value: found[1] }
}

function environmentCommand(facts: IncidentFacts, variable: Variable, ceiling: Ceiling, flag: string, size: number): string | null {
  const target = targetOf(facts)
  if (target === null || !target.settable || target.container === null || isOfOperator(facts)) return null
  const assignment = flag.startsWith(`${variable.name}=`)
    ? flag
    : `${variable.name}=${withoutLargerStart(variable.value.replaceAll(ceiling.flag, flag), size)}`
  return `${target.cli} set env${inNamespace(target.namespace)} ${refOf(target)} -c ${shellWord(target.container)} ${shellWord(assignment)}`
}

function effectOfCommand(facts: IncidentFacts): Phrase {
  const target = targetOf(facts)
  const kept = say`Sets the whole variable: keep what else stands in it.`
  return target === null ? kept : say`${effectOf(facts, target)} ${kept}`
}
