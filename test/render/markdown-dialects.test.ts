import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'
import { renderReport } from '../../src/render/index.ts'
import { allReports, hostile } from '../fixtures/reports.ts'

/** What docs/pasting.md says of each place, held against what its reader adds to GFM or takes from it. */

interface Node {
  readonly type: string
  readonly value?: string
  readonly children?: readonly Node[]
}

const childrenOf = ({ children = [] }: Node): readonly Node[] => children
const withoutHtml = { disable: { null: ['htmlFlow', 'htmlText'] } }
const treeOf = (text: string, ...more: (typeof withoutHtml)[]): Node =>
  fromMarkdown(text, { extensions: [gfm(), ...more], mdastExtensions: [gfmFromMarkdown()] })

/** Running text: what stands in code, also in the elements that cells use for it, means nothing to anyone. */
function textsOf(node: Node): string[] {
  const own = childrenOf(node)
  const isInCode = (at: number): boolean => own[at - 1]?.type === 'html' && own[at - 1]?.value === '<code>'
  return own.flatMap((child, at) => (child.type === 'text' ? (isInCode(at) ? [] : [child.value ?? '']) : textsOf(child)))
}

/** Lines outside of fences. */
function linesOf(text: string): string[] {
  let fence: string | null = null
  return text.split('\n').filter((line) => {
    const mark = /^ *(?<mark>`{3,})/.exec(line)?.groups?.['mark'] ?? null
    const isInside = fence !== null
    if (mark !== null && fence === null) fence = mark
    else if (mark !== null && mark === fence) fence = null
    return !isInside && mark === null
  })
}

const names = [
  '/close',
  '/assign @me',
  '[[_TOC_]]',
  '[TOC]',
  '---',
  ':::mermaid',
  '~bug %v1 &3 [vulnerability:1]',
  '$`x`$ $$y$$',
  'deadbeefcafe 1234567',
]

describe.each(['md', 'postmortem'] as const)('%s', (output) => {
  it.each(names)('GitLab, Gitea: %j gives no command, list of contents, front matter, reference or formula', async (name) => {
    const text = await renderReport(hostile(name), output)
    // front matter begins the document; quick actions and a list of contents are lines of their own
    expect(text).not.toMatch(/^(?:---|\+\+\+|;;;)/)
    for (const line of linesOf(text)) expect(line).not.toMatch(/^\/|^ *(?:\[\[_TOC_\]\]|\[TOC\]) *$|^ *:::/)
    for (const said of textsOf(treeOf(text))) expect(said).not.toMatch(/\$|(?:^|\s)[~%&][\w"]|\bdeadbeefcafe\b/)
  })

  it.each(Object.entries(allReports))('Jira cloud takes no HTML: %s keeps its blocks, folds stand open', async (_, report) => {
    const text = await renderReport(report, output)
    const blocks = (tree: Node): string[] => childrenOf(tree).flatMap(({ type }) => (type === 'html' || type === 'paragraph' ? [] : [type]))
    expect(blocks(treeOf(text, withoutHtml))).toEqual(blocks(treeOf(text)))
  })

  it.each(Object.entries(allReports))('as plain text (a Slack snippet): %s has no element but folds and code', async (_, report) => {
    const lines = linesOf(await renderReport(report, output))
    const elements = lines.flatMap((line) => line.replace(/`[^`]*`/g, '').match(/<[a-z/][^>]*>/g) ?? [])
    expect(elements.filter((element) => !/^<\/?(?:details|summary|code)>$/.test(element))).toEqual([])
  })
})
