import { describe, expect, test } from 'vitest'
import { mendedJson, mendedText } from '../../../../src/formats/damage/paste/index.ts'
import { isTail } from '../../../../src/formats/damage/paste/kernel-line.ts'
import { withoutLostBreaks } from '../../../../src/formats/damage/paste/lost-breaks.ts'
import { isQuotedPrintable } from '../../../../src/formats/damage/paste/quoted-printable.ts'

const kill = 'Out of memory: Killed process 6120 (mongod) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB'
const textsOf = async (text: string): Promise<string[]> => (await mendedText(text))?.map((line) => line.text) ?? text.split('\n')
const pieces = (text: string): string[] => withoutLostBreaks([{ text, from: 0, to: 1 }]).map((line) => line.text)

describe('breaks that were lost', () => {
  const at = (stamps: readonly number[]): string => stamps.map((stamp) => `[${stamp.toFixed(6).padStart(12)}] word`).join(' ')

  test('are found again from four stamps on that rise', () => {
    expect(pieces(at([11, 12, 13, 14]))).toHaveLength(4)
    expect(pieces(at([11, 11, 11, 11]))).toHaveLength(4)
  })
  test.each([
    ['three are a line’s own', [11, 12, 13]],
    ['falling ones are no report’s', [14, 13, 12, 11]],
    ['one that falls is enough', [11, 12, 10, 13]],
  ])('%s', (_, stamps) => {
    expect(pieces(at(stamps))).toHaveLength(1)
  })
  test('not between words and one message', () => {
    expect(pieces(`we saw 12kB ${kill} and then`)).toHaveLength(1)
  })
})

describe('the rest of a line', () => {
  test.each([
    ['a zone’s figures', 'Node 0 Normal free:3348kB active_anon:', '184320kB inactive_anon:0kB'],
    ['a limit', 'memory: usage 65536kB,', 'limit 65536kB, failcnt 31'],
    ['the path of a limit', 'Task in /a/b killed as a result of limit of', '/a'],
    ['the words behind a path', 'Task in /a/b', 'killed as a result of limit of /a'],
    ['the words of a group', 'Tasks in /a/b', 'are going to be killed due to memory.oom.group set'],
    ['a trigger’s words', '[ 12.300000] java', 'invoked oom-killer: gfp_mask=0xcc0'],
  ])('%s', (_, before, text) => {
    expect(isTail(before, text)).toBe(true)
  })
  test.each([
    ['another line’s figures', 'we have 3 nodes', '184320kB inactive_anon:0kB'],
    ['a path that nothing asked for', 'the files are in', '/a'],
    ['a sentence', 'Task in /a/b', 'was restarted'],
    ['a process behind a port', 'listening on tcp://0.0.0.0:3000)"', 'process 9123 exited'],
  ])('%s is none', (_, before, text) => {
    expect(isTail(before, text)).toBe(false)
  })
})

describe('a body in quoted-printable without its head', () => {
  test('one encoded sign of a kernel’s key is enough', () => {
    expect(isQuotedPrintable('oom-kill:constraint=3DCONSTRAINT_NONE\n')).toBe(true)
    expect(isQuotedPrintable('a=3Db\n')).toBe(false)
  })
})

describe('what is undone is undone where it belongs', () => {
  test('an address that somebody searched with stays', async () => {
    const address = 'https://example.org/find?q=Killed%20process%201234%20(java)%20total-vm'
    expect(await textsOf(`see\n${address}\n${encodeURIComponent(kill)}\n`)).toEqual(expect.arrayContaining([address, kill]))
  })
  test('what looks like a tag stays in a text that is no page', async () => {
    const odd = kill.replace('mongod', '<worker>')
    expect(await textsOf(`before &amp; after\n${odd}\n`)).toEqual(expect.arrayContaining(['before & after', odd]))
  })
  test('strings of JSON that tell of no death are no lines', async () => {
    const lines = await mendedJson(JSON.stringify({ about: 'skills and killers', log: kill }))
    expect(lines?.map((line) => line.text)).toEqual([kill])
  })
})

describe('the parts of a mail', () => {
  const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')
  const part = (body: string): string => `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${body}\n`
  const head = 'From: a@example.org\nMIME-Version: 1.0\n'
  const mixed = `${head}Content-Type: multipart/mixed; boundary="xyz"\n\n--xyz\n`

  test('end at the boundary that closes them: what stands below is read', async () => {
    const texts = await textsOf(`${mixed}${part(base64('nothing to see here\n'))}--xyz--\n${kill}\n`)
    expect(texts).toEqual(expect.arrayContaining(['nothing to see here', kill]))
  })
  test('end at the next one', async () => {
    const texts = await textsOf(`${mixed}${part(base64('first part\n'))}--xyz\n${part(base64(`${kill}\n`))}--xyz--\n`)
    expect(texts).toEqual(expect.arrayContaining(['first part', kill]))
  })
  test('end where the next mail of a box begins', async () => {
    const texts = await textsOf(
      `${head}${part(base64('first mail\n'))}From b@example.org Tue Nov 24 07:04:29 2026\nSubject: b\n\n${kill}\n`,
    )
    expect(texts).toEqual(expect.arrayContaining(['first mail', kill]))
  })
  test('that say base64 and are none stay as they are', async () => {
    expect(await textsOf(`${head}${part(kill)}`)).toContain(kill)
  })
  test('that are no text stay as they are', async () => {
    const picture = base64(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2, 3, 4, 5, 6]))
    expect(await textsOf(`${mixed}${part(picture)}--xyz--\n`)).toContain(picture)
  })
})
