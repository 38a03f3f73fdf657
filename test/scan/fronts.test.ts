import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { forms, fronted, fronts, stampedLines } from './fronts.ts'
import { told } from './told.ts'

const reports = ['4.4-memcg', '6.1-global', '6.1-memcg-group', '7.2-two-nodes'].map((name) => ({
  name,
  lines: stampedLines(readFileSync(`samples/kernel/${name}.txt`, 'utf8')),
}))

describe('any front before a kernel report', () => {
  test.each(fronts)('%j', async (front) => {
    for (const { name, lines } of reports) {
      const wanted = await told(lines.map(({ text }) => text).join('\n'))
      expect(wanted.length, name).toBe(1)
      for (const [form, line] of Object.entries(forms)) {
        const text = lines.map(({ stamp, text: own }, at) => fronted(front, line(stamp, own), at)).join('\n')
        expect(await told(text), `${name}, ${form}: ${text.slice(0, 160)}`).toEqual(wanted)
      }
    }
  })
})
