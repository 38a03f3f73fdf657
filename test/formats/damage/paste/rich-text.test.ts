import { expect, test } from 'vitest'
import { withoutRichText } from '../../../../src/formats/damage/paste/rich-text.ts'
import { physicalLines } from '../../../../src/formats/damage/paste/text-line.ts'
import { dmesg, killLines } from '../../../evidence.ts'
import { reportOf } from '../../../report-of.ts'

test.each([
  ['ended lines', 'a\\par\nb\\par\n', ['a', 'b']],
  ['a break of the file within a line', 'a b\nc\\par\nd', ['a bc', 'd']],
  ['all on one line', '\\pard\\f0\\fs20 a\\par b\\line c', ['a', 'b', 'c']],
  ['literals and other signs', "x=\\{1\\}\\\\ \\'e9 \\u8211? a\\tab b\\~c", ['x={1}\\ é – a\tb c']],
])('%s', (_, text, lines) => expect(withoutRichText(physicalLines(text)).map((line) => line.text)).toEqual(lines))

test('lines tell where they stood', () => {
  const lines = withoutRichText(physicalLines('{\\rtf1\n\\pard a\nb\\par\nc\\par\n}'))
  expect(lines).toEqual([
    { text: 'ab', from: 0, to: 3 },
    { text: 'c', from: 3, to: 4 },
    { text: '', from: 4, to: 5 },
  ])
})

/** A path ran on into `\par`, and what was a container's limit was some cgroup's. */
test('a report saved as rich text is told as the log itself', async () => {
  const log = dmesg(killLines(41.5, 4711))
  const escaped = log.replace(/[\\{}]/g, '\\$&').replaceAll('\n', '\\par\n')
  const rich = `{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Courier New;}}\n\\viewkind4\\uc1\\pard\\f0\\fs20 ${escaped}}\n`
  const told = async (text: string) =>
    (await reportOf({ 'dmesg.rtf': text })).incidents.map(({ kills, diagnosis, memcg }) => [
      kills.map(({ victim }) => victim),
      diagnosis.limit.id,
      memcg,
    ])
  expect(await told(rich)).toEqual(await told(log))
})
