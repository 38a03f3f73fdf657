import { describe, expect, it } from 'vitest'
import { dmesg, killLines } from '../evidence.ts'
import { reportOf } from '../report-of.ts'

const report = dmesg(killLines(41.5, 292)).trimEnd()
const lines = report.split('\n')
const escaped = report.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const description = [
  'Containers:',
  '  app:',
  '    Image: registry.example/app:1',
  '    Last State:     Terminated',
  '      Reason:       OOMKilled',
  '      Exit Code:    137',
  '      Finished:     Tue, 24 Nov 2026 07:04:29 +0000',
].join('\n')
const slack = (text: string): string => JSON.stringify([{ type: 'message', user: 'U1', text, ts: '1732431869.000100' }])

const pidsOf = async (file: string, text: string): Promise<(number | null)[]> =>
  (await reportOf({ [file]: text })).incidents.flatMap(({ kills }) => kills.map((kill) => kill.victim.pid))

/** What chats, tickets and tools hand out, with a report pasted into it. */
const exports: readonly (readonly [name: string, file: string, text: string])[] = [
  ['a channel of Slack', 'general.json', slack(`\`\`\`\n${escaped}\n\`\`\``)],
  [
    'a channel of Slack as blocks',
    'general.json',
    JSON.stringify({
      ok: true,
      messages: [{ blocks: [{ elements: [{ type: 'rich_text_preformatted', elements: [{ text: report }] }] }] }],
    }),
  ],
  [
    'messages of Teams',
    'chat.json',
    JSON.stringify({
      value: [{ id: '1', body: { contentType: 'html', content: `<p>see</p><pre>${escaped.replaceAll('\n', '<br>')}</pre>` } }],
    }),
  ],
  [
    'an issue of Jira',
    'OPS-1.json',
    JSON.stringify({ key: 'OPS-1', fields: { description: `Died:\n{noformat}\n${report}\n{noformat}` } }, null, 2),
  ],
  [
    'an issue of Jira in its document format',
    'OPS-1.json',
    JSON.stringify({
      fields: { description: { type: 'doc', content: [{ type: 'codeBlock', content: [{ type: 'text', text: report }] }] } },
    }),
  ],
  ['Jira as CSV', 'issues.csv', `Issue key,Summary,Description\nOPS-1,oom,"died ""again"":\n{code}\n${report}\n{code}"\nOPS-2,x,y\n`],
  [
    'Jira as XML',
    'issues.xml',
    `<?xml version="1.0"?><rss><item><description>&lt;pre&gt;${escaped.replaceAll('&', '&amp;')}&lt;/pre&gt;</description></item></rss>`,
  ],
  ['an issue of GitHub', 'issue.json', JSON.stringify({ number: 1, body: `### log\n\`\`\`\n${report.replaceAll('\n', '\r\n')}\n\`\`\`` })],
  [
    'a notebook',
    'case.ipynb',
    JSON.stringify({ cells: [{ outputs: [{ text: lines.map((line) => `${line}\n`) }] }], nbformat: 4 }, null, 1),
  ],
  ['a result within a result', 'job.json', JSON.stringify({ result: { stdout: report, rc: 0 } })],
  ['an alert with one line', 'alert.json', JSON.stringify({ alerts: [{ annotations: { description: lines.at(-1) } }] })],
  ['lost line ends', 'chat.txt', `look: ${lines.join(' ')}`],
  ['line ends that became bars', 'chat.txt', lines.join(' | ')],
  ['lone carriage returns', 'old-mac.txt', lines.join('\r')],
  ['a forum that quotes with bars', 'thread.txt', lines.map((line) => `| ${line}`).join('\n')],
]

describe('exports of chats and tickets', () => {
  it.each(exports)('%s: the kill in it is read', async (_, file, text) => {
    expect(await pidsOf(file, text)).toEqual(await pidsOf('dmesg.txt', report))
  })

  it('takes when a person posted it for no time of the kernel', async () => {
    const [incident] = (await reportOf({ 'general.json': slack(report) })).incidents
    expect(incident?.kills[0]?.time).toBeNull()
  })

  it.each([
    ['a string of JSON', 'general.json', slack(`\`\`\`\n${description}\n\`\`\``)],
    ['a bar before each line', 'thread.txt', description.replace(/^/gm, '| ')],
  ])('a description in %s: the death in it is read', async (_, file, text) => {
    const [incident] = (await reportOf({ [file]: text })).incidents
    expect(incident?.kills[0]?.time).toBe('2026-11-24T07:04:29Z')
  })

  it('has no string of a program’s source for a text', async () => {
    const source = `const log = ${JSON.stringify(report)}\nexport { log }\n`
    const { incidents, findings } = await reportOf({ 'fixture.ts': source })
    expect(incidents).toEqual([])
    expect(findings.map(({ id }) => id)).toEqual(['seen-not-understood'])
  })

  it('parts no line at a stamp that stands in a path', async () => {
    const path = `/a ${lines.map((line) => line.replaceAll('\n', ' ')).join(' ')}`
    const hidden = `[   41.000000] Memory cgroup stats for ${path} x`
    expect(await pidsOf('dmesg.txt', `${hidden}\n`)).toEqual([])
  })
})

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')

describe('a picture', () => {
  it.each([
    ['PNG', png],
    ['JPEG', Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), Buffer.alloc(64, 0x41)])],
    ['GIF', Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(64, 0x41)])],
    ['PDF', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(64, 0x41)])],
  ])('%s is said to be one', async (kind, bytes) => {
    const { warnings } = await reportOf({ 'screenshot.bin': bytes })
    expect(warnings.join('\n')).toContain(`a picture or printed page (${kind})`)
  })

  it('is said to be one inside a mail and a page', async () => {
    const part = `Content-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n\n${png.toString('base64')}\n`
    const mail = `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="X"\n\n--X\nContent-Type: text/plain\n\nsee it\n--X\n${part}--X--\n`
    expect((await reportOf({ 'case.eml': mail })).warnings.join('\n')).toContain('case.eml:9: a picture inside (PNG; 1 in all)')
    const page = `<html><img src="data:image/png;base64,${png.toString('base64')}"></html>\n`
    expect((await reportOf({ 'page.html': page })).warnings.join('\n')).toContain('a picture inside (PNG')
  })
})
