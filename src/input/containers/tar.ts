import type { ByteReader, Bytes } from '../bytes.ts'
import { nameText } from '../paths.ts'
import type { ArchiveInput, Container, Member } from './define-container.ts'
import { blockSize, paxRecords, type TarHeader, tarHeader } from './tar-header.ts'
import { openTwins, type Twins } from './tar-twins.ts'

/** Names and pax records longer than this are no names. */
const longestMeta = 1024 * 1024

/**
 * tar as v7, ustar, GNU and pax write it. modern-tar reads the same, but hides the type of sparse members, does not check header
 * checksums unless its strict mode ends the archive at the first bad block, and cannot tell a cut archive from a whole one.
 */
export const tar: Container = {
  id: 'tar',
  title: 'tar (v7, ustar, GNU, pax)',
  sniff: (head) => tarHeader(head.subarray(0, blockSize)) !== null,
  members,
}

const sparseName = 'GNU.sparse.name'

/** What the headers before a member say of it. */
interface Ahead {
  name: string | null
  pax: Map<string, string>
}

async function* members(input: ArchiveInput): AsyncIterable<Member> {
  const { reader } = input
  const global = new Map<string, string>()
  let ahead: Ahead = { name: null, pax: new Map() }
  let broken = false
  const twins = openTwins(input.engines)
  for (;;) {
    const block = await reader.read(blockSize)
    input.budget.step()
    if (block.length === 0) return
    const header = tarHeader(block)
    if (header === null) {
      if (block.every((byte) => byte === 0)) continue
      // After the end mark, another archive may have been appended; anything else there is padding of no interest.
      if (!broken) input.report('archive-broken', null, { reason: `no member's header at offset ${reader.position() - block.length}` })
      broken = true
      continue
    }
    if (await readAhead(reader, header, ahead, global)) continue
    const member = memberOf(header, new Map([...global, ...ahead.pax]), ahead.name)
    ahead = { name: null, pax: new Map() }
    const end = await bodyEnd(reader, header, member.size)
    if (isSparse(header, member.pax)) input.report('archive-member-sparse', member.rawPath, { command: 'tar xf' })
    else if (isFile(header) && !member.rawPath.endsWith('/')) {
      input.budget.member()
      if (await twins.stands(member.rawPath, end.size, reader)) input.report('archive-member-same', member.rawPath)
      else yield streamed(reader, member, end, twins)
    }
    if (end.size > 0) await finish(input, member.rawPath, end)
  }
}

/** Headers about the next header: pax records (x, g; X of Solaris) and GNU's long names (L; K for links). */
async function readAhead(reader: ByteReader, header: TarHeader, ahead: Ahead, global: Map<string, string>): Promise<boolean> {
  if (!'xgXLK'.includes(header.type)) return false
  const padded = Math.ceil(header.size / blockSize) * blockSize
  if (header.size > longestMeta) {
    await reader.skip(padded)
    return true
  }
  const data = (await reader.read(padded)).subarray(0, header.size)
  if (header.type === 'L') ahead.name = nameText(data.subarray(0, data.indexOf(0) === -1 ? data.length : data.indexOf(0)))
  else if (header.type !== 'K')
    for (const [key, value] of paxRecords(data)) {
      // Only what is read below: others can be a mebibyte before every member, which all later ones would have to carry.
      if (key === 'path' || key === 'size' || key === 'mtime' || key === sparseName)
        (header.type === 'g' ? global : ahead.pax).set(key, value)
      else if (key.startsWith('GNU.sparse.')) (header.type === 'g' ? global : ahead.pax).set('GNU.sparse.', '')
    }
  return true
}

interface Described {
  readonly rawPath: string
  readonly size: number
  readonly modifiedMs: number | null
  readonly pax: ReadonlyMap<string, string>
}

function memberOf(header: TarHeader, pax: ReadonlyMap<string, string>, longName: string | null): Described {
  const paxSize = pax.get('size')
  const paxTime = Number(pax.get('mtime') ?? header.mtime)
  return {
    rawPath: pax.get(sparseName) ?? pax.get('path') ?? longName ?? header.name,
    size: paxSize !== undefined && /^\d{1,15}$/.test(paxSize) ? Number(paxSize) : header.size,
    modifiedMs: Number.isFinite(paxTime) && paxTime > 0 ? Math.round(paxTime * 1000) : null,
    pax,
  }
}

/** Regular (0), contiguous (7), and by POSIX every type one does not know; upper case letters are vendors' own things. */
const isFile = (header: TarHeader): boolean => header.type === '0' || header.type === '7' || /^[^1-7A-Z]$/.test(header.type)
const isSparse = (header: TarHeader, pax: ReadonlyMap<string, string>): boolean =>
  header.type === 'S' || [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'))

interface Body {
  readonly size: number
  /** Reader positions: where the body begins and ends, and where its padding ends. */
  readonly start: number
  readonly end: number
  readonly next: number
}

/** Links, devices and folders have no body even where a size is printed, unless no header stands where it would (pax link data). */
async function bodyEnd(reader: ByteReader, header: TarHeader, size: number): Promise<Body> {
  for (let extended = header.extended; extended; ) {
    const map = await reader.read(blockSize)
    extended = map[504] === 1
  }
  const bodyless = '123456'.includes(header.type) && (size === 0 || tarHeader(await reader.peek(blockSize)) !== null)
  const length = bodyless ? 0 : size
  const start = reader.position()
  return { size: length, start, end: start + length, next: start + Math.ceil(length / blockSize) * blockSize }
}

function streamed(reader: ByteReader, member: Described, body: Body, twins: Twins): Member {
  return {
    rawPath: member.rawPath,
    size: body.size,
    modifiedMs: member.modifiedMs,
    codec: null,
    bytes: () => twins.noted(member.rawPath, body.size, bodyBytes(reader, body)),
  }
}

async function* bodyBytes(reader: ByteReader, body: Body): Bytes {
  for (let left = body.end - reader.position(); left > 0; left = body.end - reader.position()) {
    const piece = await reader.take(left)
    if (piece === null) return
    yield piece
  }
}

/** Passes over what the consumer left of a member; throws on a cut, since nothing can follow it. */
async function finish(input: ArchiveInput, rawPath: string, body: Body): Promise<void> {
  await input.reader.skip(body.end - input.reader.position())
  const have = input.reader.position() - body.start
  if (have < body.size) return input.report('archive-member-cut', rawPath, { have, size: body.size })
  await input.reader.skip(body.next - input.reader.position())
  if (input.reader.position() < body.next)
    input.report('archive-broken', null, { reason: `it ends at offset ${input.reader.position()}, behind ${rawPath}` })
}
