import type { Workload } from '../../src/model/incident.ts'
import type { AnyReport } from '../../src/model/report.ts'

/** Files of a bundle by their paths; bytes as Latin-1, so that binary ones bear the renaming, too. */
export type Files = Readonly<Record<string, string>>

/** Letters and digits that stand for each other: names keep the shapes by which they are known (hash suffixes of pods, hex ids, vowels). */
const classes = ['bcdf', 'ghjklmnpqrstvwxz', 'ae', 'iouy', 'BCDF', 'GHJKLMNPQRSTVWXZ', 'AE', 'IOUY', '245', '6789', '13']

/** One alphabet for all names: a name that begins with another one's still does. */
function cipher(turn: number): (name: string) => string {
  const to = new Map<string, string>()
  for (const letters of classes)
    for (const [at, letter] of [...letters].entries()) to.set(letter, letters[(at + turn) % letters.length] as string)
  return (name) => [...name].map((letter) => to.get(letter) ?? letter).join('')
}

/** The same files with their names exchanged for others that share no letter with them. */
export function renamed(files: Files, names: ReadonlySet<string>, turn: number): Files {
  const change = cipher(turn)
  const words = [...names].sort((a, b) => b.length - a.length).map((name) => name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  if (words.length === 0) return files
  const pattern = new RegExp(`(?<![0-9A-Za-z])(?:${words.join('|')})(?![0-9A-Za-z])`, 'g')
  const swap = (text: string): string => text.replace(pattern, change)
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [swap(path), swap(text)]))
}

const TURNS = 24

/**
 * Two turns that leave no letter of a name, and after which the files stand in the same order: lists that are sorted by name tell in what order names are,
 * which is all that they do.
 */
export function turnsOf(files: Files, names: ReadonlySet<string>): readonly number[] {
  const orderAfter = (turn: number): string => {
    const before = Object.keys(files)
    const after = Object.keys(renamed(files, names, turn))
    return after
      .map((path, at) => [path, before[at] as string] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, path]) => path)
      .join('\0')
  }
  const byOrder = new Map<string, number[]>()
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const order = orderAfter(turn)
    const turns = [...(byOrder.get(order) ?? []), turn]
    byOrder.set(order, turns)
    if (turns.length === 2) return turns
  }
  return [1, 2]
}

/** What every machine and cluster has, and words that sentences use. */
const common =
  /^(?:default|kube-[a-z-]+|openshift-[a-z-]+|local[a-z]*|kernel|root|system|app|main|server|web|api|worker|workers|init|pod|node|nodes|container|containers|memory|test|none|unknown|events|proxy|istio-proxy|init|burst|cache|java|python3?|node|stress|limits?|name|image|service|services|status|state|master|control-plane|sidecar|cpu|job|jobs|task|tasks|user|users|host|hosts|run|log|logs)$/

/** Names that say whose it is, told by the report's fields, and found by shapes of our own in the text: what the product's redaction takes for names is not asked. */
export function namesOf(files: Files, report: AnyReport): ReadonlySet<string> {
  const names = new Set<string>()
  const comms = new Set<string>()
  for (const incident of report.incidents) {
    for (const kill of incident.kills) for (const comm of [kill.victim.comm, kill.trigger?.comm]) if (comm) comms.add(comm)
    for (const row of [...(incident.consumers?.rows ?? []), ...(incident.consumers?.byName ?? [])]) comms.add(row.comm)
  }
  const add = (name: string | null | undefined): void => {
    if (name == null || name.length < 3 || common.test(name) || comms.has(name) || !/[a-z]/i.test(name)) return
    if (/^[\w.:-]+$/.test(name) && !/^(?:init|session-\d+|user-\d+|system|user|machine|kubepods[-\w]*)\.(?:scope|slice)$/.test(name))
      names.add(name)
  }
  const workload = (w: Workload | null): void => {
    if (w === null) return
    for (const name of [
      w.namespace,
      w.pod,
      w.podUid,
      w.podUid?.replaceAll('-', '_'),
      w.container,
      w.owner?.slice(w.owner.indexOf('/') + 1),
      w.containerId,
      ...w.containerIds,
    ])
      add(name)
  }
  for (const incident of report.incidents) {
    add(incident.host)
    for (const w of [incident.workload, ...incident.workloads]) workload(w)
  }
  for (const finding of report.findings) workload(finding.workload)
  for (const row of report.timeline) add(row.host)
  for (const source of report.sources) add(source.host)
  for (const text of Object.values(files)) {
    for (const [, id] of text.matchAll(
      /(?<![0-9A-Za-z])([0-9a-f]{8}([-_])[0-9a-f]{4}\2[0-9a-f]{4}\2[0-9a-f]{4}\2[0-9a-f]{12})(?![0-9A-Za-z])/g,
    ))
      add(id)
    for (const [id] of text.matchAll(/(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])/g)) add(id)
    for (const [, name] of text.matchAll(
      /"?(?:nodeName|node|hostname|_HOSTNAME|namespace|pod|podName|pod_name|namespace_name|container_name)"?[=:] ?"([a-z][a-z0-9.-]{2,})"/g,
    ))
      add(name)
    for (const [, home] of text.matchAll(/\/home\/([a-z][\w.-]{2,})/g)) add(home)
  }
  for (const name of [...names])
    if (/^\d/.test(name) === false && name.includes('.') && !/\.(?:service|scope|slice)$/.test(name)) add(name.slice(0, name.indexOf('.')))
  return names
}
