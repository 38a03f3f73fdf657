export interface MemberToWrite {
  readonly name: string
  readonly data: Buffer
  readonly method: number
  readonly size: number
  readonly flags?: number
  readonly at?: number
  readonly crc?: number
}

/**
 * A zip by hand: what the usual tools cannot make (overlaps, wrong sizes; `at`: the place of another member). `zip64`: sizes, places and counts stand in the
 * wider fields of APPNOTE.TXT 4.5.3 and 4.3.14, as they must from 65,535 members or 4 GiB on.
 */
export function zipOf(members: readonly MemberToWrite[], { zip64 = false } = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, data, method, size, flags = 0, crc = 0, at: place = at } of members) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(flags, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(crc, 14)
    local.writeUInt32LE(data.length, 18)
    local.writeUInt32LE(size, 22)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(flags, 8)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(crc, 16)
    central.writeUInt32LE(data.length, 20)
    central.writeUInt32LE(size, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(place, 42)
    if (zip64) {
      for (const field of [20, 24, 42]) central.writeUInt32LE(0xffffffff, field)
      central.writeUInt16LE(28, 30)
    }
    directory.push(central, Buffer.from(name), ...(zip64 ? [wide(size, data.length, place)] : []))
    // A member at another's place brings no bytes of its own.
    if (place !== at) continue
    parts.push(local, Buffer.from(name), data)
    at += 30 + name.length + data.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  if (zip64) {
    end.fill(0xff, 8, 20)
    return Buffer.concat([...parts, listing, wideEnd(members.length, listing.length, at), end])
  }
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listing, end])
}

function wide(...numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(8 * numbers.length, 2)
  for (const [n, value] of numbers.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * n)
  return field
}

/** The end record of zip64, and the one that says where it stands. */
function wideEnd(members: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(56 + 20)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  for (const [at, value] of [members, members, size, offset].entries()) record.writeBigUInt64LE(BigInt(value), 24 + 8 * at)
  record.writeUInt32LE(0x07064b50, 56)
  record.writeBigUInt64LE(BigInt(offset + size), 64)
  record.writeUInt32LE(1, 72)
  return record
}
