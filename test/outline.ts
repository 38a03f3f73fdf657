import { type DefaultTreeAdapterTypes, parse } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node

/** What a page is made of, in order: headings, status, labels, captions of tables, titles of pictures. Pixels are not compared. */
export function outlineOf(html: string): readonly string[] {
  const lines: string[] = []
  const visit = (node: Node): void => {
    if ('tagName' in node) {
      const classes = node.attrs.find(({ name }) => name === 'class')?.value ?? ''
      const isShown = /^(?:h[1-4]|caption|dt)$/.test(node.tagName) || (node.tagName === 'p' && classes.startsWith('status'))
      if (isShown) lines.push(`${node.tagName} ${textOf(node).replace(/\s+/g, ' ').trim()}`)
      if (node.tagName === 'svg') {
        const title = node.childNodes.find((child) => 'tagName' in child && child.tagName === 'title')
        if (title !== undefined) lines.push(`svg ${textOf(title)}`)
      }
    }
    if ('childNodes' in node) for (const child of node.childNodes) visit(child)
  }
  visit(parse(html))
  return lines
}

const textOf = (node: Node): string => ('value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '')
