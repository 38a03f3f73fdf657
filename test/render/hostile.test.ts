import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, type ParserError, parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { csvField, escapeHtml, jira, markdown } from '../../src/render/escape.ts'
import { outputs, renderReport, templateFiles, templateFolder } from '../../src/render/index.ts'
import { plainReport } from '../../src/report/plain.ts'
import { hostile } from '../fixtures/reports.ts'

/** One innocent text gives the structure; no hostile one may change it. */
const innocent = 'plain words'
const nasty = [
  '</td></table><script>alert(1)</script><img src=x onerror=alert(1)>',
  `"><svg onload=alert(1)> ' " \` = & &lt; &#x41;`,
  '```\n# heading\n```sh\nrm -rf /\n```',
  '`code` ``more`` ``` | a | b |',
  '| --- | --- |\n| x | y |',
  '\\| \\\\| \\` \\',
  '\u202egnp.exe\u2066 \u200b\u200d\ufeff \u2028 x \u2029',
  '\x1b[31mred\x1b]0;title\x07\x9b2J\r\n\x00\x08',
  "=cmd|' /C calc'!A0",
  '@everyone #1 !2 GH-3 org/repo#4 https://evil.example/ www.evil.example a@b.example :skull: $x^2$ deadbeef',
  '[text](javascript:alert(1)) ![img](http://x.example/y.png) <https://x.example>',
  '# h\n- [ ] task\n> quote\n1. one\n***\n---\n<details><summary>x</summary>',
  '{noformat} {code} {{x}} {color:red}x{color} ||h|| [~user] !img.png! h1. x',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the point is that it stays as it is
  '{{constructor}} {{{x}}} {{> partials/styles.html}} ${x}',
  '-- *bold* _it_ ~~strike~~ ^sup^ ?? +ins+',
  ' ',
]

describe.each(nasty)('%j', (text) => {
  it('changes no structure of the page', async () => {
    const page = await renderReport(hostile(text), 'html')
    expect(errorsOf(page)).toEqual([])
    // a name that shows nothing is said to be one, in words: not in code style
    const told = (one: string): string[] => skeleton(one).filter((element) => text.trim() !== '' || element !== 'code')
    expect(told(page)).toEqual(told(await renderReport(hostile(innocent), 'html')))
  })

  it('changes no structure of Markdown', async () => {
    for (const id of ['md', 'postmortem']) expectSameLines(await renderReport(hostile(text), id), await renderReport(hostile(innocent), id))
  })

  it.each(outputs.map(({ id }) => id).filter((id) => id !== 'json' && id !== 'ndjson'))('shows nothing invisible in %s', async (id) => {
    const out = await renderReport(hostile(text), id)
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}|\u2028|\u2029/u)
  })

  it('stays itself in JSON, without a raw control character', async () => {
    for (const id of ['json', 'ndjson']) {
      const out = await renderReport(hostile(text), id)
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028]/u)
    }
    expect(JSON.parse(await renderReport(hostile(text), 'json'))).toEqual(plainReport(hostile(text)))
  })
})

const errorsOf = (page: string): string[] => {
  const errors: string[] = []
  parse(page, { onParseError: (error: ParserError) => errors.push(error.code) })
  return errors
}

/**
 * Elements and attribute names in order; `wbr`, lengths of text and how many lines a block has are not structure. Nor is what a quoted line is taken apart
 * into: its front, marked figures, the whole line beside; nor what may break.
 */
function skeleton(page: string): string[] {
  const seen: string[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) {
      const names = node.attrs.map(({ name }) => name).join(' ')
      const isNo = (value: string): boolean => node.attrs.some((attribute) => attribute.name === 'class' && attribute.value === value)
      if (isNo('raw') || isNo('stamp')) return
      const isPart = isNo('nb') || isNo('p') || (node.tagName === 'span' && names === 'title') || ['wbr', 'mark'].includes(node.tagName)
      if (!isPart) seen.push(node.tagName === 'code' ? 'code' : `${node.tagName} ${names}`)
    }
    if ('childNodes' in node) for (const child of node.childNodes) visit(child)
  }
  visit(parse(page))
  // labels in the chart give way to room
  return seen.filter((tag) => !tag.startsWith('text ') && !tag.startsWith('em'))
}

/** Same headings, tables with the same cells, same fences: compared by what begins each line outside of code blocks. */
function expectSameLines(actual: string, expected: string): void {
  expect(shapeOf(actual)).toEqual(shapeOf(expected))
}

function shapeOf(text: string): string[] {
  const shapes: string[] = []
  let fence = ''
  for (const line of text.split('\n')) {
    // a code span may begin a line; an opening fence has no backtick behind it
    const mark = /^ *(`{3,})[^`]*$/.exec(line)?.[1] ?? ''
    if (fence === '' && mark !== '') {
      fence = mark
      shapes.push('block')
    } else if (fence !== '') {
      if (line.trim() === fence) fence = ''
    } else if (line.startsWith('|')) shapes.push(`row ${cells(line)}`)
    else if (/^#{1,6} |^<\/?details|^\s*(?:[-*+>]|\d+[.)])(?: |$)|^(?:---|\*\*\*)$/.test(line))
      shapes.push(/^\S+/.exec(line.trim())?.[0] ?? '')
  }
  expect(fence).toBe('')
  return shapes
}

/** As cmark-gfm cuts a row: at every pipe that no backslash precedes. */
const cells = (line: string): number => line.replace(/\\./g, '').split('|').length

describe('escaping', () => {
  it('holds for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'`=\n]/)
        for (const cell of [markdown.cellText, markdown.cellCode]) {
          expect(cell(text)).not.toMatch(/\n|(?<!\\)(?:\\\\)*\|/)
        }
        // inside of a code span it is literal
        if (!markdown.text(text).includes('`')) expect(markdown.text(text)).not.toContain('<')
        expect(jira.text(text)).not.toMatch(/(?<!\\)(?:\\\\)*[{|[]/)
        expect(csvField(text)).toMatch(/^"(?![=+@-])[^"]*(?:""[^"]*)*"$/)
        const block = markdown.block(text.split('\n'), 'text').split('\n')
        expect(block.slice(1, -1).some((line) => line.trimStart().startsWith(block.at(-1) as string))).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['@name', '`@name`'],
    ['see #12, please', 'see `#12`, please'],
    ['https://x.example/', '`https://x.example/`'],
    ['deadbeef', '`deadbeef`'],
    ['a_b_c and _d_', 'a_b_c and \\_d\\_'],
    ['06:59:32.432 UTC', '06:59:32.432 UTC'],
    ['97 %', '97 %'],
    ['1. x', '1\\. x'],
    ['<b>', '&lt;b&gt;'],
  ])('writes %s as Markdown %s', (text, expected) => expect(markdown.text(text)).toBe(expected))

  it('bans the triple stash and every helper that decides', () => {
    for (const file of templateFiles()) {
      const text = readFileSync(new URL(file, templateFolder()), 'utf8')
      expect(text, file).not.toMatch(/\{\{\{|\{\{&/)
      for (const [, helper] of text.matchAll(/\{\{#(\w+)/g)) expect(['if', 'unless', 'each', 'with']).toContain(helper)
    }
  })
})
