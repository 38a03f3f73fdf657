import type { InputSource } from '../../input/source.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import { warning } from '../../warnings.ts'
import { openEventLog } from '../event-log.ts'
import { joined, type Logged } from '../later.ts'
import { type LifeLines, openFirstLives, openLivesOf } from '../life-lines.ts'
import { HEAD_BYTES, isIndent, literalsOf, SNIFF_LINES } from '../line-choice.ts'
import type { Asked } from '../search/life-filter.ts'
import { borrowNeedle } from '../search/needles.ts'
import { openPresearch } from '../search/presearch.ts'
import { BLOCK_BYTES, type Regions } from '../search/regions.ts'
import type { Wanted } from '../search/words.ts'
import { openSourceBytes, type SourceBytes } from '../source-bytes.ts'
import type { LivesLater, ScanTools } from '../tools.ts'
import { openFastText } from './fast-text.ts'
import { KEPT_BYTES, type KeptLines } from './kept-lines.ts'
import { openLineReader } from './line-reader.ts'
import { lineText, textStart } from './line-text.ts'

/** Bytes searched at once: large enough that a call costs nothing, small enough to stay in the processor's cache. */
const AT_ONCE_BYTES = 256 * 1024

/** A source as text, as a whole. `ahead`: what was read of the input before. */
export function readText(source: InputSource, tools: ScanTools, input: SourceBytes, ahead: readonly Uint8Array[]): Promise<SourceEvidence> {
  return readThrough(source, tools, input, { ahead, asked: 'all' }).then(({ evidence }) => evidence)
}

/** A log: lines of ordinary lives that nobody is known to need yet are left out, and told of to `tools.lives`. */
export async function readLog(source: InputSource, tools: ScanTools, input: SourceBytes): Promise<SourceEvidence> {
  const later = tools.lives
  if (later === undefined) return readText(source, tools, input, [])
  const { telling } = literalsOf(tools.extractors)
  const kept = input.isFile ? null : later.room.open()
  const lives = openFirstLives(later.from, telling, kept)
  const log = openEventLog()
  const { evidence, again, hasLives } = await readThrough(source, { ...tools, reading: { lives, log, again: false } }, input, {
    ahead: [],
    asked: askedOf(later, null),
  })
  if (lives.left() === 0 && !hasLives) return evidence
  const first = { evidence, log }
  const isOfLives = (extractor: number): boolean => tools.extractors[extractor]?.lives !== undefined
  const head = kept === null ? [] : headOf(input.head)
  later.onLater({
    name: source.name,
    of: 'lines',
    async read(wanted) {
      const once = againFor(tools, openLivesOf(later.from, telling, wanted))
      if (kept === null) return joined(first, await readAgain(source, once, askedOf(later, wanted), again), isOfLives, 0)
      return withLoss(joined(first, readKept(first, source, once, kept, head), isOfLives, kept.lostBefore()), kept)
    },
  })
  return evidence
}

const askedOf = ({ from }: LivesLater, wanted: Wanted | null): Asked => ({ before: Math.ceil(from / BLOCK_BYTES), wanted })

const againFor = (tools: ScanTools, lives: LifeLines) => ({ ...tools, reading: { lives, log: openEventLog(), again: true } })

interface Through {
  /** What was read of the input before. */
  readonly ahead: readonly Uint8Array[]
  readonly asked: Asked
  /** Opens what is known of a large file; absent: it is searched. */
  readonly searched?: (() => Regions) | null
}

/** `again`: opens what was found out of a large file. `hasLives`: what was searched ahead holds lines of ordinary lives, whether they were read or not. */
async function readThrough(
  source: InputSource,
  tools: ScanTools,
  input: SourceBytes,
  { ahead, asked, searched }: Through,
): Promise<{ readonly evidence: SourceEvidence; readonly again: (() => Regions) | null; readonly hasLives: boolean }> {
  const literals = literalsOf(tools.extractors)
  const { needle, giveBack } = borrowNeedle(literals.all, source.size, literals.sampledFrom)
  const regions = searched === undefined ? regionsOf(source, tools, input) : (searched?.() ?? null)
  const presearch = regions === null ? null : openPresearch(regions, literals, needle, asked)
  try {
    const text = openFastText(source, tools, needle, AT_ONCE_BYTES, presearch)
    for (const piece of ahead) {
      for (let rest = piece; rest.length > 0; ) {
        const room = text.room()
        const part = rest.subarray(0, room.length)
        room.set(part)
        text.filled(part.length)
        rest = rest.subarray(part.length)
      }
    }
    for (;;) {
      const place = text.skipTo()
      if (place !== null) input.seek(place)
      const read = input.read(text.room())
      const bytes = typeof read === 'number' ? read : await read
      if (bytes === 0) return { evidence: text.evidence(), again: regions?.again ?? null, hasLives: regions?.hasLives() === true }
      text.filled(bytes)
    }
  } finally {
    regions?.close()
    giveBack()
  }
}

function regionsOf(source: InputSource, tools: ScanTools, input: SourceBytes): Regions | null {
  const path = input.isFile ? (source.file?.path ?? null) : null
  if (path === null || source.size === null) return null
  return tools.threads?.(path, source.size, literalsOf(tools.extractors), true) ?? null
}

/** A file once more, for lines of ordinary lives. */
async function readAgain(
  source: InputSource,
  tools: ReturnType<typeof againFor>,
  asked: Asked,
  searched: (() => Regions) | null,
): Promise<Logged> {
  const input = await openSourceBytes(source, HEAD_BYTES)
  try {
    const { evidence } = await readThrough(source, tools, input, { ahead: [], asked, searched })
    return { evidence, log: tools.reading.log }
  } finally {
    await input.close()
  }
}

/** What was kept of a source that cannot be read again. */
function readKept(
  { evidence: first }: Logged,
  source: InputSource,
  tools: ReturnType<typeof againFor>,
  kept: KeptLines,
  head: readonly string[],
): Logged {
  const reader = openLineReader(source, tools, head)
  kept.each((bytes, offset, number, sure) => {
    if (!sure && !tools.reading.lives.wants(bytes, 0, bytes.length, offset, number)) return
    const text = lineText(bytes, textStart(bytes, 0, bytes.length), bytes.length)
    reader.continuation.take({ text, number, offset }, true, isIndent(bytes[0] ?? 0), () => [])
  })
  return { evidence: reader.evidence(first.source.lines, first.source.bytes), log: tools.reading.log }
}

function withLoss(evidence: SourceEvidence, kept: KeptLines): SourceEvidence {
  const before = kept.lostBefore()
  if (before === 0) return evidence
  const lost = warning('lives-lost', evidence.source.name, null, { before, bytes: KEPT_BYTES })
  return { ...evidence, warnings: [...evidence.warnings, lost] }
}

/** The first lines, from which the wrapping is detected. */
function headOf(head: Uint8Array): string[] {
  const lines: string[] = []
  for (let at = 0; at < head.length && lines.length < SNIFF_LINES; ) {
    const end = head.indexOf(10, at)
    if (end === -1 && lines.length > 0) return lines
    const to = end === -1 ? head.length : end
    lines.push(lineText(head, textStart(head, at, to), to))
    at = to + 1
  }
  return lines
}
