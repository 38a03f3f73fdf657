import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, inPlace, machineOf } from '../../facts/names.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { startsProgram } from '../../text/programs.ts'
import { bytes, code, say } from '../../text/say.ts'
import { beforeKill, type Change, changesBefore } from '../changes.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { isMemcgKill } from './signs.ts'

/** Tools that people start inside a container to look or to copy; they count against its limit. */
const TOOLS: ReadonlySet<string> = new Set([
  'jmap',
  'jcmd',
  'jstack',
  'jhat',
  'gdb',
  'strace',
  'perf',
  'tcpdump',
  'py-spy',
  'heaptrack',
  'gcore',
  'kubectl',
  'tar',
  'vim',
  'less',
])
/** They take memory because that is what they are made for: in a container or on the machine (chaos-mesh injects `memStress`). */
const LOADS: readonly string[] = ['stress', 'stress-ng', 'stress-ng-vm', 'memStress', 'memtester', 'memhog']
const isLoad = (comm: string): boolean => LOADS.some((name) => comm === name || comm.startsWith('stress-ng'))

export const debugProcess = defineRule({
  question: 'rootCause',
  id: 'debug-process',
  title: 'A tool was run inside',
  needs: ['kill'],
  weight: 66,
  evaluate(facts) {
    const comm = facts.kill.comm ?? ''
    if (facts.kill.killer !== 'kernel') return null
    const session = execOf(facts, comm)
    const evidenceOf = evidence(session?.quotes ?? [], killLines(facts, 2), [facts.scores?.victim?.row.quote])
    if (session !== null)
      return {
        confidence: 'medium',
        statement: say`${code(comm)} was no part of the workload: somebody had run ${code(session.name)}${inPlace(facts)} ${beforeKill(session)}, and its memory came on top of the workload's.`,
        evidence: evidenceOf,
        against: runsByItself(facts, comm) ? say`The workload runs ${code(comm)} too.` : null,
      }
    const largest = facts.composition?.largest?.row ?? null
    if (isLoad(comm) && (largest === null || isLoad(largest.comm)))
      return {
        confidence: 'medium',
        statement: say`${code(comm)} takes memory because it is made for that: somebody tests ${facts.scope === 'global' ? machineOf(facts) : groupOf(facts)} with it.`,
        evidence: evidenceOf,
        against: null,
      }
    if (!isMemcgKill(facts) || !TOOLS.has(comm) || facts.victimCgroup?.level !== 'container') return null
    return {
      confidence: 'medium',
      statement: say`The victim is ${code(comm)}, a tool that somebody ran${inPlace(facts)}: its memory came on top of the workload's.`,
      evidence: evidenceOf,
      against: null,
    }
  },
  recommend: (facts) =>
    isLoad(facts.kill.comm ?? '')
      ? changesBefore(facts).some(({ what }) => what === 'chaos' || what === 'load')
        ? []
        : [endTest(facts)]
      : [...whoRanIt(facts), elsewhere(facts)],
})

/** The session in which the victim was started: its command names the victim's program, or a shell around it. */
function execOf(facts: IncidentFacts, comm: string): Change | null {
  const container = facts.victimCgroup?.level === 'container' || facts.kill?.workload?.kind === 'pod'
  if (comm === '' || !container || !isMemcgKill(facts)) return null
  return changesBefore(facts).find(({ what, name }) => what === 'exec' && startsProgram(name, comm)) ?? null
}

/** Another process of the same name stood beside it: the workload itself. */
const runsByItself = (facts: IncidentFacts, comm: string): boolean => (facts.dump?.tasks.filter((row) => row.comm === comm).length ?? 0) > 1

function elsewhere(facts: IncidentFacts): Recommendation {
  const held = facts.kill?.anonRssBytes ?? null
  return {
    text: say`Run ${code(facts.kill?.comm ?? 'such tools')} with memory of its own: in a container of its own (${code('kubectl debug')}, a Job) or on the node${held === null ? say`` : say`; it held ${bytes(held)}`}.`,
    why: say`What is run in a container counts against that container's limit.`,
    command: null,
    when: 'prevent',
    effect: say`Needs an image that holds the tool.`,
    owner: 'platform',
  }
}

/** A session through the API leaves its user in the audit log only. */
function whoRanIt(facts: IncidentFacts): readonly Recommendation[] {
  const session = execOf(facts, facts.kill?.comm ?? '')
  if (session === null) return []
  return [
    {
      text: say`Ask who ran ${code(session.name)}, so that it is not run again in there: it ended with the kill, half done.`,
      why: say`The API's audit log names the user (requests for ${code('pods/exec')} at that time); the runtime's log does not.`,
      command: null,
      when: 'now',
      effect: say`Changes nothing.`,
      owner: 'application',
    },
  ]
}

function endTest(facts: IncidentFacts): Recommendation {
  return {
    text: say`Find out who runs ${code(facts.kill?.comm ?? 'the test')}, and end it unless this kill is what it was meant to show.`,
    why: say`A test of memory pressure is no fault of the workload beside it: limits and profiles of that change nothing.`,
    command: 'ps -eo pid,ppid,user,lstart,cgroup,args | grep -E "[s]tress|[m]emtester|[m]emhog"',
    when: 'now',
    effect: say`The command changes nothing: it shows what still runs, by whom and since when.`,
    owner: 'platform',
  }
}
