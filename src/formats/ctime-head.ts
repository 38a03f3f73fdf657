import { BRACKET_CLOSE, BRACKET_OPEN } from '../units/characters.ts'
import { readCtimeStamp } from '../units/stamp.ts'
import { readCaller } from './kernel-prefix.ts'
import type { Head } from './record.ts'

/** `[Tue Nov 24 02:54:32 2026] text`, in any language; with -d `[Tue Nov 24 02:54:32 2026 <    0.000722>] text`. */
export function readCtimeHead(text: string): Head | null {
  if (text.charCodeAt(0) !== BRACKET_OPEN) return null
  const found = readCtimeStamp(text, 1, 'boot-derived')
  if (found === null) return null
  const close =
    text.charCodeAt(found.end) === BRACKET_CLOSE
      ? found.end
      : /^ <[ \d.]{1,16}>\]/.test(text.slice(found.end, found.end + 20))
        ? text.indexOf(']', found.end)
        : -1
  if (close === -1) return null
  const { caller, end } = readCaller(text, close + 1)
  return { width: end, wall: found.stamp, caller }
}
