import { type ParserError, parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { outputs, renderReport } from '../../src/render/index.ts'
import { allReports, containerLimit, nodeWide } from '../fixtures/reports.ts'

const parseErrors = (page: string): string[] => {
  const errors: string[] = []
  parse(page, {
    onParseError: (error: ParserError) => errors.push(`${error.code} at ${error.startLine}:${error.startCol}`),
    sourceCodeLocationInfo: true,
  })
  return errors
}

describe.each(Object.entries(allReports))('%s', (_, report) => {
  it.each(outputs.map(({ id }) => id))('writes %s the same every time, without a trace of a template', async (id) => {
    const text = await renderReport(report, id)
    expect(text).toBe(await renderReport(structuredClone(report), id))
    if (id !== 'ndjson') expect(text.endsWith('\n')).toBe(true)
    if (id === 'json' || id === 'ndjson') return
    expect(text).not.toMatch(/\{\{[#/>]|\[object|undefined|NaN|null,/)
    expect(text.replace(/ +$/gm, '')).not.toMatch(/\n{4}/)
  })

  it('makes a page that parses without errors, has one h1, skips no level, and asks for nothing', async () => {
    const page = await renderReport(report, 'html')
    expect(parseErrors(page)).toEqual([])
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map((match) => Number(match[1]))
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1)
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|url\((?!#)|@import|href="(?!#)/)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`)
    expect(page.length).toBeLessThan(300_000)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
  })

  it('holds the short form to copy, whole', async () => {
    const text = parse(await renderReport(report, 'html'))
    const copies: string[] = []
    const visit = (node: {
      nodeName: string
      childNodes?: unknown[]
      attrs?: { name: string; value: string }[]
      value?: string
    }): string => {
      const inner = (node.childNodes ?? []).map((child) => visit(child as typeof node)).join('')
      if (node.nodeName === 'pre' && node.attrs?.some(({ name, value }) => name === 'class' && value === 'copy') === true)
        copies.push(inner)
      return node.value ?? inner
    }
    visit(text as unknown as Parameters<typeof visit>[0])
    expect(copies.length > 0).toBe(report.incidents.length > 0)
    for (const copy of copies) expect(copy.trim()).toMatch(/^\*\*.{40}/s)
  })

  it('says the same numbers in Markdown as in the page', async () => {
    const numbers = (text: string): Set<string> => new Set(text.match(/\d[\d,.]*\d? (?:B|[KMGT]iB|%|UTC)\b|\d[\d,.]* %/g))
    const page = strip(await renderReport(report, 'html'))
    const missing = [...numbers(await renderReport(report, 'md'))].filter((number) => !page.includes(number))
    expect(missing).toEqual([])
  })

  it('keeps to the caps of ticket systems', async () => {
    const big = {
      ...report,
      incidents: report.incidents.flatMap((incident) => Array.from({ length: 30 }, (_, i) => ({ ...incident, id: `${incident.id}-${i}` }))),
    }
    const md = await renderReport(big, 'md')
    expect(md.length).toBeLessThanOrEqual(60_000)
    expect((await renderReport(big, 'jira')).length).toBeLessThanOrEqual(30_000)
    expect((await renderReport(big, 'ticket')).length).toBeLessThanOrEqual(30_000)
    if (report.incidents.length > 0) expect(md).toMatch(/more incidents were left out|Cut here/)
  })
})

/** Text content, as a reader sees it. */
const strip = (page: string): string =>
  page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

describe('md', () => {
  it('stands alone in its first 1,500 characters', async () => {
    const head = (await renderReport(containerLimit, 'md')).slice(0, 1500)
    for (const words of [
      '`java` (PID 279)',
      '80 MiB limit',
      'container limit',
      'one process',
      'a peak at start-up',
      '192 MiB',
      'kubectl -n shop set resources',
    ])
      expect(head).toContain(words)
  })

  it('draws mermaid only on request', async () => {
    expect(await renderReport(containerLimit, 'md')).not.toContain('```mermaid')
    expect(await renderReport(containerLimit, 'md', { mermaid: true })).toContain('```mermaid\ntimeline\n')
  })

  it('uses ASCII bars and marks when asked', async () => {
    expect(await renderReport(containerLimit, 'md', { ascii: true })).toMatch(/anonymous memory +#{29,30} +79.8 MiB +99.7 %/)
  })

  it('aligns the bars', async () => {
    const text = await renderReport(nodeWide, 'md')
    const block = /```text\n(anonymous memory[\s\S]*?)\n```/.exec(text)?.[1] ?? ''
    const rows = block.split('\n').filter((line) => !line.endsWith('each below 1 %'))
    const ends = rows.map((line) => [...line.replace(/(?<=B) .*$/, '')].length)
    expect(new Set(ends).size).toBe(1)
  })

  it('shows a second zone only when one is named', async () => {
    expect(await renderReport(containerLimit, 'md', { zone: 'America/New_York' })).toContain(
      '2026-11-24 06:59:32.432349 UTC (2026-11-24 01:59:32.432349 EST)',
    )
  })
})

describe('text', () => {
  it.each(
    Object.values(allReports).flatMap((report) =>
      report.incidents.map((incident) => ({ ...report, incidents: [incident], findings: [], warnings: [] })),
    ),
  )('is at most 15 lines and 80 columns', async (report) => {
    const text = await renderReport(report, 'text')
    expect(text).toMatch(/\n\n {2}Made by oom-report \S+\.\n$/)
    const lines = text.replace(/\n\n {2}Made by .*\n$/, '').split('\n')
    expect(lines.length).toBeLessThanOrEqual(15)
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80)
  })

  it('colours only when told so, and is ASCII when told so', async () => {
    expect(await renderReport(containerLimit, 'text')).not.toContain('\x1b')
    expect(await renderReport(containerLimit, 'text', { color: true })).toContain('\x1b[31m●\x1b[0m')
    expect(await renderReport(nodeWide, 'text', { ascii: true })).toMatch(/^[\x20-\x7e\n]*$/)
  })
})

describe('a template of one’s own', () => {
  it('sees the documented view, escaped for its output', async () => {
    const template = '{{#each incidents}}{{id}}|{{workload}}|{{memory.total}}|{{memory.total.raw}}\n{{/each}}'
    expect(await renderReport(containerLimit, 'md', { template })).toBe(
      'b3f0c2a91d|`shop/pricing-7c9d6f5b84-q8x2m` · `app`|80 MiB|83886080\n',
    )
    expect(await renderReport(containerLimit, 'html', { template })).toContain(
      '<code class="l w">shop/<wbr><span class="p">pricing-<wbr>7c9d6f5b84-<wbr>q8x2m</span></code> · <code>app</code>|<data value="83886080" title="83,886,080 bytes">80 MiB</data>',
    )
  })
})
