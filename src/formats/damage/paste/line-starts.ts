import { type FrontShape, frontShape } from '../../fronts/front-shape.ts'
import { certainTextAt } from '../../fronts/kernel-text.ts'
import { isNoFront, isPlainFront } from '../../fronts/plain-front.ts'
import { stampAt } from '../../fronts/stamp-shapes.ts'

/** `[   56.038853]`, also behind a prompt (`host login: [   27.731494]`) or a syslog head. */
const uptime = /^.{0,100}?\[ {0,5}\d{1,10}\.\d{3,6}\](?: ?\[ {0,8}[TC]\d{1,10}\])?(?=\s|$)/
const otherHead = /^(?:<\d{1,3}>|[IWEF]\d{4} \d\d:\d\d:\d\d\.|time="\d{4}-|\d{1,3},\d{1,20},\d{1,16},)/
/** Lines of a report that stand by themselves, with or without a front. */
const ownLine =
  /^\s*(?:\[ *\d+\] +-?\d+ +\d+ |\[ *pid *\] |[a-z_]{2,40}:\d+ [a-z_]{2,40}:\d+(?: |$)|[a-z_]{2,40} \d+$|<\/?[A-Z]{2,8}>$|\[?<?[0-9a-f]{8,16}>?\]?(?: |$)|\?? ?[\w.]+\+0x[0-9a-f]+\/0x[0-9a-f]+|\d+ (?:total pagecache|pages )|Free swap|Total swap|Swap cache stats|Node \d|Code: |RIP: |Tainted: \[|R[A-D]X: |Modules linked in:)/

/** What can be told of how a line begins. */
export interface LineStarts {
  /** The front of the line's own, with the kernel's stamp and tag; 0 where there is none. */
  frontEnd(text: string): number
  /** The line begins with kernel text, or is one of those that follow each other in a report. */
  isOwnLine(text: string): boolean
}

/** Learns the fronts of a text from its kernel lines. */
export function lineStartsOf(texts: readonly string[]): LineStarts {
  const shapes = new Map<string, FrontShape>()
  for (const text of texts) {
    const at = certainTextAt(text)
    if (at <= 0 || isNoFront(text.slice(0, at))) continue
    const shape = frontShape(text.slice(0, at))
    if (shapes.size < 24 && !shapes.has(shape.key) && isPlainFront(shape.parts)) shapes.set(shape.key, shape)
  }
  const known = [...shapes.values()]
  return {
    frontEnd(text) {
      const stamped = uptime.exec(text)?.[0].length ?? otherHead.exec(text)?.[0].length
      if (stamped !== undefined) return stamped
      for (const shape of known) {
        const found = shape.match(text)
        if (found !== null && found.rest.length < text.length && text.slice(0, text.length - found.rest.length).trim() !== '')
          return text.length - found.rest.length
      }
      const stamp = stampAt(text, /^[[(<"]/.test(text) ? 1 : 0)
      return stamp?.whole === true ? stamp.length : 0
    },
    isOwnLine: (text) => certainTextAt(text.trimStart()) === 0 || ownLine.test(text),
  }
}
