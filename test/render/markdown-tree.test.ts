import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'
import { renderReport } from '../../src/render/index.ts'
import { plainReport } from '../../src/report/plain.ts'
import { allReports, containerLimit, hostile } from '../fixtures/reports.ts'
import { lackingIn } from './alone.ts'

/** As GitHub reads it (micromark is a CommonMark and GFM parser): what a renderer makes of our text, not what we meant. */
const treeOf = (text: string): Tree => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })

/** What of mdast is looked at. */
interface Tree {
  readonly type: string
  readonly depth?: number
  readonly value?: string
  readonly checked?: boolean | null | undefined
  readonly children?: readonly Tree[]
}

const childrenOf = ({ children = [] }: Tree): readonly Tree[] => children
const nodesOf = (node: Tree): readonly Tree[] => [node, ...childrenOf(node).flatMap(nodesOf)]
const valuesOf = (nodes: readonly Tree[], kind: string): string[] =>
  nodes.flatMap(({ type, value }) => (type === kind ? [value ?? ''] : []))

/** Kinds of blocks in order, cells of tables, items of lists; runs of text and code inside of a paragraph are not structure. */
function skeleton(node: Tree): unknown {
  if (node.type === 'paragraph' || node.type === 'tableCell') return node.type
  if (node.type === 'heading') return `h${node.depth}`
  if (node.type === 'html') return node.value?.replace(/\d+/g, '0')
  return node.children === undefined ? node.type : [node.type, ...node.children.map(skeleton)]
}

const innocent = 'plain words'
const nasty = [
  '</details><script>alert(1)</script><img src=x onerror=alert(1)>',
  '```\n# heading\n```',
  '`code` ``more`` ``` | a | b |',
  '| --- | --- |\n| x | y |',
  '\\| \\\\| \\` \\',
  '@everyone #1 !2 GH-3 org/repo#4 https://evil.example/ www.evil.example a@b.example',
  '[text](javascript:alert(1)) ![img](http://x.example/y.png) <https://x.example> [^1] [ref][x]',
  '# h\n- [ ] task\n> quote\n1. one\n***\n---',
  '*bold* _it_ __b__ ~~strike~~ ~x~ &copy; &#x41;',
  '<!-- x --> <?y?> <![CDATA[z]]>',
]
const outputs = ['md', 'postmortem'] as const

describe.each(outputs)('%s through a GFM parser', (output) => {
  const expected = renderReport(hostile(innocent), output).then((text) => skeleton(treeOf(text)))
  it.each(nasty)('%j changes no block, and becomes no link, picture or element', async (text) => {
    const tree = treeOf(await renderReport(hostile(text), output))
    expect(skeleton(tree)).toEqual(await expected)
    for (const node of nodesOf(tree)) {
      expect(['link', 'linkReference', 'image', 'imageReference', 'definition', 'footnoteReference', 'delete']).not.toContain(node.type)
      if (node.type === 'html') expect(node.value).toMatch(ownElement)
      if (node.type === 'listItem') expect(node.checked ?? null).toBeNull()
    }
  })

  it.each(Object.entries(allReports))('%s: whole tables, no skipped heading, folds that close', async (_, report) => {
    const nodes = nodesOf(treeOf(await renderReport(report, output)))
    for (const node of nodes) {
      if (node.type !== 'table') continue
      expect(new Set(childrenOf(node).map((row) => childrenOf(row).length)).size).toBe(1)
      expect(childrenOf(node).length).toBeGreaterThan(1)
    }
    const depths = nodes.flatMap(({ type, depth }) => (type === 'heading' ? [depth ?? 0] : []))
    for (const [at, depth] of depths.entries()) expect(depth).toBeLessThanOrEqual(Math.max(3, (depths[at - 1] ?? 2) + 1))
    const html = valuesOf(nodes, 'html').join('\n')
    expect(html.match(/<details>/g)?.length ?? 0).toBe(html.match(/<\/details>/g)?.length ?? 0)
    // a row of a table that is none, a fence that is none
    expect(valuesOf(nodes, 'text').filter((text) => /^\s*\|.*\||^```/.test(text))).toEqual([])
  })
})

/** Folds, and code whose pipes a table cell could not hold (digits and entities only). */
const ownElement = /^(?:<details><summary>[^<]*<\/summary>|<\/details>|<\/?code>)$/

describe('a comment', () => {
  it.each(Object.entries(allReports))('%s: the first 1,500 characters stand alone', async (_, report) => {
    if (report.incidents.length > 0) expect(lackingIn(await renderReport(report, 'md'), plainReport(report))).toEqual([])
  })

  it('a command of an action is a block inside of its item', async () => {
    const list = childrenOf(treeOf(await renderReport(containerLimit, 'md'))).find(({ type }) => type === 'list')
    expect(list?.children?.[0]?.children?.map(({ type }) => type)).toEqual(['paragraph', 'code'])
  })
})
