import type { LineFormat } from './define-format.ts'
import { type PrefixedOptions, prefixedDecoder } from './prefixed.ts'
import { judge } from './sniffing.ts'

type About = Pick<LineFormat, 'id' | 'title' | 'writtenBy' | 'seen'>

/** A wrapping of `prefix text` lines: where half of the lines have its front it is sure, unless it judges a head by something else. */
export function prefixedFormat(format: About & PrefixedOptions & Partial<Pick<LineFormat, 'sniff'>>): LineFormat {
  const { id, title, writtenBy, seen, ...options } = format
  return {
    id,
    title,
    writtenBy,
    seen,
    framing: 'lines',
    sniff: format.sniff ?? ((head) => judge(head, (text) => format.read(text) !== null)),
    decoder: (context) => prefixedDecoder(context, options),
  }
}
