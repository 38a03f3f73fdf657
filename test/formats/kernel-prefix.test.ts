import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readKernelPrefix } from '../../src/formats/kernel-prefix.ts'

test('the common form is told from its characters as the regexes tell it', () => {
  // Behind a priority only the regexes read.
  const digits = fc.string({ unit: fc.constantFrom('0', '1', '9', ' ', '.', '1', '2'), maxLength: 16 })
  const stamp = fc.oneof(
    digits,
    fc.tuple(fc.integer({ min: 0, max: 9 ** 9 }), fc.nat(8)).map(([s, n]) => `${String(s).padStart(n)}.123456`),
  )
  const rest = fc.string({ unit: fc.constantFrom(']', '[', ' ', 'T1', '    T1', '(', '-', 'I', '0:', 'pid:1', 's', 'x'), maxLength: 8 })
  let found = 0
  fc.assert(
    fc.property(stamp, fc.constantFrom('] ', ']', 's]', '][', '] [', ''), rest, (inner, close, text) => {
      const line = `[${inner}${close}${text}`
      const plain = readKernelPrefix(line, 0)
      const regex = readKernelPrefix(`<6>${line}`, 0)
      if (plain !== null) found += 1
      if (plain === null) expect(regex).toEqual({ end: 3, priority: 6, uptimeUs: null, caller: null })
      else expect({ ...plain, end: plain.end + 3, priority: 6 }).toEqual(regex)
    }),
    { numRuns: 20_000 },
  )
  expect(found).toBeGreaterThan(1000)
})
