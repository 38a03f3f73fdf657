import { said } from './table.ts'
import { type Age, parseAge } from './times.ts'

export interface SeenCell {
  readonly age: Age | null
  readonly count: number | null
  readonly firstAge: Age | null
}

/** `3m (x5 over 20m)`, `14s`, `<unknown>`. */
export function ageCell(text: string): SeenCell {
  const groups = /^(?<age>\S+)(?: \(x(?<count>\d+) over (?<first>\S+)\))?$/.exec(text)?.groups
  return { age: parseAge(groups?.['age'] ?? ''), count: countOf(groups?.['count'] ?? null), firstAge: parseAge(groups?.['first'] ?? '') }
}

export const countOf = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null)

/** `kubelet, ip-10-42-16-87` (component and host) or `kubelet`. */
export function sourceOf(text: string | null): { component: string | null; host: string | null } {
  const [component, host] = (text ?? '').split(', ')
  return { component: said(component ?? ''), host: host ?? null }
}
