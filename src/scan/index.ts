import type { DocumentReader } from '../extract/define-extractor.ts'
import { together } from '../input/bytes.ts'
import { isJournal } from '../input/journal/index.ts'
import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { SPACE } from '../units/characters.ts'
import { reasonOf, warning } from '../warnings.ts'
import { sightingsIn, sightingsOfSmall } from '../witness/index.ts'
import { readAtOnce } from './at-once.ts'
import { factsOf } from './collector.ts'
import { blockFacts, countLines, DOCUMENT_BYTES, documentReaderOf, readDocumentSafely, readWhole } from './documents.ts'
import { hasPieces, readInPieces } from './in-pieces.ts'
import { readJournal } from './journal/journal-source.ts'
import { readLargeDocument } from './large-document.ts'
import type { Later } from './later.ts'
import { HEAD_BYTES } from './line-choice.ts'
import { readMachines, withClockAmong } from './machines.ts'
import { pictureEvidence, pictureKind, picturesInside } from './pictures.ts'
import { isBinary } from './quiet.ts'
import { recordingEvidence } from './recordings.ts'
import { again, endedBytes, openSourceBytes, partOf, type SourceBytes } from './source-bytes.ts'
import { streamDocument } from './stream-document.ts'
import { exampleLines } from './text/example-lines.ts'
import { beginsGathered, GATHERED_BYTES } from './text/gathered.ts'
import { bytesText } from './text/line-text.ts'
import { jsonLines, mayTell, mendedBytes, mendedLines, relocated } from './text/mended.ts'
import { isOwnDocument, ownEvidence, wholeSetAside, withoutOwnReports } from './text/own-reports.ts'
import { type Cut, cutPaste, only, PASTE_BYTES, withDocuments, without } from './text/paste.ts'
import { isNamedProgram, isProgramText } from './text/program-text.ts'
import { readLog, readText } from './text/read-log.ts'
import { readSlowText } from './text/slow-text.ts'
import type { ScanTools } from './tools.ts'

export { readAtOnce } from './at-once.ts'
export { type DeathsBounds, openDeathsRooms } from './deaths-room.ts'
export type { Later } from './later.ts'
export { LIVES_FROM } from './life-lines.ts'
export { isBinary } from './quiet.ts'
export { openWanted } from './search/words.ts'
export { openKeptRoom } from './text/kept-lines.ts'
export type { ScanTools, SearchThreads } from './tools.ts'

/** One source from bytes to evidence. Does not throw for bad data; a source that cannot be opened yields a warning. */
export async function scanSource(source: InputSource, tools: ScanTools): Promise<SourceEvidence[]> {
  let input: SourceBytes
  try {
    input = await openSourceBytes(source, HEAD_BYTES)
  } catch (error) {
    return [unreadable(source, error)]
  }
  try {
    const picture = pictureKind(input.head)
    if (picture !== null) {
      tools.onBinary?.(source)
      return [pictureEvidence(source, picture)]
    }
    const recording = source.bundle === source.name ? recordingEvidence(source, input.head) : null
    if (recording !== null) {
      tools.onBinary?.(source)
      return [recording]
    }
    // A file given by itself is always a source; a member of a bundle that tells nothing is only counted.
    if (tools.onQuiet !== undefined && source.bundle !== source.name) {
      const done = readAtOnce(input.head, source.path, tools, () => source)
      if (done !== null && 'evidence' in done) return [done.evidence]
      if (done !== null) {
        tools.onQuiet(source, done.quiet, input.head.length)
        if (isBinary(input.head)) tools.onBinary?.(source)
        return []
      }
    }
    const evidence = await readOpened(source, tools, input)
    if (isBinary(input.head) && evidence.every(isSilent)) tools.onBinary?.(source)
    return evidence
  } catch (error) {
    return [failed(source, error)]
  } finally {
    await input.close()
  }
}

async function readOpened(source: InputSource, tools: ScanTools, input: SourceBytes): Promise<SourceEvidence[]> {
  if (isJournal(input.head)) {
    const evidence = await readJournal(source, tools, input)
    if (evidence !== null) return [evidence]
  }
  const small = tools.inputFormat === null ? await readSmall(source, input) : null
  if (small?.whole === true) {
    const { lives: _, ...all } = tools
    const readPart = async (bytes: Uint8Array): Promise<SourceEvidence[]> =>
      withClockAmong(source, bytes, await readSmallWhole(source, all, partOf(input, bytes), bytes))
    return (
      (await readMachines(small.bytes, readPart)) ??
      withClockAmong(source, small.bytes, await readSmallWhole(source, all, input, small.bytes))
    )
  }
  if (beginsGathered(bytesText(input.head))) {
    const { pieces, whole } = await readWhole(small === null ? input : again(input, small.bytes), GATHERED_BYTES)
    const all = together(pieces)
    const { lives: _, ...withAll } = tools
    const readPart = async (part: Uint8Array): Promise<SourceEvidence[]> =>
      withClockAmong(source, part, [await readAsOne(source, withAll, partOf(input, part), null)])
    return (whole ? await readMachines(all, readPart) : null) ?? readLarge(source, tools, again(input, all))
  }
  return readLarge(source, tools, small === null ? input : again(input, small.bytes))
}

/** A source that is no paste: a document or a log as a whole. */
async function readLarge(source: InputSource, tools: ScanTools, input: SourceBytes): Promise<SourceEvidence[]> {
  if (await isOwnDocument(input.head))
    return [ownEvidence(source, 0, source.size ?? input.head.length, [wholeSetAside(source, input.head)])]
  const withClock = (evidence: SourceEvidence): SourceEvidence => withClockAmong(source, input.head, [evidence])[0] as SourceEvidence
  return [withClock(await readAsOne(source, withLater(tools, withClock), input, documentReaderOf(source, tools, input.head)))]
}

/** What is read later of the source is told as what is read first. */
function withLater(tools: ScanTools, as: (evidence: SourceEvidence) => SourceEvidence): ScanTools {
  const { lives } = tools
  if (lives === undefined) return tools
  const onLater = (later: Later): void => lives.onLater({ ...later, read: async (wanted) => as(await later.read(wanted)) })
  return { ...tools, lives: { ...lives, onLater } }
}

/** A small source: without our own reports in it and freed of damage, cut where it is a paste; told as it stands. */
async function readSmallWhole(source: InputSource, tools: ScanTools, input: SourceBytes, given: Uint8Array): Promise<SourceEvidence[]> {
  const own = await withoutOwnReports(source, given)
  const read = own?.rest ?? given
  const examples = mayTell(read) ? exampleLines(bytesText(read)) : []
  const bytes = examples.length === 0 ? read : without(read, examples)
  if (own !== null && !bytes.some((byte) => byte > SPACE))
    return [ownEvidence(source, countLines(bytesText(bytes)), bytes.length, own.setAside)]
  if ((mayTell(bytes) || isNamedProgram(source.path)) && isProgramText(bytesText(bytes), source.path))
    return [programEvidence(source, bytes)]
  const first = documentReaderOf(source, tools, bytes.subarray(0, HEAD_BYTES))
  const mended = first === null || isCarried(bytes) ? await mendedLines(bytes, source.bundle === source.name) : null
  const text = mended === null ? bytes : mendedBytes(mended)
  const reader = mended === null ? first : documentReaderOf(source, tools, text.subarray(0, HEAD_BYTES))
  const cut = await cutPaste(source, reader, text)
  const whole = bytes === given && mended === null && input.head.length < HEAD_BYTES ? input : endedBytes(input, text)
  const told =
    cut === null ? [await readAsOne(source, tools, whole, reader)] : await readCut(source, tools, input, reader, { ...cut, bytes: text })
  // Samples are read piece by piece, and a log may stand behind them as behind any other output.
  if (cut === null && reader?.stream !== undefined && reader.mixed?.(bytesText(text)) === true)
    told[0] = both(told[0] as SourceEvidence, await readText(source, tools, endedBytes(input, text), []))
  const evidence = mended === null ? await orStrings(source, tools, input, bytes, told) : told.map((each) => relocated(each, mended, given))
  const [main, ...others] = evidence
  if (main === undefined) return evidence
  const setAside = own === null ? {} : { setAside: own.setAside }
  const seen =
    reader === null && mayTell(read) ? { sightings: [...(main.sightings ?? []), ...sightingsOfSmall(source.name, bytesText(read))] } : {}
  return [{ ...main, ...seen, ...setAside, warnings: [...picturesInside(source, given), ...main.warnings] }, ...others]
}

/** A mail's head before a document: what it says of the encoding holds for that, too. */
const isCarried = (bytes: Uint8Array): boolean => /^content-transfer-encoding:/im.test(bytesText(bytes.subarray(0, HEAD_BYTES)))

/** The source of a program tells of no death; where it holds the words of one, that is said. */
function programEvidence(source: InputSource, bytes: Uint8Array): SourceEvidence {
  const text = bytesText(bytes)
  const facts = factsOf(source, { format: 'program-text', lines: countLines(text), bytes: bytes.length })
  return { source: facts, events: [], anchors: [], snapshots: [], warnings: [], sightings: sightingsIn(source.name, text) }
}

/** JSON of which no reader made anything may hold a report in its strings. */
async function orStrings(
  source: InputSource,
  tools: ScanTools,
  input: SourceBytes,
  bytes: Uint8Array,
  told: readonly SourceEvidence[],
): Promise<SourceEvidence[]> {
  const lines = told.every(({ events, snapshots }) => events.length + snapshots.length === 0) ? await jsonLines(bytes) : null
  if (lines === null) return [...told]
  const text = mendedBytes(lines)
  const cut = await cutPaste(source, null, text)
  const evidence =
    cut === null
      ? [await readText(source, tools, endedBytes(input, text), [])]
      : await readCut(source, tools, input, null, { ...cut, bytes: text })
  return evidence.map((each) => relocated(each, lines, bytes))
}

/** What is read of a document in pieces is garbage with the next one: from so many bytes on it is collected early. */
const MUCH_BYTES = 32 * 1024 * 1024

/** A source that is one thing: a document, a log, or a document with logs inside. */
async function readAsOne(
  source: InputSource,
  tools: ScanTools,
  input: SourceBytes,
  reader: DocumentReader | null,
): Promise<SourceEvidence> {
  if (reader !== null && (source.size ?? 0) > MUCH_BYTES) tools.onMuch?.()
  if (reader?.stream !== undefined) return streamDocument(source, reader, reader.stream, input)
  if (reader === null && tools.slow !== true) return readLog(source, tools, input)
  const inPieces = await readInPieces(source, tools, input, reader)
  if (inPieces.evidence !== null) return inPieces.evidence
  try {
    return await readAsWhole(inPieces.source, tools, inPieces.input, reader)
  } finally {
    inPieces.close()
  }
}

async function readAsWhole(
  source: InputSource,
  tools: ScanTools,
  input: SourceBytes,
  reader: DocumentReader | null,
): Promise<SourceEvidence> {
  const { pieces, whole } = await readWhole(input, reader === null ? Infinity : DOCUMENT_BYTES)
  if (reader === null) return readSlowText(source, tools, together(pieces))
  if (whole) {
    const { evidence: document, warnings } = await readDocumentSafely(source, reader, together(pieces))
    if (document === null) {
      const evidence = await readText(source, tools, input, pieces)
      return { ...evidence, warnings: [...warnings, ...evidence.warnings] }
    }
    const mixed = reader.mixed?.(bytesText(together(pieces))) === true
    return mixed ? both(document, await readText(source, tools, input, pieces)) : document
  }
  if (hasPieces(reader)) {
    const evidence = await readLargeDocument(source, reader, again(input, together(pieces)), null)
    if (evidence !== null) return evidence
  }
  const evidence = await readText(source, tools, input, pieces)
  const tooLarge = warning('document-too-large', source.name, null, { format: reader.id, limit: DOCUMENT_BYTES })
  return { ...evidence, warnings: [tooLarge, ...evidence.warnings] }
}

/** The first bytes of a source that may be a paste; `null` where it is known to be larger. */
async function readSmall(source: InputSource, input: SourceBytes): Promise<{ readonly bytes: Uint8Array; readonly whole: boolean } | null> {
  if (source.size !== null && source.size > PASTE_BYTES) return null
  if (input.head.length < HEAD_BYTES) return { bytes: input.head, whole: true }
  const { pieces, whole } = await readWhole(input, PASTE_BYTES)
  return { bytes: together(pieces), whole }
}

/** A paste: its documents, and the logs between them, those of each machine by themselves. */
async function readCut(
  source: InputSource,
  tools: ScanTools,
  input: SourceBytes,
  reader: DocumentReader | null,
  cut: Cut & { readonly bytes: Uint8Array },
): Promise<SourceEvidence[]> {
  const ended: SourceBytes = { ...input, isFile: false, read: () => 0 }
  const read = (bytes: Uint8Array): Promise<SourceEvidence> | SourceEvidence =>
    tools.slow === true ? readSlowText(source, tools, bytes) : readText(source, tools, ended, [bytes])
  const { hosts, blocks } = cut.facts
  const rest = await read(without(cut.rest, hosts))
  const isLog = rest.source.format !== 'unknown' && rest.source.format !== 'plain'
  const format = isLog ? rest.source.format : (reader?.id ?? 'paste')
  const found = blocks.length > 1 ? blockFacts(source, tools, bytesText(cut.rest), blocks) : []
  const sightings = sightingsIn(source.name, bytesText(cut.bytes))
  const evidence: SourceEvidence[] = [{ ...withDocuments(rest, [cut.facts.facts, ...found], format), sightings }]
  for (const { host, ...span } of hosts) {
    const own = await read(only(cut.rest, span))
    evidence.push({ ...own, sightings: [], source: { ...own.source, host: own.source.host ?? host } })
  }
  return evidence
}

/** A document with log lines inside (supportconfig, `systemctl status`, a cluster-info dump): read as both. */
function both(document: SourceEvidence, text: SourceEvidence): SourceEvidence {
  const { first, last, host, bootId, hasKernel } = text.source
  return {
    source: { ...document.source, first, last, host: document.source.host ?? host, bootId: document.source.bootId ?? bootId, hasKernel },
    events: [...document.events, ...text.events],
    anchors: [...document.anchors, ...text.anchors],
    snapshots: [...document.snapshots, ...text.snapshots],
    warnings: [...document.warnings, ...text.warnings],
    sightings: text.sightings ?? [],
  }
}

/** A source that none of the guards within could save: its facts are lost, the others are not. */
function failed(source: InputSource, error: unknown): SourceEvidence {
  const facts = factsOf(source, { format: 'unknown', lines: 0, bytes: 0 })
  const told = warning('reader-failed', source.name, null, { reader: 'scan', reason: reasonOf(error) })
  return { source: facts, events: [], anchors: [], snapshots: [], warnings: [told] }
}

const isSilent = ({ source, events, snapshots, anchors }: SourceEvidence): boolean =>
  source.first === null && events.length + snapshots.length + anchors.length === 0

function unreadable(source: InputSource, error: unknown): SourceEvidence {
  const reason = error instanceof Error ? error.message : String(error)
  const facts = factsOf(source, { format: 'unknown', lines: 0, bytes: 0 })
  return { source: facts, events: [], anchors: [], snapshots: [], warnings: [warning('input-unreadable', source.name, null, { reason })] }
}
