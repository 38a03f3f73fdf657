import type { AnyIncident } from '../../model/report.ts'
import { type Block, phraseOf, type Rich, sentence } from './rich.ts'

export interface ActionView {
  readonly n: number
  readonly text: Rich
  readonly why: Rich
  readonly command: Block | null
}

export interface ActionGroup {
  readonly title: string
  readonly items: readonly ActionView[]
}

export const commandOf = (command: string | null): Block | null =>
  command === null ? null : { block: command.split('\n'), language: 'sh' }

/** A command that only shows what is there, under words that ask for more (`Move a pod …`): said to be the first step. */
function stepOf({ rich: [start] }: Rich, command: string | null): Block | null {
  const isStep = command !== null && looks.test(command) && !changes.test(command) && !asksToLook.test(start?.text ?? '')
  return commandOf(isStep ? `# look first:\n${command}` : command)
}

/** `kubectl describe nodes | sed …`, `numactl --hardware; numastat -m`, `docker exec … 'java -XX:+PrintFlagsFinal …'` */
const looks =
  /^(?:cat|e?grep|ps|ls|uname|vmstat|free|numactl -?-h|sysctl [^-]|systemctl (?:show|cat|status)|kubectl (?:describe|get|top)|yarn application -list)|PrintFlags|jcmd/
/** `grep … && kill -USR2 …`, `jcmd … VM.set_flag …` */
const changes = /\bkill -|set_flag|dump/
/** `Find what …`, `Save the log …` */
const asksToLook = /^(?:Find|See|Look|Check|Compare|Record|Save|Read|Ask(?! for)|Decide|Watch|Take|Measure|Search|Count) /

const groups = [
  { when: 'now', title: 'Now' },
  { when: 'find', title: 'To find the cause' },
  { when: 'prevent', title: 'So that it does not return' },
] as const

/** What to do, by when; numbered through. */
export function actionsOf(incident: AnyIncident): ActionGroup[] {
  let n = 0
  return groups
    .map(({ when, title }) => ({
      title,
      items: incident.recommendations
        .filter((r) => r.when === when)
        .map((r) => {
          n += 1
          return {
            n,
            text: sentence(phraseOf(r.text)),
            why: sentence(phraseOf(r.why)),
            command: stepOf(phraseOf(r.text), r.command),
          }
        }),
    }))
    .filter(({ items }) => items.length > 0)
}
