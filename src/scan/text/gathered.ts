/** What one machine's part of a gathered text holds: every line of the text, empty where it is another's. `null`: lines before the first machine's. */
export interface MachineText {
  readonly host: string | null
  readonly lines: readonly string[]
}

const NAME = '[A-Za-z0-9][\\w.-]{0,252}'
/** `node17: [  100.0…` of pdsh and clush, `[node17] out: …` of fabric, `[node17]: …`. */
const PREFIX = new RegExp(`^(?:(?<a>${NAME}): ?|\\[(?<b>${NAME})\\](?: (?:out|err))?: ?)(?<rest>.*)$`)
/** `----------------`: above and below the name, as dshbak and `clush -b` head each machine's output. */
const RULE = /^-{5,}$/
/** `cn11`, `cn[11-12] (2)`: several machines that said the same are nobody's in particular. */
const RULED = new RegExp(`^(?<host>${NAME})(?: \\(1\\))?$`)
const RULED_ANY = /^[\w.,[\]-]{1,2000}(?: \(\d+\))?$/
/**
 * `node17 | CHANGED | rc=0 >>`, `node17 | CHANGED => {`, `ok: [node17] => {` of ansible; `[1] 12:00:00 [SUCCESS] root@node17:22` of parallel-ssh; `Finished on node17:`
 * of Bolt.
 */
const COMMAND = new RegExp(
  `^(?:(?<a>${NAME}) \\| (?:CHANGED|SUCCESS|FAILED!?) (?:\\| rc=\\d+ >>|=> \\{)|\\[\\d+\\] \\d\\d:\\d\\d:\\d\\d \\[(?:SUCCESS|FAILURE)\\] (?:\\w+@)?(?<b>${NAME})(?::\\d+)?(?: Exited.*)?|(?:ok|changed|failed|fatal): \\[(?<c>${NAME})\\](?:: \\w+!)? => \\{?|Finished on (?<d>${NAME}):)\\s*$`,
  'i',
)
/** `=== node17 ===`, `##### node17 #####`, `--- node17`, `>>> host: node17`, `node17:` (salt, with the output set in): what loops over ssh print. */
const WHOLE = new RegExp(`^(?:[Hh]ost:? |[Nn]ode:? )?(?<host>${NAME})$`)

function titleOf(line: string): string | null {
  const text = line.trimEnd()
  const mark = text[0] ?? ''
  const isMarked = '=#*>-'.includes(mark) && text[1] === mark
  if (text.length > 400 || !(isMarked || text.endsWith(':'))) return null
  let [from, to] = [0, text.length]
  while (isMarked && from < to && '=#*>-'.includes(text[from] as string)) from += 1
  while (isMarked && to > from && '=#*<-'.includes(text[to - 1] as string)) to -= 1
  const inner = text.slice(from, to).trim()
  return WHOLE.exec(inner.endsWith(':') ? inner.slice(0, -1) : inner)?.groups?.['host'] ?? null
}

/** Names that a section or a speaker has, and no machine; what is left of a cgroup's path that was broken (`…673ae.scope:`). */
const noMachine =
  /\.(?:log|txt|json|ya?ml|out|gz|service|scope|slice|conf|sh|py)$|^[0-9a-f]{13,}$|^(?:kube|kernel|log|dmesg|journal|step|line|run|job|test|error|warning|info|debug|thread|cpu|pid|exit|part|page)[-_.]?(?:\d+|system|public)?$/i
const isMachine = (name: string): boolean => /[\d.-]/.test(name) && /[A-Za-z]|^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) && !noMachine.test(name)

/** What the kernel's ring buffer begins with, in dmesg's usual forms, and what a report has without a stamp; in a list of strings, too. */
const kernelLine =
  /^\s{0,12}"?(?:<\d+>)?(?:\[ *(?:\d+\.\d{6}|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4})\]|\S{1,15} invoked oom-killer: |(?:Memory cgroup out|Out) of memory: Killed process \d|oom-kill:constraint=)/
/** `date` and `uptime`. */
const clockLine =
  /^\s{0,8}(?:[A-Z][a-z]{2},? (?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} [A-Z][a-z]{2} \d{4}),? \d{1,2}:\d\d:\d\d\b.{0,24}$|\d\d:\d\d:\d\d up .*load average)/

/** A glance at the first lines: whether it is worth to look closer. */
const glance = new RegExp(
  `^(?:-{5,}$|${NAME}: |(?:ok|changed|failed|fatal): \\[|Finished on |\\[${NAME}\\](?: out| err)?:|${NAME} \\| |\\[1\\] |={2,}|#{2,} ?\\w|\\*{2,} ?\\w|>{2,} ?\\w|-{2,} ?\\w|${NAME}:$)`,
  'm',
)
export const mayBeGathered = (head: string): boolean => glance.test(head.slice(0, 2048))

/** Larger texts are read line by line: where a machine's name stands before each, it counts. */
export const GATHERED_BYTES = 8 * 1024 * 1024
/** Lines that are held at most, each machine's with those that are others' left empty. */
const MOST_LINES = 20_000_000

/** Whether a head is that of a text which a program gathered: its first words are a machine's title, or each line has its machine's name before it. */
export function beginsGathered(head: string): boolean {
  if (!mayBeGathered(head)) return false
  const lines = head.slice(0, head.lastIndexOf('\n')).split('\n')
  const first = headsOf(lines.slice(0, 8))[0]
  return first !== undefined ? lines.slice(0, first.at).every((line) => line.trim() === '') : byPrefix(lines) !== null
}

/**
 * Parts a text that gathers the output of one command from several machines, by what stands before each line or above each machine's lines. `null`: it is none, or
 * what it holds names its machine by itself (syslog). A title or a prefix may be anybody's: several must have the same kind of output below them.
 */
export function machinesIn(text: string): readonly MachineText[] | null {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  return byPrefix(lines) ?? byHeads(lines)
}

function byPrefix(lines: readonly string[]): readonly MachineText[] | null {
  const parts = new Map<string, string[]>()
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const g = PREFIX.exec(line)?.groups
    const host = g?.['a'] ?? g?.['b']
    if (host === undefined || !isMachine(host)) return null
    const own = parts.get(host) ?? Array.from(lines, () => '')
    if (!parts.has(host) && (parts.size >= 512 || parts.size * lines.length > MOST_LINES)) return null
    parts.set(host, own)
    own[index] = g?.['rest'] ?? ''
  }
  const machines = [...parts].map(([host, own]) => ({ host, lines: own }))
  // The ring buffers alone are read as logs, with the machine's name before each line.
  const hasClock = machines.some((m) => m.lines.some((line) => clockLine.test(line)))
  return hasClock && machines.every(({ lines: own }) => kindsOf(own).size > 0) ? machines : null
}

interface Head {
  /** First line behind it, and the first of it. */
  readonly from: number
  readonly at: number
  readonly host: string | null
  /** Written by a program that gathers, not a title that anybody may have written. */
  readonly sure: boolean
}

function byHeads(lines: readonly string[]): readonly MachineText[] | null {
  const heads = headsOf(lines)
  const first = heads[0]
  if (first === undefined || heads.length * lines.length > 8 * MOST_LINES) return null
  const parts = new Map<string | null, string[]>()
  const add = (host: string | null, from: number, to: number): void => {
    const own = parts.get(host) ?? Array.from(lines, () => '')
    parts.set(host, own)
    for (let at = from; at < to; at += 1) own[at] = lines[at] ?? ''
  }
  if (lines.slice(0, first.at).some((line) => line.trim() !== '')) add(null, 0, first.at)
  for (const [n, head] of heads.entries()) add(head.host, head.from, heads[n + 1]?.at ?? lines.length)
  if (parts.size > 512) return null
  const machines = [...parts].map(([host, own]) => ({ host, lines: own }))
  const telling = machines.filter((m) => first.sure || m.host !== null).map((m) => kindsOf(m.lines))
  const both = (kind: string): number => telling.filter((kinds) => kinds.has(kind)).length
  const least = first.sure ? 1 : 2
  return both('kernel') >= least || both('clock') >= least ? machines : null
}

function headsOf(lines: readonly string[]): Head[] {
  const heads: Head[] = []
  for (const [at, line] of lines.entries()) {
    const ruled = RULE.test(line) && RULE.test(lines[at + 2] ?? '') && RULED_ANY.test(lines[at + 1] ?? '')
    if (ruled) heads.push({ at, from: at + 3, host: RULED.exec(lines[at + 1] ?? '')?.groups?.['host'] ?? null, sure: true })
    const command = COMMAND.exec(line)?.groups
    const named = command === undefined ? null : (Object.values(command).find((one) => one !== undefined) ?? null)
    if (named !== null) heads.push({ at, from: at + 1, host: named, sure: true })
    const host = ruled || named !== null ? null : titleOf(line)
    if (host !== null && isMachine(host)) heads.push({ at, from: at + 1, host, sure: isSetIn(lines, at) })
  }
  const sure = heads.filter((head) => head.sure)
  return sure.length > 0 ? sure : heads
}

/** Salt prints what a machine said four blanks below its name, up to the next name or the end. */
function isSetIn(lines: readonly string[], at: number): boolean {
  if (!/^\w/.test(lines[at] ?? '')) return false
  let own = 0
  for (let below = at + 1; below < lines.length; below += 1) {
    const line = lines[below] ?? ''
    if (line.trim() === '') continue
    if (!line.startsWith('    ')) return own > 1 && titleOf(line) !== null
    own += 1
  }
  return own > 1
}

function kindsOf(lines: readonly string[]): ReadonlySet<string> {
  const kinds = new Set<string>()
  for (const line of lines) {
    if (line === '') continue
    if (kernelLine.test(line)) kinds.add('kernel')
    else if (clockLine.test(line)) kinds.add('clock')
    if (kinds.size === 2) break
  }
  return kinds
}
