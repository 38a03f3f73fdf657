import type { PanicText } from '../model/oom-dump.ts'

const shape = /^Kernel panic - not syncing: (?<text>.*)$/s
const bySetting = /panic_on_oom/
const ofMemory = /[Oo]ut of memory|deadlocked on memory/
const ofInit = /Attempted to kill init/

/** `Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled` (kernel/panic.c); `null` for any other line. */
export function panicText(line: string): PanicText | null {
  const text = shape.exec(line)?.groups?.['text']?.trimEnd()
  if (text === undefined) return null
  const cause = bySetting.test(text) ? 'setting' : ofMemory.test(text) ? 'memory' : ofInit.test(text) ? 'init' : 'other'
  return { text, cause }
}
