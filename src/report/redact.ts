import type { AnyReport } from '../model/report.ts'
import { withoutLabels } from './redact-labels.ts'
import { type Aliases, collectNames, commsOf, type Named, type NameHash, publicNames } from './redact-names.ts'

/**
 * The report with hosts, namespaces, pods, pod UIDs, container ids, owners, users, addresses, paths, units and source names replaced by
 * aliases (`host-1`, `pod-2` …) in every string, evidence, excerpt and commands included. The same name is the same alias everywhere, so
 * that the story still reads. Process names (`comm`) stay, but for names within them (`cart-server` of the Deployment `cart`): they are what the diagnosis speaks of. With `hash` (a keyed one: names are guessable)
 * aliases are the same across reports, as a batch needs them: `host-3f9c1b20aa`. `onNames` is told which alias is whose.
 */
export function redact<R extends AnyReport>(
  report: R,
  hash: NameHash | null = null,
  onNames: (names: readonly Named[]) => void = () => {},
): R {
  const texts: string[] = []
  visit(report, (text) => texts.push(text))
  const aliases = collectNames(report, texts, hash)
  const sources = new Set<string>(sourceNames(report))
  for (const name of sources) aliases.of('source', name)
  const replace = replacer(aliases)
  const comms = commsOf(report)
  const labelOf = (value: string): string => (publicNames.has(value) || comms.has(value) ? value : aliases.of('label', value))
  const atSource = (name: string): string => aliases.of('source', name) + endingOf(name)
  const ids = new Map(report.incidents.map(({ id }, at) => [id, hash === null ? `incident-${at + 1}` : hash(id)]))
  const change = (text: string, key: string): string => {
    if (key === 'source' || (key === 'name' && sources.has(text))) return atSource(text)
    // A command holds JSON of our own.
    return ids.get(text) ?? replace(key === 'command' ? text : withoutLabels(text, labelOf))
  }
  const redacted = coarse(walk(report, '', change) as R)
  onNames(aliases.literals())
  return redacted
}

/** Sizes of files are those of the blocks of a disk, which the length of a name rarely changes; offsets within them, which it does, are left out. */
const blockBytes = 4096

function coarse<R extends AnyReport>(report: R): R {
  const sources = report.sources.map((source) => ({ ...source, bytes: Math.ceil(source.bytes / blockBytes) * blockBytes }))
  return withoutOffsets({ ...report, sources }) as R
}

function withoutOffsets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOffsets)
  if (typeof value !== 'object' || value === null) return value
  const isPlace = 'source' in value && 'offset' in value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, isPlace && key === 'offset' ? null : withoutOffsets(member)]),
  )
}

function* sourceNames(report: AnyReport): Generator<string> {
  for (const source of report.sources) yield source.name
  for (const row of report.timeline) yield row.source
  for (const incident of report.incidents) {
    const answers = [...Object.values(incident.diagnosis), incident.rootCause, ...incident.kills]
    for (const { evidence } of answers) for (const quote of evidence) yield quote.source
    for (const quote of incident.excerpt?.lines ?? []) yield quote.source
    for (const kill of incident.kills) {
      if (kill.victim.commandLine) yield kill.victim.commandLine.from
      for (const quote of kill.repeats) yield quote.source
    }
  }
  for (const finding of report.findings) for (const quote of finding.evidence) yield quote.source
}

/** Kept, since it tells the kind: `source-3.log`, `source-4.tar.gz`. */
function endingOf(name: string): string {
  return /(?:\.tar)?\.(?:log|txt|json|ndjson|ya?ml|gz|xz|zst|bz2|zip|tar|tgz|journal|export)$/.exec(name)?.[0] ?? ''
}

/** Fields whose strings are ours, the kernel's or numbers in words: a Deployment called `single` must not change a pattern. */
const kept = new Set([
  ...['format', 'kind', 'question', 'confidence', 'pattern', 'killer', 'constraint', 'timeBasis', 'badnessUnit', 'when', 'scope'],
  ...['of', 'metric', 'shape'],
  ...['time', 'firstTime', 'lastTime', 'from', 'to', 'localTime', 'gfpMask', 'gfpFlags', 'release', 'kernelName', 'totalName'],
  ...['runtime', 'qosClass', 'version', 'formula'],
])

function walk(value: unknown, key: string, change: (text: string, key: string) => string): unknown {
  if (typeof value === 'string') return kept.has(key) ? value : change(value, key)
  if (Array.isArray(value)) return value.map((item) => walk(item, key, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, meaningOf(name, value), change)]))
}

/** `commandLine.from` names a place, `source.from` is a time; a workload's `owner` is a name, a recommendation's one of our words. */
function meaningOf(name: string, within: object): string {
  if (name === 'from' && 'text' in within) return 'source'
  return name === 'owner' && 'effect' in within ? 'when' : name
}

function visit(value: unknown, see: (text: string) => void): void {
  walk(value, '', (text) => {
    see(text)
    return text
  })
}

/** Units that any machine has; the rest are named after what the owner runs. */
const publicUnit =
  /^(?:system|user|machine|init|kubepods(?:-(?:burstable|besteffort))?|runtime|podruntime|-)\.(?:slice|scope)$|^user-\d+\.slice$|^user@\d+\.service$|^session-c?\d+\.scope$|^(?:kubelet|containerd|docker|crio|cri-o|podman|systemd-[a-z]+|ssh|sshd|cron|crond|rsyslog|dbus|earlyoom|k3s|rke2-\w+)\.(?:service|socket)$/
const publicHost = /(?:^|\.)(?:k8s|kubernetes|docker|golang|github|systemd|kernel|mozilla)\.(?:io|org|com)$/
const cgroupShape = /\.(?:slice|scope|service)\b|^\/(?:kubepods|docker|lxc|libpod|machine|ecs|system|user)\b/
const systemPath = /^\/(?:proc|sys|dev)(?:\/|$)/

/** What may begin with a known name and is wider: looked for first. */
const wider = [
  String.raw`(?<mail>(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,63}(?![\w-]))`,
  String.raw`(?<image>(?<=\b[Ii]mage(?:ID)?(?:\\?"?[=:] ?|: +| )\\?"?)[A-Za-z0-9][\w.-]{0,253}(?::\d{1,5})?(?:/[\w.-]{1,128}){1,8}(?::[\w.-]{1,128})?(?:@sha256:[0-9a-f]{64})?)`,
  String.raw`(?<urlhost>(?<=:\/\/)(?![\d.]+(?:[:/"'\s\\]|$))[A-Za-z][\w.-]{0,253})`,
]

const shapes = [
  '(?<uid>[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})',
  '(?<hex>(?<![0-9A-Za-z])[0-9a-f]{20,64}(?![0-9A-Za-z]))',
  '(?<mac>(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:]))',
  String.raw`(?<ip4>(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]))`,
  '(?<ip6>(?<![0-9A-Za-z:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![0-9A-Za-z:])|(?<![0-9A-Za-z:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![0-9A-Za-z:]))',
  String.raw`(?<path>(?<![\w./\\])/(?:[\w.@%+~\\:-]+/)+[\w.@%+~\\:-]*)`,
  String.raw`(?<unit>(?<![\w-])[\w@\\:.-]+\.(?:service|scope|slice|socket|timer|mount|automount|target)(?![\w-]))`,
  String.raw`(?<fqdn>(?<![\w.-])(?:[A-Za-z0-9-]+\.)+(?:com|net|org|io|dev|local|internal|lan|corp|cloud|cluster|example|test|intern|de|uk|eu|fr|at|ch|nl)(?![\w-]))`,
]

const LONG_NAME = 300

function replacer(aliases: Aliases): (text: string) => string {
  const literals = new Map<string, string>()
  for (const { name, alias } of aliases.literals()) {
    // What is the beginning of a longer id, seen before, has that one's alias.
    if (!literals.has(name)) literals.set(name, alias + (alias.startsWith('source-') ? endingOf(name) : ''))
    // docker prints 12 digits of an id, conmon 20
    if (alias.startsWith('container-id'))
      for (const length of [12, 13, 20]) if (name.length > length) literals.set(name.slice(0, length), alias)
  }
  // Names of any length may come from damaged documents; a pattern may not be of any size.
  const long = [...literals].filter(([name]) => name.length > LONG_NAME).sort(([a], [b]) => b.length - a.length)
  const words = [...literals.keys()]
    .filter((name) => name.length <= LONG_NAME)
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((name) => escapePattern(name))
  const literal =
    words.length === 0 ? [] : [`(?<word>(?<![0-9A-Za-z])(?:${words.join('|')})(?<domain>(?:\\.[A-Za-z0-9-]{1,63}){1,8})?(?![0-9A-Za-z]))`]
  const pattern = new RegExp([...wider, ...literal, ...shapes].join('|'), 'g')
  const replace = (text: string): string =>
    long
      .reduce((rest, [name, alias]) => rest.replaceAll(name, alias), text)
      .replace(pattern, (match, ...rest) => aliasOf(match, rest.at(-1) as Record<string, string | undefined>))
  const aliasOf = (match: string, groups: Record<string, string | undefined>): string => {
    if (groups.word !== undefined) {
      const { domain = '' } = groups
      const name = match.slice(0, match.length - domain.length)
      const alias = literals.get(name) ?? name
      // `node7.any.ending`: what follows a host's name is its domain; what follows another name is not.
      return domain === '' || alias.startsWith('host-') ? alias : alias + replace(domain)
    }
    if (groups.mail !== undefined) return aliases.of('mail', match.toLowerCase())
    if (groups.image !== undefined) return aliases.of('image', match)
    if (groups.urlhost !== undefined) return aliases.of('host', match.toLowerCase())
    if (groups.uid !== undefined) return aliases.of('uid', match.replaceAll('_', '-'))
    if (groups.hex !== undefined) return aliases.of('id', match)
    if (groups.mac !== undefined) return aliases.of('mac', match.toLowerCase())
    if (groups.ip4 !== undefined || groups.ip6 !== undefined) return aliases.of('address', match)
    if (groups.unit !== undefined) return unitAlias(match)
    if (groups.fqdn !== undefined) return publicHost.test(match) ? match : aliases.of('host', match)
    return pathAlias(match)
  }
  const unitAlias = (unit: string): string => {
    if (publicUnit.test(unit)) return unit
    const inner = unit.replace(pattern, (part, ...rest) => {
      const groups = rest.at(-1) as Record<string, string | undefined>
      return groups.unit === undefined ? aliasOf(part, groups) : part
    })
    // `cri-containerd-<id>.scope`, `kubepods-…-pod<uid>.slice`: the frame stays readable, only the id goes
    const framed =
      /^(?:cri-containerd-|crio-(?:conmon-)?|docker-|libpod-(?:conmon-)?|kubepods-(?:burstable-|besteffort-)?pod)(?<id>.+)\.(?<type>scope|slice)$/.exec(
        inner,
      )
    const id = framed?.groups?.id
    if (id !== undefined && /^(?:container-id|uid|id)-[0-9a-f]+$/.test(idInside(id))) return inner.replace(id, idInside(id))
    return aliases.of('unit', unit) + unit.slice(unit.lastIndexOf('.'))
  }
  const idInside = (id: string): string => (/^[0-9a-f_-]{20,}$/.test(id) ? replace(id) : id)
  const pathAlias = (path: string): string => {
    if (systemPath.test(path)) return path.split('/').map(replace).join('/')
    if (cgroupShape.test(path))
      return path
        .split('/')
        .map((part) => (part === '' ? part : replace(part)))
        .join('/')
    return `/${aliases.of('path', path)}`
  }
  return replace
}

function escapePattern(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
