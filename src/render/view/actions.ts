import type { AnyIncident } from '../../model/report.ts'
import { type Block, phraseOf, plainOf, type Rich, sentence, words } from './rich.ts'

export interface ActionView {
  readonly n: number
  readonly text: Rich
  readonly why: Rich
  /** What following it does to what runs: of what is done now, and of commands that change something. */
  readonly effect: Rich
  readonly command: Block | null
}

export interface ActionGroup {
  readonly title: string
  readonly items: readonly ActionView[]
}

export const commandOf = (command: string | null): Block | null =>
  command === null ? null : { block: command.split('\n'), language: 'sh' }

/** Of commands that only look, nothing is said but where the change is to be made. */
const ONLY_LOOKS = /^(?:The command changes|Changes) nothing\b[^:]*$/

function effectOf({ when, command, effect }: AnyIncident['recommendations'][number]): Rich {
  const told = sentence(phraseOf(effect))
  const isShown = (when === 'now' || command !== null) && when !== 'find' && !ONLY_LOOKS.test(plainOf(told))
  return isShown ? told : words('')
}

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
