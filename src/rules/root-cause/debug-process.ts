import { inPlace } from '../../facts/names.ts'
import { bytes, code, say } from '../../text/say.ts'
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

export const debugProcess = defineRule({
  question: 'rootCause',
  id: 'debug-process',
  title: 'A tool was run inside',
  needs: ['kill'],
  weight: 66,
  evaluate(facts) {
    const comm = facts.kill.comm ?? ''
    if (!isMemcgKill(facts) || !TOOLS.has(comm) || facts.victimCgroup?.level !== 'container') return null
    return {
      confidence: 'medium',
      statement: say`The victim is ${code(comm)}, a tool that somebody ran${inPlace(facts)}: its memory came on top of the workload's.`,
      evidence: evidence(killLines(facts, 2), [facts.scores?.victim?.row.quote]),
      against: null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Run ${code(facts.kill.comm ?? 'such tools')} with memory of its own, in a container of its own (${code('kubectl debug')}) or on the node${facts.kill.anonRssBytes === null ? say`` : say`; it held ${bytes(facts.kill.anonRssBytes)}`}.`,
      why: say`What is run in a container counts against that container's limit.`,
      command: null,
      when: 'prevent',
      effect: say`Needs ${code('kubectl debug')} with an image that holds the tool.`,
      owner: 'platform',
    },
  ],
})
