import { warning } from '../../warnings.ts'
import type { DocumentReader, DocumentStream } from '../define-extractor.ts'
import { jsonPieces } from './json-pieces.ts'
import { readJsonStream } from './json-tree.ts'
import { cutWarning, takeObject } from './manifests.ts'
import { newFacts } from './page.ts'
import { quoterOf } from './tree.ts'

/** `"kind": "PodList"`, `"involvedObject": {`; audit events have the group `audit.k8s.io`. */
const KIND = /"kind" ?: ?"(?:Pod|Node|Event|List|PodList|NodeList|EventList|KubeletConfiguration|ComponentStatusList)"/
const OTHER_LIST = /"kind" ?: ?"[A-Z]\w*List"/
/** API objects begin with one of their own keys (sorted or in the order of the type), those of etcd with their path there; a structured log line begins with its time or level. */
const FIRST_KEY =
  /^[\s\uFEFF]*(?:\[\s*)?\{\s*"(?:apiVersion|kind|items|metadata|spec|status|kubeletconfig|action|count|eventTime|firstTimestamp|involvedObject|lastTimestamp|deprecatedCount|key" ?: ?"\/[^"]*" ?, ?"value)" ?:/
const CONFIGZ = /^\s*\{\s*"kubeletconfig" ?:/

/** Objects of the Kubernetes API as JSON, in any packing: single, List, stream, with stripped kinds. */
export const manifestJson: DocumentReader = {
  id: 'kubernetes-json',
  title: 'Kubernetes objects as JSON',
  writtenBy: 'kubectl get -o json, kubectl cluster-info dump, troubleshoot, must-gather',
  seen: 'real',
  mixed: (text) => text.includes('==== START logs for '),
  sniff(head) {
    if (!FIRST_KEY.test(head) || head.includes('audit.k8s.io')) return 'none'
    if (CONFIGZ.test(head)) return 'strong'
    const named = KIND.test(head) && /"(?:apiVersion|items|metadata)" ?:/.test(head)
    if (named) return isLogLine(head) ? 'none' : 'strong'
    if (OTHER_LIST.test(head) && /"(?:items|metadata)" ?:/.test(head)) return 'weak'
    return 'none'
  },
  read(document) {
    const facts = newFacts()
    const quoter = quoterOf(document.source, document.text, document.firstLine ?? 1)
    readJsonStream(document.text, {
      object: (tree) => takeObject(tree, quoter, document, facts),
      broken: (at, reason) => cutWarning(facts, quoter, document, 'kubernetes-json', at, reason),
    })
    return facts
  },
  large: largeJson,
}

/** Most events of a large list that tell of no death and no memory: some 4 KiB each as they are kept. */
const MOST_OTHERS = 100_000

/** Lists of any length: piece by piece. What is found is copied, else each name would hold its piece. */
function largeJson(source: string, path: string): DocumentStream {
  const found = newFacts()
  let lines = 0
  let bytes = 0
  let endedLine = true
  let others = 0
  const encoder = new TextEncoder()
  const pieces = jsonPieces((piece) => {
    const document = { source, path, text: piece.text, modifiedMs: null }
    const facts = newFacts()
    const quoter = quoterOf(source, piece.text, lines + 1, { bytes, isWithinLine: !(endedLine && piece.endsLine) })
    readJsonStream(piece.objects, {
      object: (tree) => takeObject(tree, quoter, document, facts),
      broken: (at, reason) => cutWarning(facts, quoter, document, 'kubernetes-json', at, reason),
    })
    const own = structuredClone(facts)
    for (const each of own.snapshots) found.snapshots.push(each)
    for (const each of own.events) {
      const isOther = each.kind === 'object-event' && !each.ofMemory && each.death === null
      if (isOther) others += 1
      if (!isOther || others <= MOST_OTHERS) found.events.push(each)
    }
    for (const each of own.warnings) found.warnings.push(each)
    lines += piece.lines
    bytes += encoder.encode(piece.text).length
    endedLine = piece.endsLine
  })
  return {
    push: pieces.push,
    end() {
      pieces.end()
      if (others > MOST_OTHERS)
        found.warnings.push(warning('events-passed-by', source, null, { count: others - MOST_OTHERS, limit: MOST_OTHERS }))
      return found
    },
  }
}

/** Log exports carry Event objects in wrappings of their own (`jsonPayload`, `{"verb":…,"event":{…}}`): those are records. */
function isLogLine(head: string): boolean {
  return /"(?:jsonPayload|insertId|@timestamp|_source|logName|_raw)" ?:/.test(head)
}
