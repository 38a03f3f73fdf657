import type { Document } from '../../model/record.ts'
import type { DocumentFacts } from '../../model/snapshot.ts'
import type { DocumentReader, PlacedPiece } from '../define-extractor.ts'
import { cutWarning, kubeletTextsOf, takeObject } from './manifests.ts'
import { type Facts, firstLines, newFacts } from './page.ts'
import { parsePlainYaml } from './plain-yaml.ts'
import { type Quoter, quoterOf, type Tree } from './tree.ts'
import { isWanted, withoutIrrelevant, yamlParts } from './yaml-parts.ts'
import { wholeOf, yamlPieces } from './yaml-pieces.ts'

type Parser = typeof import('./yaml-tree.ts')['parseYaml']

/** The library of the whole language takes long to load: `prepare` does, and only hand-written files need it. */
let parse: Parser | null = null

const KIND = /^(?:[ -] )?(?: {2}(?:[ -] )?)?kind: *(?:Pod|Node|Event|List|PodList|NodeList|EventList|KubeletConfiguration) *\r?$/m
const OTHER_KIND = /^(?:- )?kind: *[A-Z]\w* *\r?$/m
const START = /^(?:- )?(?:apiVersion|kind|items|metadata):(?: |$)/

/** Objects of the Kubernetes API as YAML: single, List, several documents in one file. */
export const manifestYaml: DocumentReader = {
  id: 'kubernetes-yaml',
  title: 'Kubernetes objects as YAML',
  writtenBy: 'kubectl get -o yaml, oc adm must-gather, /var/lib/kubelet/config.yaml',
  seen: 'real',
  sniff(head) {
    if (/^[\s\uFEFF]*[[{]/.test(head)) return 'none'
    // the first keys, after comments, a prompt or an empty document
    if (!firstLines(head, 8).some((line) => START.test(line))) return 'none'
    if (KIND.test(head)) return 'strong'
    return OTHER_KIND.test(head) || /^items: *\r?$/m.test(head) ? 'weak' : 'none'
  },
  async prepare() {
    parse ??= (await import('./yaml-tree.ts')).parseYaml
  },
  read(document) {
    const facts = newFacts()
    readYaml(document, facts)
    return facts
  },
  large: { cut: yamlPieces, read: readPiece },
}

/** A piece of a list of any length, or of any number of documents. */
function readPiece(piece: PlacedPiece, { source, path }: Pick<Document, 'source' | 'path'>, take: (facts: DocumentFacts) => void): void {
  const facts = newFacts()
  const text = wholeOf(piece)
  const firstLine = piece.goesOn === true ? piece.firstLine - 1 : piece.firstLine
  readYaml({ source, path, text, modifiedMs: null, firstLine }, facts, piece.firstByte - (text.length - piece.text.length))
  take(facts)
}

/** What the tools of Kubernetes write needs no library; what people write may. */
function parseAny(text: string, at: number): ReturnType<Parser> {
  const plain = parsePlainYaml(text, at)
  if (plain !== null) return { tree: plain, error: null }
  return parse === null ? { tree: null, error: { at, reason: 'the parser of unusual YAML was not loaded' } } : parse(text, at)
}

/** `bytes`: of the file before the text. */
function readYaml(document: Document, facts: Facts, bytes = 0): void {
  const quoter = quoterOf(document.source, document.text, document.firstLine ?? 1, { bytes })
  for (const part of yamlParts(document.text)) {
    if (!isWanted(part)) continue
    const { tree, error } = parseAny(withoutIrrelevant(part.text), part.at)
    if (error !== null) cutWarning(facts, quoter, document, 'kubernetes-yaml', error.at, error.reason)
    for (const object of tree?.kind === 'list' ? tree.items : [tree]) {
      if (object === null) continue
      takeObject(object, quoter, document, facts)
      takeConfigMap(object, quoter, document, facts)
    }
  }
}

/** A kubelet's configuration as text inside a ConfigMap: each of its lines stands below its key. */
function takeConfigMap(object: Tree, quoter: Quoter, document: Document, facts: Facts): void {
  for (const { text, at } of kubeletTextsOf(object)) {
    const { tree } = parseAny(text, 0)
    const keyLine = quoter.quote(at).line
    const starts = document.text.split('\n')
    const inner: Quoter = {
      quote(innerAt) {
        const index = (keyLine ?? 1) - (document.firstLine ?? 1) + text.slice(0, innerAt).split('\n').length
        return { source: document.source, line: index + (document.firstLine ?? 1), offset: null, cursor: null, text: starts[index] ?? '' }
      },
    }
    if (tree !== null) takeObject(tree, inner, document, facts)
  }
}
