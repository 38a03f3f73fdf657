import { answersOf } from '../explain/terms.ts'
import { countText } from '../text/values.ts'
import type { FleetWeek } from './define-fleet.ts'

/** The title of an answer's id, as the incident pages say it; an id of another version stays itself. */
export const titleOf = (question: 'limit' | 'consumer' | 'rootCause', id: string): string => answersOf[question]?.[id]?.title ?? id

export const plural = (n: number, one: string): string => `${countText(n)} ${one}${n === 1 ? '' : 's'}`

const day = (time: string): string => time.slice(0, 10)
const named = 3

/** What changed this week, in one or two sentences. */
export function weekSentence(week: FleetWeek | null): string | null {
  if (week === null) return null
  const { kills, before, daysBefore, changes } = week
  const span = `Last 7 days of the data (${day(week.from)} to ${day(week.to)})`
  if (before === null) return `${span}: ${plural(kills, 'kill')}. Nothing before that was read, so there is no week to compare with.`
  const than = `${countText(before)} in ${daysBefore < 7 ? `the ${plural(daysBefore, 'day')} before that were read` : 'the week before'}`
  // a part of a week is no measure of what ended
  const told = [
    listed(
      'Not before',
      changes.filter((c) => c.before === 0).map(({ workload, kills: n }) => `${workload} (${countText(n)})`),
    ),
    listed(
      'More',
      changes
        .filter((c) => c.before > 0 && c.kills > c.before)
        .map((c) => `${c.workload} (${countText(c.before)} → ${countText(c.kills)})`),
    ),
    ...(daysBefore < 7
      ? []
      : [
          listed(
            'No longer',
            changes.filter((c) => c.kills === 0).map(({ workload }) => workload),
          ),
        ]),
  ].filter((sentence) => sentence !== '')
  return [`${span}: ${plural(kills, 'kill')}, ${than}.`, ...(told.length === 0 ? ['No workload stands out.'] : told)].join(' ')
}

function listed(word: string, names: readonly string[]): string {
  if (names.length === 0) return ''
  const more = names.length > named ? ` and ${countText(names.length - named)} more` : ''
  return `${word}: ${names.slice(0, named).join(', ')}${more}.`
}
