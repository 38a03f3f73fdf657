import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyByte, unescapeHex, unescapeOctal, unprintableByte, utf8Length } from '../../src/text/escapes.ts'

describe('hexadecimal escapes', () => {
  it.each([
    ['evil\\x0aOut of me', 'evil\nOut of me'],
    ['\\x5cx41', '\\x41'],
    ['\\xd1\\x84\\xe6\\x97\\xa5', 'ф日'],
    ['ab\\xff\\xfe\\xc3z', 'ab\ufffd\ufffd\ufffdz'],
  ])('kmsg: %s', (text, wanted) => {
    expect(unescapeHex(text, everyByte)).toBe(wanted)
  })

  it('dmesg: what a program itself wrote stays', () => {
    expect(unescapeHex('\ttab\\x41 and x\\x1b[31mred\\x07', unprintableByte)).toBe('\ttab\\x41 and x\x1b[31mred\x07')
  })

  it('undoes what /dev/kmsg does to any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const whole = Buffer.from(text).toString()
        const escaped = [...Buffer.from(whole)]
          .map((byte) =>
            byte < 0x20 || byte >= 0x7f || byte === 0x5c ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte),
          )
          .join('')
        expect(unescapeHex(escaped, everyByte)).toBe(whole)
      }),
    )
  })
})

describe('octal escapes', () => {
  it.each([
    ['isolated_anon:0#012 active_file:2966', 'isolated_anon:0\n active_file:2966'],
    ['x#033[31mred#007#011', 'x\x1b[31mred\x07\t'],
    ['a\\012b', 'a\nb'],
    ['5.4.0-200-generic #220-Ubuntu SMP', '5.4.0-200-generic #220-Ubuntu SMP'],
    ['#1 SMP Debian #144-Ubuntu', '#1 SMP Debian #144-Ubuntu'],
    ['caf#303#251', 'café'],
    ['#377#376x', '#377#376x'],
  ])('%s', (text, wanted) => {
    expect(unescapeOctal(text)).toBe(wanted)
  })
})

it('counts UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text))
    }),
  )
})
