import { expect, test } from 'vitest'
import { runtimes } from '../../../src/rules/advice/runtimes/index.ts'

/** A look must not end what is looked at: a bare signal does, where a program has no handler for it. */
test.each(runtimes.flatMap(({ id, command }) => (command === null ? [] : [[id, command] as const])))(
  '%s: looking ends nothing',
  (_, command) => {
    for (const part of command.split(/[;|]/)) {
      if (/\bkill\b/.test(part)) expect(part).toMatch(/^ ?grep -q\S* .* && kill /)
      expect(part).not.toMatch(/\b(?:pkill|killall|rm|gcore|reboot|FLUSHALL|--memkeys|drop_caches)\b/)
    }
  },
)
