import { withoutEnd } from '../text/ends.ts'
import { blankOfFigure } from '../text/values.ts'
import { visible } from '../text/visible.ts'

/**
 * All escaping of all outputs, in one place: everything that comes from a log is hostile. Each output has one `Escaper`; the view is
 * printed through it, so that templates cannot forget it.
 */
export interface Escaper {
  /** Running text. Invisible characters are shown as visible escapes everywhere. */
  text(text: string): string
  /** A name, path or kernel word in code style. */
  code(text: string): string
  /** The same inside of a table cell. */
  cellText(text: string): string
  cellCode(text: string): string
  /** Several lines as they are: a command, log lines, bars. */
  block(lines: readonly string[], language: string): string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
  '=': '&#61;',
}

/** HTML text and attribute values, the same set that Handlebars escapes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"'`=]/g, (char) => entities[char] as string)
}

/** Long names may break after their separators; `wbr` works without CSS and is not copied. In a headline what fits a line stays whole: a step of a path (`p`), on a wide page the name (`w`). */
function breakable(text: string): string {
  const steps = text.split(/(?<=\w\/)(?=[^/])/).map((step) => {
    const words = step.split(/(?<=\w[._:,=-])(?=[^/._:,=-])/).map(escapeHtml)
    if (words.length === 1 || step.length > narrow || text.includes(' ')) return words.join('<wbr>')
    return `<span class="p">${words.join('<wbr>')}</span>`
  })
  return steps.join('<wbr>')
}

/** Short names stay on one line, long ones may break. */
const shortCode = 24
/** Characters of a headline's line on a phone and on a wide page. */
const narrow = 34
const wide = 64

function htmlCode(text: string): string {
  const shown = visible(text)
  if (shown.length <= shortCode) return `<code>${escapeHtml(shown)}</code>`
  return `<code class="${shown.length > wide ? 'l' : 'l w'}">${breakable(shown)}</code>`
}

/** `2026-11-24 06:38:45.123 UTC`, `2026-11-24`: a line break inside of it would make two of it. */
const stamp = /\b\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: UTC)?)?/g
const htmlText = (text: string): string =>
  /\d/.test(text) ? escapeHtml(text).replace(stamp, '<span class="nb">$&</span>').replace(blankOfFigure, '&nbsp;') : escapeHtml(text)

export const html: Escaper = {
  text: htmlText,
  code: htmlCode,
  cellText: htmlText,
  cellCode: htmlCode,
  block: (lines, language) => lines.map((line) => (language === 'sh' ? commandLine(line) : escapeHtml(line))).join('\n'),
}

/** An option is not broken at its hyphens where a narrow page wraps a command. */
const commandLine = (line: string): string =>
  line
    .split(/( +)/)
    .map((word) => (word.length <= 36 && word.includes('-') ? `<span class="nb">${escapeHtml(word)}</span>` : escapeHtml(word)))
    .join('')

/** What GitHub or GitLab would turn into a link, a mention, an emoji, a formula: `@x`, `#1`, `!2`, `x@y`, URLs, commit ids, `:word:`, `$`. */
const autolink =
  /[@$]|(?:^|[^\w&])[#!~%^&][\w[]|\w[#!]\d|:\/\/|www\.|^GH-\d|^[0-9a-f]{7,64}$|:[a-z+-][\w+-]*:|:100:|:1234:|^\(?(?:https?|ftp|mailto|xmpp):/i

/** Nearly all words: too short for a commit id, and with nothing in them that means something to anyone. */
const plainWord = /^(?:[0-9A-Za-z]{0,6}[.,]?| +)$/

/** A word between its brackets, quotes and full stops. */
function bracketed(word: string): { readonly open: string; readonly inner: string; readonly close: string } {
  const body = withoutEnd(word, (code) => ')"\'].,;:!?'.includes(String.fromCharCode(code)))
  const open = /^[("'[]*/.exec(body)?.[0] ?? ''
  return { open, inner: body.slice(open.length), close: word.slice(body.length) }
}

function markdownText(text: string): string {
  const line = visible(text)
    .split(/( +)/)
    .map((word) => {
      if (plainWord.test(word)) return word
      const { open, inner, close } = bracketed(word)
      return inner !== '' && autolink.test(inner)
        ? escapeMarkdown(open) + markdownCode(inner) + escapeMarkdown(close)
        : escapeMarkdown(word)
    })
    .join('')
  // what would begin a heading, list, quote, table rule or fence at the start of a line
  return line.replace(/^( *)(?=[#>+=~-])/, '$1\\').replace(/^( *\d{1,9})(?=[.)](?: |$))/, '$1\\')
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*[\]|~]/g, '\\$&')
    .replace(/(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])/g, '\\_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/** A code span whose fence is longer than any run of backticks inside. */
function markdownCode(text: string): string {
  const shown = visible(text)
  if (shown.trim() === '') return '` `'
  const fence = '`'.repeat(longestRunOfTicks(shown) + 1)
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}

/** In a cell a pipe ends the cell even inside of a code span, and renderers differ about `\\|`: there an element and entities are used. */
function markdownCellCode(text: string): string {
  const shown = visible(text)
  if (!shown.includes('|')) return markdownCode(shown)
  const encoded = shown.replace(/[^0-9A-Za-z /.-]/g, (char) => `&#${char.codePointAt(0)};`)
  // Renderers look for addresses in decoded text, too: what would be one is cut in two elements.
  return `<code>${encoded.replace(/&#64;|&#58;(?=\/)|www(?=\.)/gi, '$&</code><code>')}</code>`
}

export const markdown: Escaper = {
  text: markdownText,
  code: markdownCode,
  cellText: markdownText,
  cellCode: markdownCellCode,
  block(lines, language) {
    const shown = lines.map(visible)
    const fence = '`'.repeat(Math.max(3, ...shown.map((line) => longestRunOfTicks(line) + 1)))
    return [`${fence}${language}`, ...shown, fence].join('\n')
  },
}

const longestRunOfTicks = (text: string): number => text.match(/`+/g)?.reduce((most, run) => Math.max(most, run.length), 0) ?? 0

/** Jira wiki markup: a backslash takes the meaning from the next character; so do a line's start, smileys and URLs lose theirs. */
function jiraText(text: string): string {
  return visible(text)
    .replace(/[\\{}[\]|*_~^+!#@]/g, '\\$&')
    .replace(/\?\?|--+/g, (run) => [...run].map((char) => `\\${char}`).join(''))
    .replace(/(?<![0-9A-Za-z])-(?=\S)/g, '\\-')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/[:;](?=[)(DP])|\((?=[xyni/?*]\)|on\)|off\)|flag)/g, '\\$&')
    .replace(/^(h[1-6]|bq)\./, '$1\\.')
}

const jiraCode = (text: string): string => (visible(text).trim() === '' ? '{{ }}' : `{{${jiraText(text)}}}`)

export const jira: Escaper = {
  text: jiraText,
  code: jiraCode,
  cellText: jiraText,
  cellCode: jiraCode,
  block: (lines) => ['{noformat}', ...lines.map((line) => visible(line).replaceAll('{noformat', '{ noformat')), '{noformat}'].join('\n'),
}

/** Plain text and terminals: nothing is markup, so only what is invisible is changed. */
export const plain: Escaper = {
  text: visible,
  code: visible,
  cellText: visible,
  cellCode: visible,
  block: (lines) => lines.map((line) => `    ${visible(line)}`).join('\n'),
}

/** A CSV field: quoted, and a leading character that spreadsheets take for a formula (its full-width form, too) is defused by an apostrophe. */
export function csvField(text: string): string {
  const shown = visible(text)
  return `"${(/^\s*[=+\-@|%＝＋－＠]/.test(shown) ? `'${shown}` : shown).replaceAll('"', '""')}"`
}
