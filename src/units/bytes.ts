/** Sizes as programs print them → bytes. What cannot be read is `null`; nothing here throws. */

const binary: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
  e: 2 ** 60,
}
const decimal: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15, e: 1e18 }

/** The kernel's kB, everywhere in its logs and in /proc, are KiB (`K(x)` in mm/oom_kill.c shifts pages). */
export const kib = (count: number): number => count * 1024

/** `36.1G`, `44.7M`, `0B`, `4278 MiB`, `4963256kB`, `5.5 GB`, `95072Ki`, `1,024 KB`. */
const sizeShape = /^(?<number>\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)\s*(?<prefix>[kmgtpe]?)(?<binaryMark>i?)(?:b|bytes?)?$/i

/**
 * A size with a unit as logs print it. Prefixes are powers of 1024 with or without the `i`: so mean the kernel (kB), systemd (`FORMAT_BYTES`:
 * `36.1G`, `512B`), earlyoom (MiB), YARN (`5.5 GB`), lmkd, Java and Go tools. Callers that read a program of powers of 1000 say `decimal`.
 * A number without a unit is bytes. Rounded to whole bytes; `null` for anything else.
 */
export function bytesOfSize(text: string, base: 'binary' | 'decimal' = 'binary'): number | null {
  const found = sizeShape.exec(text.trim())?.groups
  if (found === undefined) return null
  const prefix = (found['prefix'] ?? '').toLowerCase()
  if (prefix === '' && found['binaryMark'] !== '') return null
  const scale = found['binaryMark'] !== '' || base === 'binary' ? binary : decimal
  return Math.round(Number((found['number'] ?? '').replaceAll(',', '')) * (scale[prefix] ?? Number.NaN))
}

/** `512Mi`, `1.5G`, `1e9`, `2E3`, `500m`, `128974848`, `+5k`, `.5Gi`, `12E`. */
const quantityShape =
  /^(?<sign>[+-]?)(?<number>\d+(?:\.\d*)?|\.\d+)(?:(?<binary>[KMGTPE]i)|(?<decimal>[numkMGTPE])|[eE](?<exponent>[+-]?\d{1,3}))?$/

const quantityScale: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
}

/**
 * A Kubernetes quantity (apimachinery `resource.Quantity`): `Ki`…`Ei` are powers of 1024, `k`…`E` powers of 1000, `m` thousandths, `1e9` an
 * exponent; case matters. Fractions round up (away from zero), as `Quantity.Value()` does. `null` for anything else.
 */
export function bytesOfQuantity(text: string): number | null {
  const found = quantityShape.exec(text.trim())?.groups
  if (found === undefined) return null
  const { sign, number, binary: power, decimal: suffix, exponent } = found
  const scale =
    power !== undefined
      ? (binary[power.charAt(0).toLowerCase()] ?? Number.NaN)
      : suffix !== undefined
        ? (quantityScale[suffix] ?? Number.NaN)
        : 1
  const plain = exponent === undefined ? Number(number) * scale : Number(`${number}e${exponent}`)
  if (!Number.isFinite(plain)) return null
  // A product such as 1.1 × 1000 may come out a hair above the whole number; that hair is not a fraction to round up.
  const whole = Math.round(plain)
  const value = Math.abs(plain - whole) <= whole * Number.EPSILON * 4 ? whole : Math.ceil(plain)
  return sign === '-' && value !== 0 ? -value : value
}

/** What a cgroup file says of a limit. `bytes` is `null` when there is no limit. */
export interface CgroupLimit {
  readonly bytes: number | null
  readonly unlimited: boolean
}

/** cgroup v1 writes PAGE_COUNTER_MAX × page size for "no limit": 9223372036854771712 (4 KiB pages), 9223372036854710272 (64 KiB). */
const v1Unlimited = 2 ** 63 - 2 ** 20

/**
 * Content of `memory.max`, `memory.high`, `memory.limit_in_bytes`, `memory.soft_limit_in_bytes`, or systemd's `MemoryMax=` as `systemctl show` prints
 * it: `max`, `infinity`, `-1` and v1's huge number mean no limit. `null` when it is neither a number nor one of those.
 */
export function cgroupLimit(text: string): CgroupLimit | null {
  const value = text.trim()
  if (value === 'max' || value === 'infinity' || value === '-1') return { bytes: null, unlimited: true }
  if (!/^\d{1,20}$/.test(value)) return null
  const bytes = Number(value)
  return bytes >= v1Unlimited ? { bytes: null, unlimited: true } : { bytes, unlimited: false }
}
