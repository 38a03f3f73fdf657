/** A zip by hand: what the usual tools cannot make (overlaps, wrong sizes; `at`: the place of another member). */
export function zipOf(
  members: readonly { name: string; data: Buffer; method: number; size: number; flags?: number; at?: number; crc?: number }[],
): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, data, method, size, flags = 0, crc = 0, at: place = at } of members) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
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
    directory.push(central, Buffer.from(name))
    // A member at another's place brings no bytes of its own.
    if (place !== at) continue
    parts.push(local, Buffer.from(name), data)
    at += 30 + name.length + data.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listing, end])
}
