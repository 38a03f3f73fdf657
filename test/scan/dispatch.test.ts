import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Extractor } from '../../src/extract/define-extractor.ts'
import type { LogRecord } from '../../src/model/record.ts'
import { openDispatch } from '../../src/scan/dispatch.ts'
import { literalsOf } from '../../src/scan/line-choice.ts'

const sink = { event() {}, anchor() {}, snapshot() {}, warn() {} }

/** Notes what it is shown. `wants` lasts while it says so. */
function noting(
  id: string,
  literals: readonly string[],
  seen: string[],
  more: { readonly readsAll?: boolean; wants?: boolean } = {},
): Extractor {
  const open: Extractor['open'] = () => ({
    get wantsNext() {
      return more.wants === true
    },
    push: (record) => void seen.push(`${id} ${record.message}`),
    end() {},
  })
  return more.readsAll === true ? { id, literals, readsAll: true, open } : { id, literals, open }
}

const recordOf = (raw: string, message: string) => ({ raw, message }) as LogRecord

test('each extractor sees at least the records that hold a literal of its own, in raw or in message', () => {
  const literals = ['abc', 'abcd', 'bcd', 'cda', 'xyz', 'x.z', 'a']
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'x', 'y', 'z', '.', '-') }), fc.boolean(), (text, unwrapped) => {
      const seen: string[] = []
      const record = unwrapped ? recordOf('{}', text) : recordOf(`- ${text}`, text)
      openDispatch(
        literals.map((literal) => noting(literal, [literal, 'never'], seen)),
        's',
      ).push(record, sink)
      for (const literal of literals) if (text.includes(literal)) expect(seen).toContain(`${literal} ${text}`)
      if (!/[ax]/.test(text) && !text.includes('bcd') && !text.includes('cda')) expect(seen).toEqual([])
    }),
  )
})

test('told what was found in the line, it shows no fewer', () => {
  const literals = ['abcab', 'xyz "a', 'c & d', ' audit(1', 'bcabd', 'abcabd']
  const { all, sampledFrom } = literalsOf(literals.map((literal) => noting(literal, [literal], [])))
  const part = fc.constantFrom(...literals, ...all, 'abc', 'x', '"', ' ')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom('same', 'end', 'json'), (parts, wrapping) => {
      const text = parts.join('')
      const raw = wrapping === 'json' ? JSON.stringify({ log: text }) : wrapping === 'end' ? `kernel: ${text}` : text
      const found = all.flatMap((literal, index) => (index < sampledFrom && raw.includes(literal) ? [index] : []))
      const seen: string[] = []
      const extractors = literals.map((literal) => noting(literal, [literal], seen))
      openDispatch(extractors, 's').push(recordOf(raw, text), sink, found)
      for (const literal of literals) if (text.includes(literal)) expect(seen).toContain(`${literal} ${text}`)
    }),
  )
})

test('who reads all is shown everything, who is wantsNext as long as it is, in the order of the registry', () => {
  const seen: string[] = []
  const asking = { wants: false }
  const dispatch = openDispatch(
    [noting('first', ['one'], seen), noting('all', ['two'], seen, { readsAll: true }), noting('last', ['three'], seen, asking)],
    's',
  )
  dispatch.push(recordOf('zero', 'zero'), sink)
  expect(dispatch.wantsNext()).toBe(false)
  asking.wants = true
  expect(dispatch.wantsNext()).toBe(true)
  dispatch.push(recordOf('one', 'one'), sink)
  asking.wants = false
  dispatch.push(recordOf('two', 'two'), sink)
  expect(seen).toEqual(['all zero', 'first one', 'all one', 'last one', 'all two'])
})

test('a message that is more than its line without escapes is looked at itself, however long the line', () => {
  const seen: string[] = []
  const push = (raw: string, message: string) =>
    openDispatch([noting('one', ['Killing container'], seen)], 's').push(recordOf(raw, message), sink, [])
  push('\u001b[36mKilling\u001b[0m container', 'Killing container')
  push('Killing&#32;container', 'Killing container')
  push(`{"a":"${'x'.repeat(17_000_000)}","log":"Killing\\tcontainer"}`, 'Killing container')
  expect(seen).toHaveLength(3)
  // What is there is known to be all that was found.
  push('msg="a \\"b\\" c"', 'a "b" c')
  expect(seen).toHaveLength(3)
})
