import type { ObjectEvent } from '../../model/event.ts'
import { ageCell, sourceOf } from './event-cells.ts'
import { objectEventOf } from './object-event.ts'
import { type Page, quoteAt } from './page.ts'
import { said, type Table, tableOf } from './table.ts'

/** A key of a describe output with the lines below it. */
export interface Section {
  readonly key: string
  /** Rest of the key's line, trimmed. */
  readonly value: string
  readonly index: number
  /** First line that is not below it. */
  readonly end: number
}

const TOP = /^(?<key>[A-Z][A-Za-z0-9() -]{0,80}):(?:\s(?<value>.*))?$/

/**
 * Cuts `from`…`to` at the level-0 keys of `known`. Other lines at column 0 belong to the section before: messages and arguments of several
 * lines break the indentation (kubectl prints them raw).
 */
export const sectionsOf = (page: Page, from: number, to: number, known: ReadonlySet<string>): Section[] =>
  cutAt(page, from, to, (text) => {
    const found = TOP.exec(text)?.groups
    return found !== undefined && known.has(found['key'] ?? '') ? found : undefined
  })

export function sectionOf(sections: readonly Section[], ...keys: readonly string[]): Section | null {
  return sections.find((section) => keys.includes(section.key)) ?? null
}

/** The value of a section, `<none>` and the like being none. */
export function sectionValue(sections: readonly Section[], ...keys: readonly string[]): string | null {
  return said(sectionOf(sections, ...keys)?.value ?? '')
}

/** `key=value` or `key: value` of Labels and Annotations: the first beside the section's name, the others below. */
export function pairsOf(page: Page, section: Section | null, sign: '=' | ': '): Record<string, string> {
  const pairs: Record<string, string> = {}
  if (section === null) return pairs
  for (let index = section.index; index < section.end; index += 1) {
    const text = index === section.index ? section.value : (page.lines[index] ?? '').trim()
    const at = text.indexOf(sign)
    if (at > 0) pairs[text.slice(0, at)] = text.slice(at + sign.length).trim()
  }
  return pairs
}

/** Keys at one indentation within `from`…`to`, each with what is indented deeper below it. */
export function fieldsOf(page: Page, from: number, to: number, indent: number): Section[] {
  const shape = new RegExp(`^ {${indent}}(?<key>\\S[^:]*):(?:\\s+(?<value>.*))?$`)
  return cutAt(page, from, to, (text) => shape.exec(text)?.groups)
}

function cutAt(page: Page, from: number, to: number, keyIn: (text: string) => Record<string, string> | undefined): Section[] {
  const found: Omit<Section, 'end'>[] = []
  for (let index = from; index < to; index += 1) {
    const groups = keyIn(page.lines[index] ?? '')
    if (groups !== undefined) found.push({ key: groups['key'] ?? '', value: (groups['value'] ?? '').trim(), index })
  }
  return found.map((section, at) => ({ ...section, end: found[at + 1]?.index ?? to }))
}

export interface EventOwner {
  readonly objectKind: string
  readonly namespace: string | null
  readonly name: string
  readonly host: string | null
}

/** `Type Reason Age From Message`; up to 1.7 `FirstSeen LastSeen Count From SubObjectPath Type Reason Message`. */
const EVENTS_HEADER = /^\s+(?:Type\s+Reason\s+Age\s+From|FirstSeen\s+LastSeen\s+Count\s+From)\b/

/** The Events block of any described object. */
export function eventsOf(page: Page, section: Section | null, owner: EventOwner): ObjectEvent[] {
  if (section === null) return []
  const events: ObjectEvent[] = []
  let table: Table | null = null
  for (let index = section.index + 1; index < section.end; index += 1) {
    const line = page.lines[index] ?? ''
    if (EVENTS_HEADER.test(line)) table = tableOf(line)
    else if (table !== null && /^\s+[A-Za-z0-9<]/.test(line)) {
      const cell = (name: string): string => table?.cell(line, name) ?? ''
      const type = cell('Type')
      const reason = cell('Reason')
      if (!/^[A-Z]\w*$/.test(type) || reason === '') continue
      const seen = ageCell(cell('Age') || cell('LastSeen'))
      const first = ageCell(cell('FirstSeen')).age
      const source = sourceOf(said(cell('From')))
      events.push(
        objectEventOf({
          reason,
          message: cell('Message'),
          quotes: [quoteAt(page, index)],
          ...owner,
          host: source.host ?? owner.host,
          fieldPath: said(cell('SubObjectPath')),
          type,
          component: source.component,
          count: seen.count ?? (/^\d+$/.test(cell('Count')) ? Number(cell('Count')) : null),
          ageSeconds: seen.age?.seconds ?? null,
          ageResolutionSeconds: seen.age?.resolution ?? null,
          firstAgeSeconds: seen.firstAge?.seconds ?? first?.seconds ?? null,
        }),
      )
    }
  }
  return events
}
