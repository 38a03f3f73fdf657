import type { Tree } from '../tree.ts'

/** `map[terminated:map[exitCode:137 reason:OOMKilled …]]`: how `-o jsonpath` of old kubectl, Go's templates and logs print a part of a status. */
export const holdsGoMap = (line: string): boolean => /\bmap\[(?:\w+:|\])/.test(line)

const MOST_DEPTH = 12

interface Cursor {
  readonly text: string
  at: number
}

/** The values that a line holds, each from its `map[` on; what cannot be read ends them. */
export function goMapsOf(line: string): Tree[] {
  const cursor = { text: line, at: line.indexOf('map[') }
  const trees: Tree[] = []
  while (cursor.at !== -1) {
    const tree = mapAt(cursor, 0)
    if (tree === null) break
    trees.push(tree)
    cursor.at = line.indexOf('map[', cursor.at)
  }
  return trees
}

function valueAt(cursor: Cursor, depth: number): Tree | null {
  if (depth > MOST_DEPTH) return null
  if (cursor.text.startsWith('map[', cursor.at)) return mapAt(cursor, depth)
  if (cursor.text[cursor.at] === '[') return listAt(cursor, depth)
  const at = cursor.at
  // A text with blanks in it goes on to the next key.
  const found = /^[^\s\]]*(?: (?![\w.-]{1,80}:)[^\s\]]+)*/.exec(cursor.text.slice(at))?.[0] ?? ''
  cursor.at += found.length
  return { kind: 'scalar', value: found, at }
}

function mapAt(cursor: Cursor, depth: number): Tree | null {
  const at = cursor.at
  cursor.at += 'map['.length
  const entries = new Map<string, Tree>()
  while (cursor.text[cursor.at] !== ']') {
    const key = /^ ?(?<key>[\w./-]{1,253}):/.exec(cursor.text.slice(cursor.at, cursor.at + 260))
    if (key === null) return null
    cursor.at += key[0].length
    const value = valueAt(cursor, depth + 1)
    if (value === null) return null
    entries.set(key.groups?.['key'] ?? '', value)
  }
  cursor.at += 1
  return { kind: 'map', entries, at }
}

function listAt(cursor: Cursor, depth: number): Tree | null {
  const at = cursor.at
  cursor.at += 1
  const items: Tree[] = []
  while (cursor.text[cursor.at] !== ']') {
    if (cursor.text[cursor.at] === ' ') cursor.at += 1
    const before = cursor.at
    const item = valueAt(cursor, depth + 1)
    if (item === null || cursor.at === before) return null
    items.push(item)
  }
  cursor.at += 1
  return { kind: 'list', items, at }
}
