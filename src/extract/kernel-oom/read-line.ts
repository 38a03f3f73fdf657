import { endingShapes } from './endings.ts'
import { headerShapes } from './header.ts'
import type { Item } from './item.ts'
import { killShapes } from './kill-lines.ts'
import { memInfoShapes } from './mem-info.ts'
import { memcgShapes, statShape } from './memcg.ts'
import type { Shape } from './shape.ts'
import { readFrame, stackShapes } from './stack.ts'
import { summaryShapes } from './summary.ts'
import { taskTableShapes } from './task-table.ts'
import { zoneShapes } from './zones.ts'

/** Rows first: they are most of a report. Shapes exclude each other; the order is only for speed, but for `stat`, which is last. */
export const shapes: readonly Shape[] = [
  ...taskTableShapes,
  ...killShapes,
  ...headerShapes,
  ...summaryShapes,
  ...memcgShapes,
  ...zoneShapes,
  ...memInfoShapes,
  ...endingShapes,
  ...stackShapes,
  statShape,
]

/** Shapes that a text beginning with this character can have, in order. */
const byFirst: (readonly Shape[])[] = []

function shapesFor(first: number): readonly Shape[] {
  const known = byFirst[first]
  if (known !== undefined) return known
  const character = String.fromCharCode(first)
  const key = character.trim() === '' ? ' ' : character
  const possible = shapes.filter((shape) => shape.first === undefined || shape.first.includes(key))
  // (Beyond ASCII there are many, and few lines begin so.)
  if (first < 128) byFirst[first] = possible
  return possible
}

/** printk's records hold about 1000 bytes; two joined and every byte escaped stay below this. Longer lines are somebody else's. */
const longest = 8192

/** What a line says, or `null` when it is no line of a kernel OOM report. */
export function readLine(text: string): Item | null {
  if (text.length > longest) return null
  const plain = readPlain(text)
  if (plain !== null) return plain
  for (const shape of shapesFor(text.charCodeAt(0))) {
    const item = shape.read(text)
    if (item !== null) return item
  }
  return null
}

/** Nothing behind it: a process may be called like a function, and then its line goes on. */
const wholeFrame = /^ {1,2}(?:\? )?[\w.]+\+0x[0-9a-f]+\/0x[0-9a-f]+$/

/**
 * Statistics and the functions of a stack are most of a report, and the last of all shapes: what looks like one is tried as one first. Only rows of a dump
 * (`deadbeef 00000000`, `x29 0000000000000000`) may look like a figure, too.
 */
function readPlain(text: string): Item | null {
  const first = text.charCodeAt(0)
  if (first === 0x20) return wholeFrame.test(text) ? readFrame(text) : null
  const last = text.charCodeAt(text.length - 1)
  if (!(first >= 0x61 && first <= 0x7a && last >= 0x30 && last <= 0x39)) return null
  return /^(?:[0-9a-f]{8}|[a-z]{1,3}\d{0,2}\s)/.test(text) ? null : statShape.read(text)
}
