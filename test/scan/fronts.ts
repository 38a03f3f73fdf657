/** Fronts that tools, people and house templates put before a line; `%n` counts lines, `%m` is a millisecond. */
export const fronts: readonly string[] = [
  // one mark, one name
  '[node7] ',
  '[node7]: ',
  '[WARN] ',
  '[warn]: ',
  '[kernel] ',
  '(node7) ',
  '{node7} ',
  '<node7> ',
  'node7 | ',
  'node7  | ',
  'node7| ',
  'node7: ',
  'node7> ',
  'node7 ',
  'host-1.example.org: ',
  'ip-10-0-3-17.eu-west-1.compute.internal ',
  '[redacted] ',
  '[redacted] kernel: ',
  'HOST: ',
  'HOST kernel: ',
  '<host> ',
  'xxx: ',
  // facility, level, tag
  'kern.warn ',
  'kern.warning: ',
  '<kern.warning> ',
  '<kern.warn>',
  'kern.warning kernel: ',
  'warn | ',
  'WARNING ',
  'W ',
  'kern KERNEL: ',
  'kernel[-]: ',
  'vmunix: ',
  '/kernel: ',
  'user.warn kernel: ',
  'node7 kern.warn kernel: ',
  'KERNEL: ',
  'kernel|',
  'warning|kernel[-]|',
  '|warning|',
  'Guest: ',
  '[kern] [warn] ',
  // stamps
  '[2026-11-24 07:04:29] ',
  '[2026-11-24 07:04:29.%m] ',
  '[2026-11-24T07:04:29Z] ',
  '2026-11-24 07:04:29 ',
  '2026-11-24 07:04:29,%m ',
  '2026-11-24 07:04:29.%m+0000: ',
  '2026-11-24T07:04:29+01:00 ',
  '2026-11-24T07:04:29.%mZ | ',
  '2026/11/24 07:04:29 ',
  '2026/11/24 07:04:29 node7 ',
  '2026/11/24 07:04:29.%m [warn] ',
  '24.11.2026 07:04:29 ',
  '24.11.2026 07:04:29 node7 ',
  '11/24/2026 07:04:29 AM ',
  '11/24/2026, 7:04:29 AM: ',
  '24/11/2026 07:04:29 - ',
  '24/Nov/2026:07:04:29 +0000 ',
  '24-Nov-2026 07:04:29 node7 ',
  'Nov 24, 2026 7:04:29 AM ',
  'Nov 24, 2026 @ 07:04:29.%m ',
  'Tue, 24 Nov 2026 07:04:29 +0000: ',
  'Tue Nov 24 07:04:29 2026 ',
  'Nov 24 07:04:29 ',
  'Nov 24 07:04:29 node7 ',
  'Nov 24 07:04:29 relay1 node7 ',
  '24 Nov 07:04:29 ',
  '1795503869 ',
  '1795503869.%m node7 ',
  '[1795503869] ',
  '1795503869%m ',
  '07:04:29 ',
  '07:04:29.%m ',
  '[07:04:29] ',
  '[07:04] ',
  '11-24 07:04:29.%m  1 ',
  '11-24 07:04:29 node7: ',
  '<4>Nov 24 07:04:29 node7 ',
  // speakers and tools
  '10:32 AM name: ',
  '[10:32] name: ',
  '[10:32 AM] name  ',
  'name [10:32] > ',
  '<name> ',
  'name> ',
  'Received message  <4>Nov 24 07:04:29 LEDE kernel: ',
  '[node7] out: ',
  '[node7] out: [2026-11-24 07:04:29] ',
  'node7 out  : ',
  'ok: [node7] => ',
  '[1] 07:04:29 [SUCCESS] node7 ',
  'service-1  | ',
  'compose-node-1  | 2026-11-24T07:04:29.%mZ ',
  'Nov-24 07:04:29 ',
  '- 1795503869 2026.11.24 node7 Nov 24 07:04:29 node7/node7 kernel: ',
  // tables
  '2026-11-24 07:04:29,node7,kern,warning,',
  '2026-11-24,07:04:29,node7,',
  '2026-11-24 07:04:29;node7;kern;4;',
  '2026-11-24 07:04:29\tnode7\tkern\twarning\t',
  '%n\tnode7\t',
  '| 2026-11-24 07:04:29 | node7 | ',
  '| node7 | ',
  'node7|kern|4|',
  '"2026-11-24 07:04:29","node7","',
  '%n,2026-11-24T07:04:29Z,node7,warning,',
  // lists, line numbers, quoting
  '- ',
  '* ',
  '+ ',
  '• ',
  '1. ',
  '%n. ',
  '%n) ',
  '%n: ',
  '   %n  ',
  'L%n: ',
  '> ',
  '>> ',
  '> > > ',
  '>',
  '| ',
  ': ',
  '    ',
  '  ',
  '\t',
  ' ',
]

/** A line behind the front as the `number`-th of its text. */
export function fronted(front: string, line: string, number: number): string {
  const own = front.replaceAll('%n', String(number + 118)).replaceAll('%m', String(100 + (number % 900)))
  // What stands in a cell in quotes has its quotes doubled, and closes behind.
  return own.endsWith('"') ? `${own}${line.replaceAll('"', '""')}"` : own.startsWith('| ') && own !== '| ' ? `${own}${line} |` : own + line
}

/** How the kernel's own stamp stands behind a front. */
export const forms: Readonly<Record<string, (stamp: string, text: string) => string>> = {
  uptime: (stamp, text) => `[${stamp}] ${text}`,
  tagged: (stamp, text) => `kernel: [${stamp}] ${text}`,
  bare: (_, text) => text,
}

/** `[ 1036.029000] text` and its indented continuations, each a line with the stamp of its record. */
export function stampedLines(report: string): { readonly stamp: string; readonly text: string }[] {
  let stamp = ''
  return report
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const own = /^\[(?<stamp> *\d+\.\d+)\] (?<text>.*)$/.exec(line)?.groups
      stamp = own?.stamp ?? stamp
      return { stamp, text: own?.text ?? line.replace(/^ {15}/, '') }
    })
}
