import type { Warning } from './model/warning.ts'

/**
 * Every kind of trouble with the data, with its sentence. Codes are nouns. `{name}` is replaced by `args.name`.
 * Keep the record sorted by code; a code without a sentence does not compile where it is used through `warning()`.
 */
const sentences = {
  'archive-broken': 'the archive is broken: {reason}; members before the break were read',
  'codec-unknown': 'compressed with {codec}, which is not supported; unpack it with {command}',
  'document-cut': '{format}: broken or cut off: {reason}; what stands before was read',
  'document-too-large': 'recognised as {format}, but larger than {limit} bytes: read as a log',
  'document-unreadable': 'recognised as {format}, but not readable: {reason}',
  'input-empty': 'the file is empty',
  'input-unreadable': 'cannot be read: {reason}',
  'internal-error': 'a rule failed and was left out: {rule}: {reason}',
  'line-cut': '{lines} lines are longer than {limit} bytes and were cut; the first one is named here',
  'oom-constraint-corrected': 'the kernel printed CONSTRAINT_NONE for a cgroup limit (a bug of 5.0 to 5.2); read as CONSTRAINT_MEMCG',
  'oom-pgtables-in-bytes': 'the kernel printed page tables in bytes labelled kB (a bug of 5.4.0 to 5.4.8); corrected',
  'oom-protection-scaled': 'the kernel printed memory protection 4096 times too large (a bug of 6.19); corrected',
  'time-assumed': 'stamps without a year or zone were read with an assumption ({zone}); times may be off by whole hours or years',
  'time-unplaced': 'no zone, year or clock anchor places these stamps on UTC; give --timezone and --year, or add a log of the same boot that prints offsets',
} as const satisfies Record<string, string>

export type WarningCode = keyof typeof sentences

export function warning(code: WarningCode, source: string | null, line: number | null, args: Record<string, string | number> = {}): Warning {
  return { code, source, line, args }
}

/** The sentence with its place: `kern.log:4711: …`. */
export function sentenceOf(w: Warning): string {
  const template: string = sentences[w.code as WarningCode] ?? w.code
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => String(w.args[name] ?? '?'))
  const place = w.source === null ? '' : w.line === null ? `${w.source}: ` : `${w.source}:${w.line}: `
  return place + text
}
