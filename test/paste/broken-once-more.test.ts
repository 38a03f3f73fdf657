import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

const kill =
  'Memory cgroup out of memory: Killed process 7712 (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB'
const killsIn = async (text: string) => (await readPaste(text)).incidents.flatMap(({ kills }) => kills)
const findingsIn = async (text: string): Promise<string[]> => (await readPaste(text)).findings.map(({ id }) => id)

describe('marks of chats and wikis around a line', () => {
  test.each([
    ['a fence on the same line', `\`\`\`Nov 24 03:14:07 n1 kernel: ${kill}\`\`\`\n`],
    ["Jira's typewriter letters in a table", `|| time || line ||\n| 24/Nov/26 3:14 AM | {{${kill}}} |\n`],
    [
      'a message of an export',
      JSON.stringify([{ user: 'U02', type: 'message', ts: '1795492327.000200', text: `on n1:\n\`\`\`${kill}\`\`\`` }], null, 1),
    ],
  ])('%s', async (_, text) => {
    const [found, ...more] = await killsIn(text)
    expect(more).toEqual([])
    expect(found?.victim).toMatchObject({ pid: 7712, comm: 'indexer', anonRssBytes: 512044 * 1024 })
  })

  test("a template's braces hold no line", async () => {
    expect(await killsIn('summary: "{{ $labels.pod }} OOMKilled"\n')).toEqual([])
  })

  test('the first line of what a fence holds is of its report', async () => {
    const lines = ['indexer invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984', kill]
    const text = `got this:\n\`\`\`${lines.map((line) => `Nov 24 03:14:07 n1 kernel: ${line}`).join('\n')}\`\`\``
    const [found] = await killsIn(JSON.stringify([{ user: 'U02', type: 'message', ts: '1795492327.000200', text }]))
    expect(found?.trigger).toMatchObject({ comm: 'indexer' })
  })
})

test.each(['24. Nov. 2026 03:14:07', '24. November 2026 03:14:07', '24 nov. 2026 03:14:07', '24. Nov 03:14:07', '24 août 2026 03:14:07'])(
  'a day before a month, with full stops, is a time: %s',
  async (stamp) => {
    const [found] = await killsIn(`${stamp} n7 kernel: ${kill}\n`.repeat(2))
    expect(found).toMatchObject({ localTime: stamp, victim: { pid: 7712 } })
  },
)

test("a vendor's marks behind the kernel's clock are a front, and no host", async () => {
  const lines = [
    'swapd invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
    'Mem-Info:',
    kill.replace('Memory cgroup out', 'Out'),
  ]
  const text = lines.map((line, at) => `<4>[  812.00000${at}] .(${at})[71:kswapd0]${line}\n`).join('')
  const { incidents } = await readPaste(text)
  expect(incidents).toMatchObject([{ host: null, kills: [{ uptimeSeconds: 812.000002, victim: { pid: 7712, comm: 'indexer' } }] }])
})

test("a console's output as EC2's API gives it, in base64", async () => {
  const Output = btoa(`[   11.000001] systemd[1]: Started.\r\n[   12.000001] ${kill}\r\n`)
  const [found, ...more] = await killsIn(
    JSON.stringify({ InstanceId: 'i-0a1b2c3d4e5f67890', Output, Timestamp: '2026-11-24T03:20:00.000Z' }),
  )
  expect(more).toEqual([])
  expect(found).toMatchObject({ uptimeSeconds: 12.000001, victim: { pid: 7712 } })
})

describe('rows of kubectl', () => {
  const head = 'NAME                        READY   STATUS      RESTARTS     AGE\n'
  test.each([
    ['of get all', `${head}pod/cart-7d9c5b6f4d-x8k2p   0/1     OOMKilled   3 (2m ago)   10m\n`],
    ['of get all, without a header', 'pod/cart-7d9c5b6f4d-x8k2p   0/1   OOMKilled   3 (2m ago)   10m\n'],
  ])('%s', async (_, text) => {
    const { incidents } = await readPaste(text)
    expect(incidents).toMatchObject([{ workload: { pod: 'cart-7d9c5b6f4d-x8k2p' }, kills: [{ victim: { pid: null } }] }])
  })

  test('of a watch: each death is one, however often its row is printed', async () => {
    const row = (status: string, restarts: string): string =>
      `cart-7d9c5b6f4d-x8k2p       0/1     ${status.padEnd(10)}  ${restarts.padEnd(11)}  5m\n`
    const text = [
      head,
      row('OOMKilled', '0'),
      row('Running', '1 (2s ago)'),
      row('OOMKilled', '1 (9s ago)'),
      row('OOMKilled', '1 (14s ago)'),
    ]
    expect(await killsIn(text.join(''))).toHaveLength(2)
  })

  test('of events whose blanks were lost: an empty cell shifts nothing', async () => {
    const text = `LASTSEEN   FIRSTSEEN   COUNT     NAME                                  KIND      SUBOBJECT   TYPE      REASON      SOURCE         MESSAGE
3m  3m  1  worker-3.1580b2f4d0a1b2c3  Node  Warning  SystemOOM  kubelet, worker-3  System OOM encountered, victim process: indexer, pid: 7712
`
    expect(await readPaste(text)).toMatchObject({ incidents: [{ host: 'worker-3', kills: [{ victim: { pid: 7712, comm: 'indexer' } }] }] })
  })
})

describe("a kubelet's word of a machine", () => {
  const told = 'System OOM encountered, victim process: indexer, pid: 7712'
  test('by itself', async () => {
    const { incidents } = await readPaste(`${told}\n`)
    expect(incidents).toMatchObject([
      { kills: [{ victim: { pid: 7712, comm: 'indexer' } }], diagnosis: { consequence: { confidence: 'medium' } } },
    ])
  })

  test("in a console's list", async () => {
    const { incidents } = await readPaste(`Node N worker-3\nNov 24, 2026, 3:14 AM\nGenerated from kubelet on worker-3\n${told}\n`)
    expect(incidents).toMatchObject([{ host: 'worker-3', kills: [{ victim: { pid: 7712 } }] }])
  })

  test('in a sentence is said', async () => {
    const text = `The event was "${told}", and then nothing.\n`
    expect(await killsIn(text)).toEqual([])
    expect(await findingsIn(text)).toContain('seen-not-understood')
  })

  test("beside the kernel's own line in another event, which has the figures", async () => {
    const text = `Events:
  Type     Reason      Age    From            Message
  ----     ------      ----   ----            -------
  Warning  SystemOOM   4m13s  kubelet         ${told}
  Warning  OOMKilling  4m13s  kernel-monitor  ${kill}
`
    const [found, ...more] = await killsIn(text)
    expect(more).toEqual([])
    expect(found).toMatchObject({ constraint: 'memcg', victim: { pid: 7712, anonRssBytes: 512044 * 1024 } })
  })
})

test('a log of two columns is no panel of figures', async () => {
  const [found, ...more] = await killsIn(`"Time","Line"\n1795490047000,"Nov 24 03:14:07 n1 kernel: ${kill}"\n`)
  expect(more).toEqual([])
  expect(found?.victim).toMatchObject({ pid: 7712, comm: 'indexer' })
})
