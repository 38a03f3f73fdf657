import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { Report } from '../../src/model/report.ts'

/** What of mdast is looked at. */
interface Node {
  readonly type: string
  readonly value?: string
  readonly children?: readonly Node[]
}

const textOf = ({ value, children = [] }: Node): string => value ?? children.map(textOf).join('')
const plain = (text: string): string => text.replace(/[`\s]+/g, ' ').trim()

/**
 * What a comment cut after 1,500 characters lacks: of one incident the sentence, the four answers with the cause, or the first thing to do; of several the count and
 * a row for at least two of them. Empty where it stands alone.
 */
export function lackingIn(markdown: string, { incidents }: Report): string[] {
  const { children: blocks } = fromMarkdown(markdown.slice(0, 1500), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node
  const rows = blocks?.find(({ type }) => type === 'table')?.children?.length ?? 0
  if (incidents.length > 1) return [...(blocks?.[0]?.type === 'heading' ? [] : ['count']), ...(rows < 3 ? ['rows'] : [])]
  const order = ['now', 'find', 'prevent']
  const [first] = [...(incidents[0]?.recommendations ?? [])].sort((a, b) => order.indexOf(a.when) - order.indexOf(b.when))
  const item = blocks?.find(({ type }) => type === 'list')?.children?.[0]?.children?.[0]
  return [
    ...(blocks?.[0]?.children?.[0]?.type === 'strong' ? [] : ['sentence']),
    ...(rows === 6 ? [] : ['answers']),
    ...(first === undefined || (item !== undefined && plain(textOf(item)).startsWith(plain(first.text))) ? [] : ['first action']),
  ]
}
