import { type Cleaner, filled, most } from './cleaner.ts'

const ansiSequence = /\x1b(?:\[[0-9;?]{0,24}[ -/]{0,2}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>c78])/g

/** Colours of dmesg, journalctl under `script`, stern. */
const ansi: Cleaner = {
  id: 'ansi',
  kind: 'text',
  seen: (head) => most(head, 0.25, (text) => text.includes('\x1b[')),
  clean: (text) => (text.includes('\x1b') ? text.replace(ansiSequence, '') : text),
}

/** Answers in mail and tickets: `> `, several deep. */
const quote: Cleaner = {
  id: 'quote',
  kind: 'shape',
  seen: (head) => most(head, 0.5, (text) => text.startsWith('>')),
  clean: (text) => (text.startsWith('>') ? text.replace(/^(?:> ?)+(?=.|$)/, '') : text),
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' }
const entityShape = /&(?:(?<name>lt|gt|amp|quot|apos|nbsp)|#(?<decimal>\d{1,6})|#x(?<hex>[0-9a-fA-F]{1,5}));/g

const tag =
  /<\/?(?:html|body|head|title|pre|code|br|p|div|span|table|thead|tbody|td|th|tr|ul|ol|li|b|i|strong|em|tt|font|a|blockquote)\b[^<>]{0,200}>/gi
const block = /<br ?\/?>\s*$|<\/?(?:pre|code|td|p|div|li)\b[^<>]{0,200}>/i

/** Text copied out of a page's source: beside the page's own tags no `<` or `>` is left (`<TASK>` stands there as `&lt;TASK&gt;`). */
const html: Cleaner = {
  id: 'html',
  kind: 'text',
  seen: (head) =>
    head.some((text) => /&(?:lt|gt|amp|quot|#\d{2,4});/.test(text) || block.test(text)) &&
    !head.some((text) => /[<>]/.test(text.replace(tag, ''))),
  clean: (text) => undoneEntities(text.replace(tag, '')),
}

/** `&lt;`, `&#39;`, `&#x27;` and their kin as what they stand for. */
export function undoneEntities(text: string): string {
  return text.replace(entityShape, (_, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return entities[name] as string
    const point = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
  })
}

/** `123:text`, `123-text`, `--` (grep -n, -C); `file:123:text`, `file:text` (grep over several); `     1<tab>text` (cat -n); `  1 text` (nl, editors). */
const grep: Cleaner = {
  id: 'grep',
  kind: 'shape',
  seen: (head) => most(head, 0.7, (text) => grepFront.test(text) || text === '--'),
  clean: (text) => (text === '--' ? null : text.replace(grepFront, '')),
}
const grepFront =
  /^(?!\d{1,2}:\d\d:\d\d)(?:(?:[\w./@+-]{1,300}?[:-])?\d{1,9}[:-]|[\w./@+-]{0,300}(?:\/|\.log|\.txt|\.gz|messages|syslog|dmesg|kern|journal)[\w./@+-]{0,200}:| {0,8}\d{1,9}(?:\t| {1,2}(?=\S)))/

/** Code blocks: fences, and the indent that all lines share. */
const indented: Cleaner = {
  id: 'indented',
  kind: 'shape',
  seen: (head) => most(head, 0.9, (text) => /^(?: |\t)/.test(text)),
  clean: (text) => text.replace(/^(?: {4}|\t+| {1,3}(?=\S))/, ''),
}

const fence: Cleaner = {
  id: 'fence',
  kind: 'text',
  seen: (head) => head.some((text) => /^ {0,3}(?:```|~~~)/.test(text)),
  clean: (text) => (/^ {0,3}(?:```|~~~)[\w-]{0,20}$/.test(text) ? null : text),
}

/** Lists: `* text` (minikube logs before 1.20), `- text`, `| text`. */
const bullets: Cleaner = {
  id: 'bullets',
  kind: 'shape',
  seen: (head) => most(head, 0.7, (text) => /^[*|-] /.test(text)),
  clean: (text) => (text === '*' || text === '|' ? '' : text.replace(/^[*|-] /, '')),
}

/** Every `=` of a quoted-printable mail is written `=3D`; soft line breaks are undone where lines are joined. */
const quotedPrintable: Cleaner = {
  id: 'quoted-printable',
  kind: 'text',
  seen: (head) => filled(head).some((text) => text.includes('=3D')) && !head.some((text) => /=(?![0-9A-F]{2}|$)/.test(text)),
  clean: (text) => (text.includes('=') ? decodeQuotedPrintable(text) : text),
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

export function decodeQuotedPrintable(text: string): string {
  return text.replace(/(?:=[0-9A-F]{2})+/g, (run) => {
    const bytes = run
      .slice(1)
      .split('=')
      .map((hex) => Number.parseInt(hex, 16))
    return utf8.decode(Uint8Array.from(bytes))
  })
}

/** Lists of strings as JSON prints them (Ansible's `stdout_lines`, jq, API dumps): `        "text",`. */
const jsonString: Cleaner = {
  id: 'json-string',
  kind: 'shape',
  seen: (head) => most(head, 0.7, (text) => jsonStringShape.test(text)),
  clean: (text) => {
    if (!jsonStringShape.test(text)) return text
    try {
      return JSON.parse(text.trim().replace(/,$/, '')) as string
    } catch {
      return text
    }
  },
}
const jsonStringShape = /^\s{0,16}".{0,20000}",?$/

/** In the order in which they are undone: the outermost damage was done last. */
export const cleaners: readonly Cleaner[] = [ansi, html, quote, fence, grep, bullets, indented, jsonString, quotedPrintable]
