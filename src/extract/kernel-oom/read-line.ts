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

/** printk's records hold about 1000 bytes; two joined and every byte escaped stay below this. Longer lines are somebody else's. */
const longest = 8192

/** What a line says, or `null` when it is no line of a kernel OOM report. */
export function readLine(text: string): Item | null {
  if (text.length > longest) return null
  for (const shape of shapes) {
    const item = shape.read(text)
    if (item !== null) return item
  }
  return null
}
