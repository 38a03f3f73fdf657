import type { Budget } from './budget.ts'
import { type ByteReader, type Bytes, byteReader, coalesced } from './bytes.ts'
import type { Codec } from './codecs/index.ts'
import type { Container, Member } from './containers/index.ts'
import type { Engines } from './engines.ts'
import type { PlainFile } from './file.ts'
import { isBarren } from './layouts/barren.ts'
import { labelOf } from './paths.ts'
import { headSize, sniff } from './sniff.ts'
import type { InputOptions, InputSource } from './source.ts'
import type { TroubleLog } from './trouble.ts'

/** Something that may be a log, packed or not, or an archive. */
export interface Opened {
  readonly name: string
  readonly path: string
  readonly bundle: string
  readonly modifiedMs: number | null
  readonly size: number | null
  readonly bytes: Bytes
  /** See `AheadBytes`; `null` where pieces are the taker's own anyway. */
  readonly lend: (() => void) | null
  /** The file, while the bytes are its own. */
  readonly file: PlainFile | null
  readonly codecs: readonly string[]
  /** Archives it stands in, and compressions around it within the innermost. */
  readonly archives: number
  readonly layers: number
  /** An empty file in a folder or archive is nothing to speak of (a /proc copied by sos holds hundreds); an empty argument is. */
  readonly silentWhenEmpty: boolean
}

export interface Run {
  readonly budget: Budget
  readonly log: TroubleLog
  readonly engines: Engines
  /** See `InputOptions`; members of archives are asked about by their place only. */
  readonly isDone?: InputOptions['isDone'] | undefined
}

/** No source: nobody opens what its place alone is enough for. */
export const none = (): null => null

/** The sources in it: itself, or what comes out of it. Decides by content at every level. */
export async function* unpack(opened: Opened, run: Run): AsyncIterable<InputSource> {
  const reader = byteReader(opened.bytes)
  const before = run.log.count()
  try {
    const head = await reader.peek(headSize)
    // Nothing came because the stream is broken: that is told already, and it is no empty file.
    if (head.length === 0 && run.log.count() > before) return
    const kind = sniff(head)
    if (kind.kind === 'codec') yield* decompressed(opened, reader, kind.codec, run)
    else if (kind.kind === 'container') yield* members(opened, reader, kind.container, run)
    else if (kind.kind === 'foreign') run.log.report(kind.code, opened.name, kind.args)
    else if (kind.kind === 'data') {
      if (head.length === 0 && opened.silentWhenEmpty) return
      if (head.length === 0) run.log.report('input-empty', opened.name)
      yield sourceOf(opened, reader, run)
    }
  } catch (error) {
    run.log.caught(error, opened.name)
  } finally {
    await reader.close()
  }
}

function sourceOf(opened: Opened, reader: ByteReader, run: Run): InputSource {
  const { name, path, bundle, modifiedMs } = opened
  return {
    name,
    path,
    bundle,
    modifiedMs,
    size: opened.codecs.length > 0 && opened.archives === 0 ? null : opened.size,
    file: opened.file,
    codec: opened.codecs.length === 0 ? null : opened.codecs.join('+'),
    chunks() {
      // What is read as text is copied where it is searched.
      opened.lend?.()
      return coalesced(tolerant(reader.rest(), name, run))
    },
  }
}

/** Ends the stream where it cannot go on, and tells why, instead of throwing. */
async function* tolerant(bytes: Bytes, name: string, run: Run): Bytes {
  try {
    yield* bytes
  } catch (error) {
    run.log.caught(error, name)
  }
}

async function* decompressed(opened: Opened, reader: ByteReader, codec: Codec, run: Run): AsyncIterable<InputSource> {
  const { limits } = run.budget
  if (opened.layers >= limits.depth) {
    run.log.report('bound-depth', opened.name, { limit: limits.depth })
    return
  }
  const meter = run.budget.meter()
  const path = opened.size !== null && opened.size >= LARGE_BYTES ? (opened.file?.path ?? null) : null
  const ahead = path === null ? null : run.engines.decodedAhead(path, codec, meter)
  const bytes = tolerant(ahead?.bytes ?? codec.decode(reader.rest(), meter, run.engines), opened.name, run)
  const codecs = [...opened.codecs, codec.id]
  yield* unpack({ ...opened, bytes, lend: ahead?.lend ?? null, codecs, file: null, size: null, layers: opened.layers + 1 }, run)
}

/** A smaller packed file is unpacked before a thread has begun. */
const LARGE_BYTES = 4 * 1024 * 1024

async function* members(opened: Opened, reader: ByteReader, container: Container, run: Run): AsyncIterable<InputSource> {
  const { limits } = run.budget
  if (opened.archives >= limits.depth) {
    run.log.report('bound-depth', opened.name, { limit: limits.depth })
    return
  }
  const seen = new Set<string>()
  const nameOf = (rawPath: string): string => `${opened.name}!${labelOf(rawPath)}`
  const input = {
    reader,
    file: opened.file,
    budget: run.budget,
    engines: run.engines,
    report: (code, rawPath, args) => run.log.report(code, rawPath === null ? opened.name : nameOf(rawPath), args),
  } satisfies Parameters<Container['members']>[0]
  for await (const member of container.members(input)) {
    const name = nameOf(member.rawPath)
    if (seen.has(name)) run.log.report('archive-member-duplicate', name)
    seen.add(name)
    const path = labelOf(member.rawPath)
    if (run.isDone !== undefined && isBarren(path) && run.isDone(opened.name, path, null, none)) continue
    yield* unpack(openedMember(opened, member, name, run), run)
    if (run.log.stopped()) return
  }
}

function openedMember(opened: Opened, member: Member, name: string, run: Run): Opened {
  return {
    name,
    path: labelOf(member.rawPath),
    bundle: opened.name,
    modifiedMs: member.modifiedMs,
    size: member.size,
    bytes: tolerant(member.bytes(), name, run),
    lend: null,
    file: null,
    codecs: member.codec === null ? [] : [member.codec],
    archives: opened.archives + 1,
    layers: 0,
    silentWhenEmpty: true,
  }
}
