import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfQuantity, bytesOfSize, cgroupLimit, kib } from '../../src/units/bytes.ts'

describe('sizes that programs print', () => {
  it.each([
    ['36.1G', 38762079846],
    ['44.7M', 46871347],
    ['0B', 0],
    ['512B', 512],
    ['4278 MiB', 4278 * 1024 ** 2],
    ['4963256kB', 4963256 * 1024],
    ['9992 KB', 9992 * 1024],
    ['5.5 GB', 5.5 * 1024 ** 3],
    ['95072Ki', 95072 * 1024],
    ['1,024 kB', 1024 * 1024],
    ['134217728 bytes', 134217728],
    ['7.45 GiB', Math.round(7.45 * 1024 ** 3)],
    ['.5g', 2 ** 29],
    ['64', 64],
  ])('%s', (text, bytes) => {
    expect(bytesOfSize(text)).toBe(bytes)
  })
  it.each(['', 'max', 'n/a', '-5M', '12 parsecs', '1.2.3M', '5i', '1,2M', 'G'])('does not read %j', (text) => {
    expect(bytesOfSize(text)).toBeNull()
  })
  it('knows powers of 1000 where asked, but an i always means 1024', () => {
    expect(bytesOfSize('2 MB', 'decimal')).toBe(2e6)
    expect(bytesOfSize('2 MiB', 'decimal')).toBe(2 * 1024 ** 2)
  })
  it('takes the kernel’s kB as KiB', () => {
    expect(kib(3)).toBe(3072)
  })
  it('reads back every whole number with every unit', () => {
    const units = fc.constantFrom(
      ['', 0],
      ['kB', 1],
      ['KiB', 1],
      ['K', 1],
      ['MiB', 2],
      ['M', 2],
      ['GB', 3],
      ['Gi', 3],
      ['T', 4],
    ) as fc.Arbitrary<[string, number]>
    fc.assert(
      fc.property(fc.nat(4096), units, fc.constantFrom('', ' '), (n, [unit, power], space) => {
        expect(bytesOfSize(`${n}${space}${unit}`)).toBe(n * 1024 ** power)
      }),
    )
  })
})

describe('Kubernetes quantities', () => {
  it.each([
    ['512Mi', 512 * 1024 ** 2],
    ['1.5G', 1.5e9],
    ['1.5Gi', 1.5 * 1024 ** 3],
    ['1e9', 1e9],
    ['1E9', 1e9],
    ['2e-1', 1],
    ['12E', 12e18],
    ['500m', 1],
    ['128974848000m', 128974848],
    ['0', 0],
    ['-1Ki', -1024],
    ['+5k', 5000],
    ['.5Ki', 512],
    ['5.Ki', 5120],
    ['1.1k', 1100],
    ['3682748Ki', 3682748 * 1024],
    ['100u', 1],
    ['7700000000', 7700000000],
  ])('%s', (text, bytes) => {
    expect(bytesOfQuantity(text)).toBe(bytes)
  })
  it.each(['', '512MB', '1KI', '5K', '5 Mi', '<unset>', 'max', '1.2.3', 'Mi', 'e9', '1e9999'])('does not read %j', (text) => {
    expect(bytesOfQuantity(text)).toBeNull()
  })
  it('reads back canonical forms', () => {
    const suffixes: [string, number][] = [
      ['', 1],
      ['Ki', 1024],
      ['Mi', 1024 ** 2],
      ['Gi', 1024 ** 3],
      ['k', 1e3],
      ['M', 1e6],
      ['G', 1e9],
    ]
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...suffixes), (n, [suffix, scale]) => {
        expect(bytesOfQuantity(`${n}${suffix}`)).toBe(n * scale)
        expect(bytesOfQuantity(`${n}m`)).toBe(Math.ceil(n / 1000))
      }),
    )
  })
  it('never throws and never yields a number that is not one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const value of [bytesOfQuantity(text), bytesOfSize(text)]) expect(value === null || Number.isFinite(value)).toBe(true)
      }),
    )
  })
})

describe('cgroup limits', () => {
  it.each([
    ['max', null, true],
    ['infinity', null, true],
    ['-1', null, true],
    ['9223372036854771712', null, true],
    ['9223372036854710272', null, true],
    ['268435456\n', 268435456, false],
    ['0', 0, false],
  ])('%j', (text, bytes, unlimited) => {
    expect(cgroupLimit(text)).toEqual({ bytes, unlimited })
  })
  it.each(['', '12M', 'none'])('does not read %j', (text) => {
    expect(cgroupLimit(text)).toBeNull()
  })
})
