import { cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report, ReportAnswer, ReportIncident } from '../../src/model/report.ts'
import { readJson } from '../corpus.ts'

/** What an incident of the corpus should come to (`expect.json`). */
export interface Expectation {
  readonly kills: readonly { readonly pid: number }[]
  readonly otherKills?: readonly { readonly killer?: string | readonly string[] }[]
  readonly alsoInLog?: readonly number[]
  readonly pidlessKills?: boolean
  readonly bundle?: boolean
  readonly incidents?: number
  readonly diagnosis?: Readonly<Record<string, readonly string[]>>
  readonly needsBundle?: readonly string[]
  readonly files: Readonly<Record<string, { readonly lossy?: boolean }>>
}

export interface CorpusIncident {
  readonly name: string
  readonly folder: string
  readonly expect: Expectation
}

/** All incidents of one collection. */
export const incidentsOf = (root: string, set: string): CorpusIncident[] =>
  !existsSync(join(root, set))
    ? []
    : readdirSync(join(root, set), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(root, set, entry.name, 'expect.json')))
        .map((entry) => {
          const folder = join(root, set, entry.name)
          return { name: `${set}/${entry.name}`, folder, expect: readJson<Expectation>(join(folder, 'expect.json')) }
        })

/** A copy without the answers, below a folder of its own; the caller removes the parent. */
export function withoutAnswers({ folder, name }: CorpusIncident): { readonly parent: string; readonly folder: string } {
  const parent = mkdtempSync(join(tmpdir(), 'claims-'))
  const copy = join(parent, name.slice(name.indexOf('/') + 1))
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true, filter: (file) => !/\/(?:truth|expect)\.json$/.test(file) })
  return { parent, folder: copy }
}

const questions = ['limit', 'consumer', 'selection', 'consequence'] as const

export const answersOf = (incident: ReportIncident): [question: string, answer: ReportAnswer<string>][] => [
  ...questions.map((question): [string, ReportAnswer<string>] => [question, incident.diagnosis[question]]),
  ['rootCause', incident.rootCause],
]

/** Incidents that the expectation speaks of. */
export function ownIncidents(report: Report, expect: Expectation): ReportIncident[] {
  const pids = new Set(expect.kills.map((kill) => kill.pid))
  return report.incidents.filter((i) => pids.size === 0 || i.kills.some((k) => k.victim.pid !== null && pids.has(k.victim.pid)))
}

/** Kills that nothing of the expectation accounts for. */
export function inventedKills(report: Report, expect: Expectation): string[] {
  const pids = new Set([...expect.kills.map((kill) => kill.pid), ...(expect.alsoInLog ?? [])])
  const others = expect.otherKills ?? []
  return report.incidents
    .flatMap((i) => i.kills)
    .filter((k) => {
      if (k.victim.pid !== null && pids.has(k.victim.pid)) return false
      if (others.some((o) => o.killer === undefined || [o.killer].flat().includes(k.killer))) return false
      return !(k.victim.pid === null && (expect.pidlessKills === true || expect.kills.length > 0))
    })
    .map((k) => `${k.victim.pid} (${k.victim.comm}) by ${k.killer} at ${k.time}`)
}

/** Answers that are wrong although they call themselves certain. `pattern` has no confidence and is not judged. */
export function wrongAndHigh(report: Report, expect: Expectation): string[] {
  return ownIncidents(report, expect).flatMap((incident) =>
    answersOf(incident)
      .filter(([question, answer]) => answer.confidence === 'high' && expect.diagnosis?.[question]?.includes(answer.id) === false)
      .map(([question, answer]) => `${question}: ${answer.id} (high) for ${expect.diagnosis?.[question]?.join(' or ')}`),
  )
}
