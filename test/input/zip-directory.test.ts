import { describe, expect, it } from 'vitest'
import { dataOffset, type ZipEntry, zipEntries } from '../../src/input/containers/zip-directory.ts'
import type { FileBytes } from '../../src/input/file.ts'
import { Trouble } from '../../src/input/trouble.ts'
import { type MemberToWrite, zipOf } from './zip-of.ts'

const fileOf = (bytes: Uint8Array): FileBytes => ({
  size: bytes.length,
  read(target, offset) {
    // Short reads, as a pipe or a network disk gives them.
    const piece = bytes.subarray(offset, offset + Math.min(target.length, 7))
    target.set(piece)
    return piece.length
  },
  close() {},
})
const member = { name: 'var/kern.log', data: Buffer.from('hello'), method: 0, size: 5 }
const entries = (bytes: Uint8Array): ZipEntry[] => [...zipEntries(fileOf(bytes))]
const reason = (act: () => unknown): unknown => {
  try {
    act()
    return null
  } catch (error) {
    return error instanceof Trouble ? error.args['reason'] : error
  }
}

/** Where the directory begins, by the end record. */
const directory = (zip: Buffer): number => zip.readUInt32LE(zip.length - 6)

it('reads what the directory says', () => {
  const zip = zipOf([member, { ...member, name: 'b\\c', flags: 1 }])
  expect(entries(zip)).toMatchObject([
    { rawPath: 'var/kern.log', bytes: 5, packedBytes: 5, method: 0, isEncrypted: false, isLink: false, offset: 0 },
    { rawPath: 'b/c', isEncrypted: true },
  ])
  expect(dataOffset(fileOf(zip), entries(zip)[0] as ZipEntry)).toBe(30 + member.name.length)
})

it('zip64: figures from the extra field, the directory by its locator', () => {
  const plain = zipOf([member])
  const at = directory(plain)
  const entry = plain.subarray(at, plain.length - 22)
  const extra = Buffer.alloc(4 + 24)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  extra.writeBigUInt64LE(5n, 4)
  extra.writeBigUInt64LE(5n, 12)
  const big = Buffer.concat([entry, extra])
  for (const place of [20, 24, 42]) big.writeUInt32LE(0xffffffff, place)
  big.writeUInt16LE(extra.length, 30)
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(1n, 32)
  record.writeBigUInt64LE(BigInt(at), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(at + big.length), 8)
  const end = Buffer.from(plain.subarray(plain.length - 22))
  end.writeUInt32LE(0xffffffff, 16)
  const zip = Buffer.concat([plain.subarray(0, at), big, record, locator, end])
  expect(entries(zip)).toMatchObject([{ rawPath: 'var/kern.log', bytes: 5, packedBytes: 5, offset: 0 }])
})

it.each([
  ['no directory', (zip: Buffer) => zip.subarray(0, zip.length - 22), 'it was cut off, the directory at its end is missing'],
  ['something behind it', (zip: Buffer) => Buffer.concat([zip, Buffer.from('x')]), 'something follows the end of its directory'],
  ['a part of several', (zip: Buffer) => changed(zip, zip.length - 18, 1), 'it is a part of one that was split'],
  ['no entry', (zip: Buffer) => changed(zip, directory(zip), 0), `no entry of its directory at offset 47`],
  ['more entries than there are', (zip: Buffer) => changed(zip, zip.length - 12, 9), 'its directory leads behind the end of the file'],
])('%s', (_, damage, expected) => expect(reason(() => entries(damage(zipOf([member]))))).toBe(expected))

describe('cut off before its directory', () => {
  const second: MemberToWrite = { ...member, name: 'var/messages', data: Buffer.from('second'), size: 6 }
  const membersIn = (zip: Buffer) => {
    const found: [string, number][] = []
    const read = () => {
      for (const { rawPath, packedBytes } of zipEntries(fileOf(zip))) found.push([rawPath, packedBytes])
    }
    expect(reason(read)).toContain('cut off')
    return found
  }

  it('every member before the cut, the last as far as it goes', () => {
    const zip = zipOf([member, second])
    expect(membersIn(zip.subarray(0, directory(zip)))).toEqual([
      ['var/kern.log', 5],
      ['var/messages', 6],
    ])
    expect(membersIn(zip.subarray(0, directory(zip) - 2))).toEqual([
      ['var/kern.log', 5],
      ['var/messages', 4],
    ])
    expect(membersIn(zip.subarray(0, 60))).toEqual([['var/kern.log', 5]])
  })

  it('sizes that stand behind the member', () => {
    const local = (name: string, data: string): Buffer => {
      const head = Buffer.alloc(30)
      head.writeUInt32LE(0x04034b50, 0)
      head.writeUInt16LE(8, 6)
      head.writeUInt16LE(name.length, 26)
      const descriptor = Buffer.alloc(16)
      descriptor.writeUInt32LE(0x08074b50, 0)
      descriptor.writeUInt32LE(data.length, 8)
      descriptor.writeUInt32LE(data.length, 12)
      return Buffer.concat([head, Buffer.from(name + data), descriptor])
    }
    const first = 'PK\x07\x08 first, with what looks like an end'
    const zip = Buffer.concat([local('a', first), local('b', 'second'), local('c', 'cut')])
    expect(membersIn(zip.subarray(0, zip.length - 17))).toEqual([
      ['a', first.length],
      ['b', 6],
      ['c', 2],
    ])
  })
})

it('a member that is not where the directory says', () => {
  const zip = zipOf([member])
  const [entry] = entries(zip) as [ZipEntry]
  expect(reason(() => dataOffset(fileOf(zip), { ...entry, offset: 3 }))).toBe('no header of a member at offset 3')
  expect(reason(() => dataOffset(fileOf(zip), { ...entry, packedBytes: 5000 }))).toBe('its data would end behind the end of the file')
})

function changed(zip: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(zip)
  copy[at] = byte
  return copy
}
