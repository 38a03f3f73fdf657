import { endingShapes } from './endings.ts'
import { headerShapes } from './header.ts'
import type { Item } from './item.ts'
import { killShapes } from './kill-lines.ts'
import { memInfoShapes } from './mem-info.ts'
import { memcgShapes, statShape } from './memcg.ts'
import type { Shape } from './shape.ts'
import { stackShapes } from './stack.ts'
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
  // Beyond ASCII there are many, and few lines begin so.
  if (first < 128) byFirst[first] = possible
  return possible
}

/** printk's records hold about 1000 bytes; two joined and every byte escaped stay below this. Longer lines are somebody else's. */
const longest = 8192

/** What a line says, or `null` when it is no line of a kernel OOM report. */
export function readLine(text: string): Item | null {
  if (text.length > longest) return null
  for (const shape of shapesFor(text.charCodeAt(0))) {
    const item = shape.read(text)
    if (item !== null) return item
  }
  return null
}
