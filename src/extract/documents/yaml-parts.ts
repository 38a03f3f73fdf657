/** A piece of a YAML text that parses by itself: a whole document, or one item of a List (then a list of one). */
export interface YamlPart {
  readonly text: string
  /** Offset of `text` in the whole. */
  readonly at: number
}

/**
 * Cuts a YAML text at `---` lines and, inside a List, before each item: objects are parsed one by one, a broken one does not take the
 * others with it, and a bundle's `pods.yaml` of any length needs the memory of one pod. Lines of a block scalar are always indented deeper
 * than the item that holds them, so that an item's dash is known by its column.
 */
export function* yamlParts(text: string): Generator<YamlPart> {
  let documentAt = 0
  for (const at of separators(text)) {
    yield* itemsOfDocument(text.slice(documentAt, at.from), documentAt)
    documentAt = at.to
  }
  yield* itemsOfDocument(text.slice(documentAt), documentAt)
}

function* separators(text: string): Generator<{ readonly from: number; readonly to: number }> {
  for (const match of text.matchAll(/^(?:---|\.\.\.)(?=[ \t\r]*(?:#.*)?$)/gm))
    yield { from: match.index, to: match.index + match[0].length }
}

function* itemsOfDocument(text: string, at: number): Generator<YamlPart> {
  const head = /^items:[ \t]*\r?\n(?<indent> {0,8})- /m.exec(text)
  if (head === null) {
    if (text.trim() !== '') yield { text, at }
    return
  }
  const dash = `\n${head.groups?.['indent'] ?? ''}- `
  let from = text.indexOf(dash, head.index) + 1
  for (;;) {
    const next = text.indexOf(dash, from)
    const end = next === -1 ? endOfList(text, from) : next + 1
    yield { text: text.slice(from, end), at: at + from }
    if (next === -1) return
    from = next + 1
  }
}

/** The list's last item ends where a key of the List follows (`kind: List`). */
function endOfList(text: string, from: number): number {
  const next = /^[A-Za-z]/m.exec(text.slice(from))
  return next === null ? text.length : from + next.index
}

const KIND = /^(?:- | {2}| {4}- | {6}|)kind: *(?<kind>\w+) *\r?$/m
const WANTED: ReadonlySet<string> = new Set([
  'Pod',
  'Node',
  'Event',
  'List',
  'PodList',
  'NodeList',
  'EventList',
  'KubeletConfiguration',
  'ConfigMap',
])

/** Whether a part is worth the parser: of a kind that is read, or of none (stripped in a List). */
export function isWanted(part: YamlPart): boolean {
  const kind = KIND.exec(part.text)?.groups?.['kind']
  if (kind === 'ConfigMap') return part.text.includes('KubeletConfiguration')
  return kind === undefined || WANTED.has(kind)
}

/** Parts of pods and nodes that hold nothing we read, and often most of the text. */
const IRRELEVANT =
  /^ *(?:managedFields|tolerations|affinity|livenessProbe|readinessProbe|startupProbe|lifecycle|securityContext|ports|projected|imagePullSecrets|images|volumesInUse|volumesAttached|addresses|daemonEndpoints|topologySpreadConstraints|hostIPs|podIPs): *\r?$/

/**
 * Blanks out what nobody reads: the parser is slow, and an old dump is half `managedFields`. Offsets and lines stay as they are. A key that
 * begins a list item is left alone, since the item's other keys hang on its dash.
 */
export function withoutIrrelevant(text: string): string {
  let indent = -1
  return text
    .split('\n')
    .map((line) => {
      const own = line.search(/\S/)
      if (indent >= 0 && (own > indent || own === -1 || (own === indent && line.startsWith('- ', own)))) return ' '.repeat(line.length)
      indent = IRRELEVANT.test(line) ? own : -1
      return indent >= 0 ? ' '.repeat(line.length) : line
    })
    .join('\n')
}
