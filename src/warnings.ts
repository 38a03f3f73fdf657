import type { Warning } from './model/warning.ts'

/**
 * Every kind of trouble with the data, with its sentence. Codes are nouns. `{name}` is replaced by `args.name`.
 * Keep the record sorted by code; a code without a sentence does not compile where it is used through `warning()`.
 */
const sentences = {
  'archive-broken': 'the archive is broken: {reason}; members before the break were read',
  'archive-member-cut': 'the archive ends within this member: {have} of {size} bytes were there',
  'archive-member-duplicate': 'the archive holds this name more than once: all of them were read',
  'archive-member-overlap': 'not read: its bytes are in part those of another member, as only a decompression bomb is made',
  'archive-member-same': 'not read again: the archive holds the very same member before',
  'archive-member-sparse':
    'a sparse member (stored with holes), which is not supported; unpack the archive with {command} and point to the folder',
  'bound-depth': 'not opened: it stands inside {limit} other archives; unpack the outer ones and point to the folder',
  'bound-members': 'reading stopped here: the input holds more than {limit} archive members; point to the folders that matter',
  'bound-ratio':
    'unpacking stopped here: {packed} KiB had grown to {unpacked} MiB, more than {limit} times as much, as a decompression bomb does',
  'bound-spool': 'not opened: a zip inside another stream is laid in a temporary file of at most {limit} bytes; unpack the outer archive',
  'bound-time': 'reading stopped here: unpacking took more than {limit} seconds; unpack the input first and point to the files that matter',
  'bound-total': 'reading stopped here: more than {limit} bytes were unpacked; point to the files that matter',
  'clock-refused': 'a clock that is not used: {reason}',
  'codec-unknown': 'compressed with {codec}, which is not supported; unpack it with {command}',
  'deaths-counted':
    '{count} more kills, from here on ({first} to {last}), are counted only: a report tells of 120,000 one by one; they are: {victims}; look at a part of the log for more',
  'document-cut': '{format}: broken or cut off: {reason}; what stands before was read',
  'document-too-large': 'recognised as {format}, but larger than {limit} bytes: read as a log',
  'document-unreadable': 'recognised as {format}, but not readable: {reason}',
  encrypted: 'encrypted ({with}); decrypt it first: {command}',
  'events-passed-by': '{count} events that tell of no death and no memory are passed by: the document holds more than {limit} of them',
  'extracted-beside': 'not read: what was extracted from it stands beside it and was read',
  'incidents-left-out':
    '{count} more incidents are left out: a report holds {limit} at most; look at fewer files at a time, or run batch on them',
  'input-empty': 'the file is empty',
  'input-unreadable': 'cannot be read: {reason}',
  'internal-error': 'a rule failed and was left out: {rule}: {reason}',
  'journal-cut': 'the journal ends inside an entry or field (it was copied while written, or cut); all before is read',
  'journal-damaged': 'the journal is damaged: {bytes} bytes were stepped over; entries on both sides are read',
  'journal-fields-left-out':
    '{count} fields of the journal are left out: its entries name more, or larger ones, than journald writes; the rest of these entries is read',
  'journal-fields-unreadable': '{count} packed fields of the journal could not be unpacked; their entries are read without them',
  'journal-flags-unknown':
    'the journal was written by a newer systemd (unknown incompatible flags {flags}); it is read as far as it is understood',
  'line-cut': '{lines} lines are longer than {limit} bytes and were cut; the first one is named here',
  'lives-lost':
    'this cannot be read twice, and {bytes} bytes of its lines about containers’ lives are kept: those before line {before} are not told of; unpack it into a file and give that',
  'links-skipped': 'only symbolic links ({count}), which are not followed; point to the folder that they lead to',
  'memory-dump-skipped': 'a memory dump ({kind}), which is not searched; its kernel log comes out with {command}',
  'more-of-the-same': '{count} more warnings of the kind {code} are not listed',
  'number-absurd': '{key} cannot be {value}: left out',
  'nothing-in-it': 'nothing in it could be read: it is empty, or holds only pictures, programs and the like',
  'oom-constraint-corrected': 'the kernel printed CONSTRAINT_NONE for a cgroup limit (a bug of 5.0 to 5.2); read as CONSTRAINT_MEMCG',
  'oom-figure-absurd': '{key} is larger than any memory (an underflow of the kernel’s counter); left out',
  'oom-totals-disagree':
    'the line “pages RAM” does not agree with the zones and counters of the same report; the sum of the zones is taken for the total',
  'oom-pgtables-in-bytes': 'the kernel printed page tables in bytes labelled kB (a bug of 5.4.0 to 5.4.8); corrected',
  'oom-protection-scaled': 'the kernel printed memory protection 4096 times too large (a bug of 6.19); corrected',
  'packing-broken': 'the {codec} data is broken: {reason}; the {bytes} bytes that came before were read',
  'packing-cut': 'the {codec} data ends early (cut off, or still being written); the {bytes} bytes that came before were read',
  'packing-followed': 'something else follows the {codec} data and was not read',
  picture: 'a picture or printed page ({kind}), which is not read; if it shows a log, give the text of the log',
  'picture-inside': 'a picture inside ({kind}; {count} in all) is not read; if it shows a log, give the text of the log',
  recording: 'a binary record of {kind}, which its own program prints; give what this prints beside the logs: {command}',
  'reports-thinned':
    'of {count} kernel reports from here on only what tells of their kills is kept (who died, when, where, the proving lines), since there are so many: their task tables, zones and statistics are not told of; look at a part of the log for more',
  'series-refused':
    '{count} samples of further series are left out: there are more series than can be kept; name the pods that matter in the query',
  'reader-failed': 'the reader {reader} failed on this and was left out ({reason}): a bug of ours; the rest is reported',
  'time-assumed': 'stamps without a year or zone were read with an assumption ({zone}); times may be off by whole hours or years',
  'time-slept': 'the machine slept, and nothing read since then places these stamps on UTC; add a log of the same boot that prints offsets',
  'time-unplaced':
    'no zone, year or clock anchor places these stamps on UTC; give --timezone and --year, or add a log of the same boot that prints offsets',
} as const satisfies Record<string, string>

export type WarningCode = keyof typeof sentences

export function warning(
  code: WarningCode,
  source: string | null,
  line: number | null,
  args: Record<string, string | number> = {},
): Warning {
  return { code, source, line, args }
}

/**
 * Warnings that mean that an input is broken. What sound ones have, too, is none: a journal that was copied while it was written, a member in a codec that we do
 * not know, links.
 */
const broken =
  /^(?:archive-(?:broken|member-(?:cut|overlap))|bound-.*|encrypted|input-unreadable|internal-error|journal-damaged|packing-(?:broken|cut))$/

export const isBroken = (w: Warning): boolean => broken.test(w.code)

/** The sentence with its place: `kern.log:4711: …`. */
export function sentenceOf(w: Warning): string {
  const template: string = sentences[w.code as WarningCode] ?? w.code
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => String(w.args[name] ?? '?'))
  const place = w.source === null ? '' : w.line === null ? `${w.source}: ` : `${w.source}:${w.line}: `
  return place + text
}

/** What could not be read, a line each. `whole`: no document says what else was in the way (encrypted, too deep, of an unknown codec). */
export function unreadLines(warnings: readonly Warning[], whole: boolean): readonly string[] {
  return warnings.flatMap((w) => {
    if (w.code === 'input-unreadable') return [`${w.source}: ${String(w.args['reason'])}`]
    return whole || w.code === 'nothing-in-it' ? [sentenceOf(w)] : []
  })
}

/** What an error says, for a warning's `reason`: one line, cut where a library quotes its input. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}
