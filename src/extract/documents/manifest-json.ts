import type { Document } from '../../model/record.ts'
import type { DocumentFacts } from '../../model/snapshot.ts'
import type { DocumentReader, PlacedPiece } from '../define-extractor.ts'
import { jsonPieces } from './json-pieces.ts'
import { type JsonSink, readJsonObjects, readJsonRest, readJsonStream } from './json-tree.ts'
import { cutWarning, takeObject } from './manifests.ts'
import { type Facts, newFacts } from './page.ts'
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
  large: { cut: jsonPieces, read: readPiece },
}

/** Objects of a piece of a list of any length. */
function readPiece(piece: PlacedPiece, { source, path }: Pick<Document, 'source' | 'path'>, take: (facts: DocumentFacts) => void): void {
  const { text, spans = new Int32Array(0), firstLine, firstByte, beginsLine } = piece
  const document = { source, path, text, modifiedMs: null }
  const quoter = quoterOf(source, text, firstLine, {
    bytes: firstByte,
    beginsWithin: !beginsLine,
    // The last piece ends with the file.
    endsWithin: !text.endsWith('\n') && piece.beyond !== '',
    beyond: piece.beyond ?? '',
  })
  const told = (tell: (facts: Facts) => void): void => {
    const facts = newFacts()
    tell(facts)
    take(facts)
  }
  const sink: JsonSink = {
    object: (tree) => told((facts) => takeObject(tree, quoter, document, facts)),
    broken: (at, reason) => told((facts) => cutWarning(facts, quoter, document, 'kubernetes-json', at, reason)),
  }
  readJsonObjects(text, spans, sink)
  if (piece.rest !== undefined) readJsonRest(text, piece.rest, sink)
}

/** Log exports carry Event objects in wrappings of their own (`jsonPayload`, `{"verb":…,"event":{…}}`): those are records. */
function isLogLine(head: string): boolean {
  return /"(?:jsonPayload|insertId|@timestamp|_source|logName|_raw)" ?:/.test(head)
}
