import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Tree } from './tree.ts'

/** Deeper nesting than any object of Kubernetes: a guard of the stack. */
const DEEPEST = 200

export interface YamlTree {
  readonly tree: Tree | null
  /** First error of the parser; what it could read is in `tree` all the same. */
  readonly error: { readonly at: number; readonly reason: string } | null
}

/** Parses one YAML document. `base` is added to every offset. Aliases are not followed: no program that we read writes any. */
export function parseYaml(text: string, base: number): YamlTree {
  const document = parseDocument(text, { keepSourceTokens: false, uniqueKeys: false, logLevel: 'silent', version: '1.1' })
  const error = document.errors[0]
  return {
    tree: treeOf(document.contents, base, base, 0),
    error:
      error === undefined ? null : { at: base + error.pos[0], reason: (error.message.split('\n')[0] ?? '').replace(/ at line \d.*$/, '') },
  }
}

function treeOf(node: unknown, at: number, base: number, depth: number): Tree | null {
  if (depth > DEEPEST || isAlias(node)) return null
  if (isScalar(node)) return { kind: 'scalar', value: plain(node.value, node.source), at }
  if (isSeq(node)) {
    const items = node.items.map((item) => treeOf(item, startOf(item, base, at), base, depth + 1))
    return { kind: 'list', items: items.filter((item) => item !== null), at }
  }
  if (!isMap(node)) return null
  const entries = new Map<string, Tree>()
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue
    const tree = treeOf(value, startOf(key, base, at), base, depth + 1)
    if (tree !== null) entries.set(String(key.value), tree)
  }
  return { kind: 'map', entries, at }
}

function startOf(node: unknown, base: number, otherwise: number): number {
  const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : null
  return range === null || range === undefined ? otherwise : base + range[0]
}

/** Numbers keep their digits (a revision of 64 bits, `1e9` as a quantity), times stay text. */
function plain(value: unknown, source: string | undefined): string | number | boolean | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number' && Number.isSafeInteger(value) && String(value) === source) return value
  return source ?? String(value)
}
