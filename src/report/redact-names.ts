import { deploymentOfPodName } from '../kube/owner.ts'
import type { Phrase } from '../model/diagnosis.ts'
import type { Workload } from '../model/incident.ts'
import type { AnyReport } from '../model/report.ts'
import { plainPhrase } from '../text/plain-phrase.ts'

export type AliasKind =
  | 'host'
  | 'namespace'
  | 'pod'
  | 'uid'
  | 'owner'
  | 'container'
  | 'container-id'
  | 'user'
  | 'source'
  | 'unit'
  | 'address'
  | 'mac'
  | 'path'
  | 'id'
  | 'mail'
  | 'image'
  | 'volume'
  | 'label'

/** Names that every cluster or machine has: they tell nothing of whose it is, and our own sentences use some as words. */
export const publicNames: ReadonlySet<string> = new Set([
  ...['default', 'kube-system', 'kube-public', 'kube-node-lease', 'k8s.io', 'root', 'localhost', 'kernel', 'system'],
  ...['app', 'main', 'server', 'web', 'api', 'worker', 'sidecar', 'container', 'init', 'proxy', 'istio-proxy', 'manager', 'POD', 'pod'],
])

/** A keyed hash of a name, in hex: for aliases that are the same in reports that know nothing of each other. */
export type NameHash = (name: string) => string

/**
 * Stable aliases: the same name is the same alias everywhere in the report. Without `hash` the first name of a kind that the report mentions is
 * number 1; with it the alias follows from the name alone.
 */
export interface Aliases {
  of(kind: AliasKind, name: string): string
  /** Known names, longest first, for one pass over a text. */
  literals(): readonly Named[]
}

export interface Named {
  readonly name: string
  readonly alias: string
}

function createAliases(hash: NameHash | null): Aliases {
  const byName = new Map<string, string>()
  const counts = new Map<AliasKind, number>()
  return {
    of(kind, name) {
      const known = byName.get(name)
      if (known !== undefined) return known
      const n = (counts.get(kind) ?? 0) + 1
      counts.set(kind, n)
      const alias = `${kind}-${hash === null ? n : hash(name)}`
      byName.set(name, alias)
      return alias
    },
    literals: () =>
      [...byName].map(([name, alias]) => ({ name, alias })).sort((a, b) => b.name.length - a.name.length || (a.name < b.name ? -1 : 1)),
  }
}

/** All names that the report's fields say are names, and those that the shapes of kubelet, runtime and shell lines give away. */
export function collectNames(report: AnyReport, texts: readonly string[], hash: NameHash | null): Aliases {
  const aliases = createAliases(hash)
  const comms = commsOf(report)
  const add = (kind: AliasKind, name: string | null | undefined): void => {
    if (name === null || name === undefined || name.length < 2 || publicNames.has(name) || /^[\d.]+$/.test(name)) return
    if ((kind === 'owner' || kind === 'container' || kind === 'user') && comms.has(name)) return
    aliases.of(kind, name)
  }
  for (const source of report.sources) addHost(add, source.host)
  for (const incident of report.incidents) {
    addHost(add, incident.host)
    for (const workload of [incident.workload, ...incident.workloads]) addWorkload(add, workload)
  }
  for (const finding of report.findings) {
    addWorkload(add, finding.workload)
    addFromSentence(add, finding.statement)
  }
  for (const row of report.timeline) {
    addHost(add, row.host)
    addFromSentence(add, row.text)
  }
  for (const text of texts) addFromText(add, text)
  return aliases
}

type Add = (kind: AliasKind, name: string | null | undefined) => void

function addHost(add: Add, host: string | null): void {
  add('host', host)
  // the short name stands in syslog where the long one stands in the API, and the other way round
  if (host?.includes('.') && !/^[\d.]+$/.test(host)) add('host', host.slice(0, host.indexOf('.')))
}

function addWorkload(add: Add, workload: Workload | null): void {
  if (workload === null) return
  add('namespace', workload.namespace)
  addPod(add, workload.pod)
  add('owner', workload.owner?.slice(workload.owner.indexOf('/') + 1))
  add('container', workload.container)
  for (const id of [workload.containerId, ...workload.containerIds]) {
    // LXC's and machined's are names that people gave
    if (id !== null) add(/^[0-9a-f]{12,}$/.test(id) ? 'container-id' : 'container', id)
  }
}

/** What its Deployment is called stands in labels, images and volumes as well. */
function addPod(add: Add, pod: string | null | undefined): void {
  add('pod', pod)
  add('owner', deploymentOfPodName(pod ?? '')?.replace(/^\w+\//, ''))
}

/** What only a sentence of ours names: `container cart of pod shop/api-7c9d4`, `container` and a name in code style. */
function addFromSentence(add: Add, sentence: Phrase | string): void {
  const text = typeof sentence === 'string' ? sentence : plainPhrase(sentence)
  for (const [, namespace, pod] of text.matchAll(/\b[Pp]od (?:([a-z0-9][a-z0-9-]{0,62})\/)?([a-z0-9][a-z0-9.-]{0,252}[a-z0-9])/g)) {
    add('namespace', namespace)
    if (namespace !== undefined || /-/.test(pod ?? '')) addPod(add, pod)
  }
  for (const [, container] of text.matchAll(/\b[Cc]ontainer ([a-z0-9][a-z0-9-]{0,62}) of pod /g)) add('container', container)
  if (typeof sentence === 'string') return
  sentence.forEach((part, at) => {
    const before = sentence[at - 1]
    const isNamed = typeof part === 'object' && 'code' in part && typeof before === 'string' && /\b[Cc]ontainer $/.test(before)
    if (isNamed && !/^[0-9a-f]{12,}$/.test(part.code)) add('container', part.code)
  })
}

export function commsOf(report: AnyReport): ReadonlySet<string> {
  const comms = new Set<string>()
  for (const incident of report.incidents) {
    for (const kill of incident.kills) for (const comm of [kill.victim.comm, kill.trigger?.comm]) if (comm) comms.add(comm)
    for (const row of incident.consumers?.rows ?? []) comms.add(row.comm)
    for (const row of incident.consumers?.byName ?? []) comms.add(row.comm)
  }
  return comms
}

/** Kubernetes object names: RFC 1123, as in `pod="shop/api-7c9d4"`, `pods=["a/b","c/d"]`, `PodSandboxMetadata{Name:x,Uid:y,Namespace:z`. */
const shapes: readonly { readonly pattern: RegExp; readonly kinds: readonly AliasKind[] }[] = [
  { pattern: /(?<=(?:\bpods?=\[?|[[,])\\?")([a-z0-9][a-z0-9-]*)\/([a-z0-9][a-z0-9.-]*)(?=\\?")/g, kinds: ['namespace', 'pod'] },
  { pattern: /\b(?:podNamespace|[Nn]amespace)[=:]\s*"?([a-z0-9][a-z0-9-]*)/g, kinds: ['namespace'] },
  { pattern: /\bvolumes?(?:Name)?(?:=| )\\?["`]?([a-z0-9][a-z0-9-]{2,62})\\?["`]/g, kinds: ['volume'] },
  { pattern: /\b([a-z0-9][a-z0-9.-]{0,252})_([a-z0-9][a-z0-9-]{0,62})\((?=[0-9a-f]{8}-)/g, kinds: ['pod', 'namespace'] },
  // ids of containers, whole and as `docker ps` and our own sentences shorten them
  { pattern: /(?<![0-9A-Za-z])([0-9a-f]{64})(?![0-9A-Za-z])/g, kinds: ['container-id'] },
  { pattern: /\b(?:[Cc]ontainer|--id)[ =:"]{1,2}([0-9a-f]{12,13})(?![0-9A-Za-z])/g, kinds: ['container-id'] },
  // `docker events`: `container oom 25a3… (com.docker.compose.project=shop, image=…, name=cart)`
  { pattern: /(?:\(|, )(?:name|com\.docker\.compose\.(?:project|service))=([A-Za-z0-9][\w.-]{1,127})(?=[,)])/g, kinds: ['container'] },
  // labels of metrics and alerts, members of JSON
  { pattern: /\bpod(?:_?[Nn]ame)?\\?"?[=:] ?\\?"([a-z0-9][a-z0-9.-]*)(?=\\?")/g, kinds: ['pod'] },
  { pattern: /\bnamespace(?:_name)?\\?"?[=:] ?\\?"([a-z0-9][a-z0-9-]*)(?=\\?")/g, kinds: ['namespace'] },
  { pattern: /\bcontainer(?:_name)?\\?"?[=:] ?\\?"([a-z0-9][a-z0-9-]*)(?=\\?")/g, kinds: ['container'] },
  { pattern: /\bpodName=\\?"([a-z0-9][a-z0-9.-]*)/g, kinds: ['pod'] },
  { pattern: /PodSandboxMetadata\{Name:([a-z0-9][a-z0-9.-]*)/g, kinds: ['pod'] },
  {
    pattern:
      /\b_?(?:nodeName|node|host|hostname|HOSTNAME|[Cc]omputer|instance)\\?"?[=:] ?\\?"?([A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9])(?=(?::\d+)?\\?")/g,
    kinds: ['host'],
  },
  { pattern: /(?:\/home\/|\/Users\/|\/export\/home\/)([A-Za-z_][\w.-]*)/g, kinds: ['user'] },
  { pattern: /\b(?:user|USER|username|login|for user|of user|User)[= ]"?([a-z_][a-z0-9_-]+)\b/g, kinds: ['user'] },
  { pattern: /\b(?:sudo|su|doas)(?:\[\d+\])?: +([a-z_][\w.-]{1,31}) : /g, kinds: ['user'] },
  { pattern: /\b([a-z_][\w.-]{1,31})@(?=[a-z0-9-]+(?:\.|:|\s|$))/g, kinds: ['user'] },
  // the header of syslog and journal lines: time, host, `tag[pid]:`
  {
    pattern:
      /^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) ([A-Za-z0-9][A-Za-z0-9.-]*) [\w./@-]+(?:\[\d+\])?:/g,
    kinds: ['host'],
  },
]

function addFromText(add: Add, text: string): void {
  for (const { pattern, kinds } of shapes) {
    for (const match of text.matchAll(pattern)) {
      kinds.forEach((kind, i) => {
        const name = match[i + 1]
        if (kind === 'host') addHost(add, name ?? null)
        else if (!(kind === 'user' && commonWords.has(name ?? ''))) add(kind, name)
      })
    }
  }
}

/** What follows the word "user" in sentences of kernels and daemons without being one. */
const commonWords = new Set(
  'space session sessions slice manager mode memory id processes process namespace nobody service data code'.split(' '),
)
