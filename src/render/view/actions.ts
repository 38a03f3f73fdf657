import type { AnyIncident } from '../../model/report.ts'
import { type Block, phraseOf, type Rich, sentence, words } from './rich.ts'

export interface ActionView {
  readonly n: number
  readonly text: Rich
  readonly why: Rich
  /** What following it does to what runs: of what is done now, and of commands for another day. */
  readonly effect: Rich
  readonly command: Block | null
}

export interface ActionGroup {
  readonly title: string
  readonly items: readonly ActionView[]
}

export const commandOf = (command: string | null): Block | null =>
  command === null ? null : { block: command.split('\n'), language: 'sh' }

/** What is only looked for changes nothing, and neither does advice without a command for another day. */
const effectOf = ({ when, command, effect }: AnyIncident['recommendations'][number]): Rich =>
  when === 'now' || (when === 'prevent' && command !== null) ? sentence(phraseOf(effect)) : words('')

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
            effect: effectOf(r),
            command: commandOf(r.lookFirst === true ? `# look first:\n${r.command}` : r.command),
          }
        }),
    }))
    .filter(({ items }) => items.length > 0)
}
