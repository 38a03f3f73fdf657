import {
  BRACKET_CLOSE,
  BRACKET_OPEN,
  DIGIT_0,
  DIGIT_9,
  DOT,
  LESS,
  LOWER_A,
  LOWER_Z,
  MINUS,
  PAREN_OPEN,
  SPACE,
} from '../units/characters.ts'
/**
 * The front that printk itself gives a line: `<4>`, `[  859.563319]`, the caller (CONFIG_PRINTK_CALLER), and what phone vendors put
 * behind. Found at the start of a raw line or inside a syslog message.
 */
export interface KernelPrefix {
  readonly end: number
  readonly priority: number | null
  readonly uptimeUs: number | null
  readonly caller: string | null
}

// `[%5lu.%06lu]` (kernel/printk/printk.c, print_time). Always six digits: a comm `[ 1.0] x` is no stamp. Tables and pastes take the padding away. Huawei adds an `s`.
const shape = /(?:<(?<priority>\d{1,3})>)?(?:\[(?<seconds> {0,5}\d{1,10})\.(?<micros>\d{6})(?<huawei>s?)\])?/y
// `[%6s]` (5.1 and later): adjoining on consoles, after a blank in util-linux dmesg. Pastes that collapse blanks leave `[12.345678][T483]`.
const callerShape = /(?:\[| \[(?=[ TC\d]{6}))(?<caller> {0,8}[TC]\d{1,10})\]/y
// Huawei `[pid:2912,cpu3,sh]`; Samsung `I[0:  swapper/0:    0] `, ` [1:  kworker/1:2:  345] `; MediaTek `(2)[1234:comm]`, `-(0)[…]`.
const vendorShape =
  /(?:\[pid:(?<huaweiPid>\d+),cpu(?<huaweiCpu>\d+),[^\]]{0,24}\]| {0,2}[A-Z]?\[(?<samsungCpu>\d{1,3}): {0,16}[^\]]{1,24}: {0,8}(?<samsungPid>\d{1,8})\]| ?-?\((?<mtkCpu>\d{1,3})\)\[(?<mtkPid>\d{1,8}):[^\]]{0,24}\])/y

/** Reads the front at `start`; `null` when there is neither priority nor stamp. Exactly one blank after it belongs to it. */
export function readKernelPrefix(text: string, start: number): KernelPrefix | null {
  const first = text.charCodeAt(start)
  if (first !== LESS && first !== BRACKET_OPEN) return null
  const plain = first === BRACKET_OPEN ? readPlain(text, start) : null
  if (plain !== null) return plain
  shape.lastIndex = start
  const g = shape.exec(text)?.groups
  if (g === undefined || shape.lastIndex === start) return null
  const priority = g['priority'] === undefined ? null : Number(g['priority'])
  if (priority !== null && priority > 191) return null
  const end = shape.lastIndex
  if (g['seconds'] === undefined) return { end, priority, uptimeUs: null, caller: null }
  const uptimeUs = Number(g['seconds']) * 1_000_000 + Number(g['micros'])
  const vendor = readVendor(text, end)
  if (vendor !== null) return { ...vendor, priority, uptimeUs }
  return { ...readCaller(text, end), priority, uptimeUs }
}

/**
 * The form that nearly every line of a kernel log has, `[  859.563319] text`, told from its characters: the regexes above say the same in five
 * times the time. `null`: they must look.
 */
function readPlain(text: string, start: number): KernelPrefix | null {
  let at = start + 1
  while (at <= start + 5 && text.charCodeAt(at) === SPACE) at += 1
  const seconds = digitsAt(text, at, 10)
  const dot = at + seconds
  if (seconds === 0 || text.charCodeAt(dot) !== DOT || digitsAt(text, dot + 1, 7) !== 6) return null
  const end = dot + 8
  // `[%5lu.%06lu]`: twelve characters at least. Behind it one blank, and nothing that a caller or a vendor's mark begins with.
  if (text.charCodeAt(end - 1) !== BRACKET_CLOSE || end - start < 14 || text.charCodeAt(end) !== SPACE) return null
  const next = text.charCodeAt(end + 1)
  const behind = text.charCodeAt(end + 2)
  // Behind a second blank neither begins with a small letter: that is a function of a stack.
  const isPlain =
    next === BRACKET_OPEN
      ? isNumberCell(text, end + 1)
      : next === SPACE
        ? behind >= LOWER_A && behind <= LOWER_Z
        : next !== PAREN_OPEN && next !== MINUS && behind !== BRACKET_OPEN
  if (!isPlain) return null
  const uptimeUs = numberAt(text, at, dot) * 1_000_000 + numberAt(text, dot + 1, dot + 7)
  return { end: end + 1, priority: null, uptimeUs, caller: null }
}

/** `[   1234]`: the pid of a row of a task table. A caller has a letter, a vendor's mark a colon. */
function isNumberCell(text: string, start: number): boolean {
  let at = start + 1
  while (at <= start + 8 && text.charCodeAt(at) === SPACE) at += 1
  const digits = digitsAt(text, at, 10)
  return digits > 0 && text.charCodeAt(at + digits) === BRACKET_CLOSE
}

function numberAt(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at += 1) value = value * 10 + text.charCodeAt(at) - DIGIT_0
  return value
}

/** How many digits stand at `at`, at most `most`. */
function digitsAt(text: string, at: number, most: number): number {
  let count = 0
  while (count < most) {
    const code = text.charCodeAt(at + count)
    if (!(code >= DIGIT_0 && code <= DIGIT_9)) break
    count += 1
  }
  return count
}

/** The caller behind another stamp, and the one blank that follows. */
export function readCaller(text: string, start: number): { readonly caller: string | null; readonly end: number } {
  callerShape.lastIndex = start
  const caller = callerShape.exec(text)?.groups?.['caller']?.trim() ?? null
  return { caller, end: skipBlank(text, caller === null ? start : callerShape.lastIndex) }
}

function readVendor(text: string, start: number): { end: number; caller: string } | null {
  vendorShape.lastIndex = start
  const g = vendorShape.exec(text)?.groups
  if (g === undefined) return null
  const pid = g['huaweiPid'] ?? g['samsungPid'] ?? g['mtkPid']
  const cpu = g['huaweiCpu'] ?? g['samsungCpu'] ?? g['mtkCpu']
  // Huawei and MediaTek put no blank between: one there is the text's own.
  const end = g['samsungPid'] === undefined ? vendorShape.lastIndex : skipBlank(text, vendorShape.lastIndex)
  return { end, caller: pid === '0' ? `C${cpu}` : `T${pid}` }
}

function skipBlank(text: string, at: number): number {
  return text.charCodeAt(at) === SPACE ? at + 1 : at
}
