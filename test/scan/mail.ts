/** What mail programs and terminals make of a text: each line by itself. */
export type Damage = (lines: readonly string[], width: number) => string[]

/** Breaks at the last blank before the column; a word that is longer stands alone. `end` is what is left of the blank. */
function brokenAt(line: string, width: number, end: string): string[] {
  const out: string[] = []
  let rest = line
  while (rest.length > width) {
    const before = rest.lastIndexOf(' ', width - end.length)
    const at = rest.slice(0, before).trim() === '' ? rest.indexOf(' ', width) : before
    if (at <= 0 || rest.slice(at).trim() === '') break
    out.push(rest.slice(0, at) + end)
    rest = rest.slice(at + 1)
  }
  return [...out, rest]
}

/** RFC 2045, lines of at most `width` characters. */
function encoded(line: string, width: number): string[] {
  const text = line.replaceAll('=', '=3D').replace(/ $/, '=20')
  const out: string[] = []
  let rest = text
  while (rest.length > width) {
    let at = width - 1
    if (/=.?$/.test(rest.slice(at - 2, at))) at = rest.lastIndexOf('=', at - 1)
    out.push(`${rest.slice(0, at)}=`)
    rest = rest.slice(at)
  }
  return [...out, rest]
}

const quoted = (lines: readonly string[], mark: string): string[] => lines.map((line) => mark + line)
const cutAt = (line: string, width: number): string[] => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']

/** Breaks at blanks, and words that are longer than a line where the line ends. */
function filledTo(line: string, width: number): string[] {
  const out: string[] = []
  let rest = line
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width)
    const next = rest.indexOf(' ', blank + 1)
    const word = (next === -1 ? rest.length : next) - blank - 1
    const at = blank > 0 && word <= width ? blank : width
    out.push(rest.slice(0, at))
    rest = rest.slice(at === blank ? at + 1 : at)
  }
  return [...out, rest]
}

/** The blank that a flowed mail has at the end of each line that goes on. */
const flowed = (parts: readonly string[]): string[] => parts.map((part, at) => (at < parts.length - 1 ? `${part} ` : part))

/** A person's breaks: no two lines are as long. */
export function brokenAnywhere(line: string, seed: number): string[] {
  const out: string[] = []
  let [rest, turn] = [line, seed]
  while (rest.length > 90) {
    turn = (turn * 7919 + 13) % 40
    out.push(rest.slice(0, 50 + turn))
    rest = rest.slice(50 + turn)
  }
  return [...out, rest]
}

export const damages: Readonly<Record<string, Damage>> = {
  flowed: (lines, width) => lines.flatMap((line) => brokenAt(line, width, ' ')),
  'flowed, quoted': (lines, width) =>
    quoted(
      lines.flatMap((line) => brokenAt(line, width, ' ')),
      '> ',
    ),
  'flowed, with its head': (lines, width) => [
    'From: user@example.org',
    'Subject: killed again',
    'Content-Type: text/plain; charset=UTF-8; format=flowed',
    '',
    'Hello, this is what the log says:',
    '',
    ...lines.flatMap((line) => brokenAt(line, width, ' ')),
  ],
  'flowed, cut in words': (lines, width) => lines.flatMap((line) => flowed(cutAt(line, width))),
  'flowed, cut in words, quoted': (lines, width) =>
    quoted(
      lines.flatMap((line) => flowed(cutAt(line, width))),
      '> ',
    ),
  'flowed, long words cut': (lines, width) => lines.flatMap((line) => flowed(filledTo(line, width))),
  hard: (lines, width) => lines.flatMap((line) => brokenAt(line, width, '')),
  'hard, quoted twice': (lines, width) =>
    quoted(
      lines.flatMap((line) => brokenAt(line, width, '')),
      '> > ',
    ),
  'quoted, then hard': (lines, width) => quoted(lines, '> ').flatMap((line) => brokenAt(line, width, '')),
  terminal: (lines, width) => lines.flatMap((line) => cutAt(line, width)),
  arrows: (lines, width) => lines.flatMap((line) => brokenAt(line, width, '').map((part, at) => (at === 0 ? part : `\u21aa${part}`))),
  'quoted-printable': (lines, width) => lines.flatMap((line) => encoded(line, width)),
  'quoted-printable, with its head': (lines, width) => [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="=_b1"',
    '',
    '--=_b1',
    'Content-Type: text/plain; charset="utf-8"',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    ...lines.flatMap((line) => encoded(line, width)),
    '--=_b1--',
  ],
  base64: (lines) => [
    'Content-Type: text/plain; name="dmesg.txt"',
    'Content-Transfer-Encoding: base64',
    '',
    ...(Buffer.from(lines.join('\n'))
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
  ],
}
