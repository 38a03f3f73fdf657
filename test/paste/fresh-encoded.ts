import { gzipSync } from 'node:zlib'
import { all, behind, type Fresh, GUNICORN, gunicorn, MYSQLD, mysqld, POSTGRES, postgres, stamped } from './fresh.ts'

const report = stamped(all(gunicorn)).join('\n')
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')
const folded = (text: string): string => text.match(/.{1,76}/g)?.join('\n') ?? ''
const numeric = (text: string): string => [...text].map((c) => `&#${c.codePointAt(0)};`).join('')
const hexed = (text: string): string => [...text].map((c) => `&#x${(c.codePointAt(0) ?? 0).toString(16)};`).join('')
const escaped = (text: string): string => [...text].map((c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join('')
const rtf = (lines: readonly string[]): string =>
  `{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fnil Consolas;}}\n\\viewkind4\\uc1\\pard\\f0\\fs18 F\\'fcr das Ticket:\\par\n${lines.map((line) => `${line.replace(/[\\{}]/g, '\\$&')}\\par\n`).join('')}}\n`

/** Texts that something encoded on the way. */
export const encoded: Readonly<Record<string, Fresh>> = {
  'a log in an address': {
    text: `https://logs.example/share?text=${encodeURIComponent(report)}\n`,
    is: GUNICORN,
    limit: ['container-limit', 'pod-limit'],
  },
  'percent-encoded as a whole': {
    text: encodeURIComponent(`Killed again:\n${report}\n`),
    is: GUNICORN,
    limit: ['container-limit', 'pod-limit'],
  },
  'percent-encoded, a line each': { text: all(postgres).map(encodeURIComponent).join('\n'), is: POSTGRES, limit: ['node-memory'] },
  'a form’s body': {
    text: `summary=db+down&log=${encodeURIComponent(stamped(all(postgres)).join('\n')).replaceAll('%20', '+')}&prio=2`,
    is: POSTGRES,
  },
  'percent-encoded twice': { text: encodeURIComponent(encodeURIComponent(report)), is: GUNICORN },
  'only the kill, encoded': { text: '%20Killed%20process%207321%20%28gunicorn%29%20total-vm%3A1402312kB', is: GUNICORN },
  'only the words, encoded': { text: 'msg=%20Killed%20process%207321', is: 'said' },
  'base64, quoted': { text: `${folded(base64(`${report}\n`)).replace(/^/gm, '> ')}\n`, is: GUNICORN },
  'bare base64': { text: `${folded(base64(`${report}\n`))}\n`, is: GUNICORN },
  'base64 behind a name': { text: `data:text/plain;base64,${base64(`${report}\n`)}\n`, is: GUNICORN },
  'base64 in a Secret’s field': { text: `log: ${base64(`${stamped(all(postgres)).join('\n')}\n`)}\n`, is: POSTGRES },
  'a command and base64': { text: `$ dmesg | grep -i oom | base64\n${folded(base64(`${report}\n`))}\n$\n`, is: GUNICORN },
  'gzip in base64': { text: `$ dmesg | gzip -9 | base64\n${folded(base64(gzipSync(`${report}\n`)))}\n`, is: GUNICORN },
  'numeric entities': { text: numeric(postgres.kill), is: POSTGRES },
  'numeric entities, hexadecimal': { text: `<p>${hexed(postgres.kill)}</p>`, is: POSTGRES },
  'entities of entities': {
    text: `<![CDATA[${stamped(all(postgres)).join('\n').replaceAll('(', '&amp;#40;').replaceAll(')', '&amp;#41;')}]]>`,
    is: POSTGRES,
  },
  'escapes of JSON, all': { text: escaped(postgres.kill), is: POSTGRES },
  'escapes of JSON, some': {
    text: mysqldLines().replaceAll('(', '\\u0028').replaceAll(')', '\\u0029').replaceAll('=', '\\u003d'),
    is: MYSQLD,
  },
  'a string in a string': { text: `"${JSON.stringify(report).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"\n`, is: GUNICORN },
  'line ends as two signs': { text: `{noformat}${report.replaceAll('\n', '\\n')}{noformat}\n`, is: GUNICORN },
  'line ends as four signs': { text: `message: "${report.replaceAll('\n', '\\\\n')}"\n`, is: GUNICORN },
  'Markdown’s escapes': {
    text: stamped(all(mysqld))
      .join('\n')
      .replace(/[()[\]_-]/g, '\\$&'),
    is: MYSQLD,
  },
  'escaped parentheses': { text: behind('kernel: ', all(postgres)).replace(/[()]/g, '\\$&'), is: POSTGRES, anonRssKb: 15502212 },
  RTF: { text: rtf(stamped(all(postgres))), is: POSTGRES, limit: ['node-memory'] },
  'quoted-printable as capitals of a form': { text: `body=3D${report.replaceAll('=', '=3D')}`, is: GUNICORN },
  'octal escapes of syslog': { text: `Nov 24 07:04:29 n7 kernel: ${report.replaceAll('\n', '#012')}\n`, is: GUNICORN },
  'UTF-7’s signs': { text: postgres.kill.replaceAll('(', '+ACg-').replaceAll(')', '+ACk-').replaceAll(' ', ' '), is: 'said' },
  'hexadecimal bytes': { text: `${Buffer.from(postgres.kill).toString('hex')}\n`, is: 'nothing' },
}

function mysqldLines(): string {
  return stamped(all(mysqld)).join('\n')
}
