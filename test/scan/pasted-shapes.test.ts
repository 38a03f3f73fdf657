import { describe, expect, test } from 'vitest'
import { reportOf } from '../report-of.ts'

const group = '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod6d2c0a11_9b7e_4f21_8a54_2f7c01be9d10.slice'
const container = `${group}/cri-containerd-9a1fbb2c0d3e4455667788990011223344556677889900112233445566778899.scope`
const summary = `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${container},task_memcg=${container},task=ledger,pid=48213,uid=1000`
const kill =
  'Memory cgroup out of memory: Killed process 48213 (ledger) total-vm:3912044kB, anon-rss:1046220kB, file-rss:11308kB, shmem-rss:0kB, UID:1000 pgtables:2412kB oom_score_adj:968'
const reaper = 'oom_reaper: reaped process 48213 (ledger), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB'
const lines = [summary, kill, reaper]
const ctime = lines.map((line) => `[Tue Nov 24 07:04:29 2026] ${line}`)
const dmesg = lines.map((line, at) => `[ 8123.${String(at * 10).padStart(6, '0')}] ${line}`)

const behind = (front: string, own = lines): string => own.map((line) => `${front}${line}\n`).join('')
const each = (make: (line: string, at: number) => string, own = lines): string => own.map((line, at) => `${make(line, at)}\n`).join('')
const join = (own: readonly string[], by = '\n'): string => own.join(by)

/** As people hold them in their hands; each is one death, with all that its lines tell. */
const whole: Readonly<Record<string, string>> = {
  'a terminal with borders': `┌────────────┐\n${each((line) => `│ ${line} │`, ctime)}└────────────┘\n`,
  'two panes side by side': each((line) => `${line}│ top - 07:04:31 up 3 days`, ctime),
  'numbered by a viewer': each((line, at) => `${String(at + 41).padStart(3)}  ${line}`, ctime),
  'forum code': `[quote="admin"]hello[/quote]\n[code]${join(ctime)}[/code]\nAny idea?\n`,
  'forum code on lines of its own': `[code]\n${join(ctime)}\n[/code]\n`,
  'Jira noformat': `{noformat}\n${join(ctime)}\n{noformat}\nh3. Next\n`,
  'Jira code': `{code:java|title=dmesg}${join(ctime)}{code}\n`,
  'quoted in a list': `- seen on node:\n  > ${join(ctime, '\n  > ')}\n`,
  'cells of Markdown': `| time | msg |\n|---|---|\n${each((line) => `| 07:04:29 | ${line} |`)}`,
  'indented by a mail program': `From: Jan\nSent: Tuesday, November 24, 2026 8:12 AM\nSubject: RE: kill\n\n\t${join(ctime, '\n\t')}\n\nMit freundlichen Grüßen\n`,
  'a Windows console': `C:\\Users\\jan> plink root@node7 dmesg -T\r\n${join(ctime, '\r\n')}\r\n`,
  'dmesg -H': `[Nov24 07:04] ${summary}\n[  +0.000041] ${kill}\n[  +0.012202] ${reaper}\n`,
  'dmesg -x': each((line, at) => `kern  :${['info', 'err', 'info'][at]?.padEnd(6)}: ${line}`, dmesg),
  'dmesg -r': each((line, at) => `<${[6, 3, 6][at]}>${line}`, dmesg),
  'German months': behind('24. Nov 07:04:29 node7 kernel: '),
  'German months with a dot': behind('Nov. 24 07:04:29 node7 kernel: '),
  'German March': behind('Mär 24 07:04:29 node7 kernel: ', dmesg),
  'German October': behind('Okt 24 07:04:29 node7 kernel: '),
  'French months': behind('24 févr. 07:04:29 node7 kernel: '),
  'French dmesg -T': behind('[mar. nov. 24 07:04:29 2026] '),
  'German dmesg -T': behind('[Di Nov 24 07:04:29 2026] '),
  'Japanese months': behind('11月 24 07:04:29 node7 kernel: '),
  'Japanese dmesg -T': behind('[火 11月 24 07:04:29 2026] '),
  'Japanese dates': behind('2026/11/24(火) 07:04:29 node7 kernel: '),
  'Chinese dates': behind('2026年11月24日 07:04:29 node7 kernel: '),
  'serial over LAN': `[SOL Session operational.  Use ~? for help]\n\n${join(dmesg)}\nnode7 login: `,
  'extended netconsole': each((line, at) => `6,${900 + at},8123${String(at * 10).padStart(6, '0')},-;${line}`),
  'netconsole with its sender': behind('2026-11-24 07:04:29 10.0.0.7:6665 ', dmesg),
  'a hypervisor': behind('2026-11-24T07:04:29.123Z| vcpu-0| I005: Guest: <6>', dmesg),
  'CloudWatch as a table': `timestamp,message\n${each((line, at) => `179550386900${at},"${line}"`, dmesg)}`,
  'CloudWatch Insights': `|          @timestamp          |  @message  |\n|------------------------------|-----------|\n${each((line, at) => `| 2026-11-24 07:04:29.00${at}      | ${line} |`, dmesg)}`,
  logcli: behind('2026-11-24T07:04:29Z {job="systemd-journal", node="node7", transport="kernel"} '),
  'Kibana as a table': `"@timestamp","host.name",message\n${each((line) => `"Nov 24, 2026 @ 07:04:29.123","node7","${line}"`)}`,
  'Splunk as a table': `"_time","host","_raw"\n${each((line) => `"2026-11-24T07:04:29.000+0000","node7","Nov 24 07:04:29 node7 kernel: ${line}"`)}`,
  'Datadog as a table': `Date,Host,Service,Message\n${each((line) => `"2026-11-24T07:04:29.123Z","node7","kernel","${line}"`)}`,
  'Azure as a table': `TimeGenerated [UTC],Computer,Facility,SeverityLevel,SyslogMessage\n${each((line) => `"11/24/2026, 7:04:29.123 AM",aks-n1,kern,err,"${line}"`)}`,
  'journalctl -o with-unit': behind('Tue 2026-11-24 07:04:29 UTC node7 kernel: '),
  'journalctl -o short-iso-precise': behind('2026-11-24T07:04:29.123456+0100 node7 kernel: '),
  'pages of a PDF': `Incident report                  Page 3 of 7\n\n${join(ctime)}\n\n\fIncident report                  Page 4 of 7\n`,
  'colours as carets': each((line) => `^[[32m${line}^[[0m`, dmesg),
  'colours without their escapes': each((line) => `[32m${line}[0m`, dmesg),
  'newest first': join([...dmesg].reverse()),
  'kubectl debug': `$ kubectl debug node/n7 -it --image=busybox -- chroot /host dmesg\nCreating debugging pod node-debugger-n7-abcde with container debugger on node n7.\n${join(dmesg)}\n`,
  'Ansible output': `ok: [node7] => {\n    "out.stdout_lines": [\n${dmesg.map((line) => `        "${line}"`).join(',\n')}\n    ]\n}\n`,
  'Salt output': `node7:\n${behind('    ', dmesg)}`,
  'a Python logger': behind('INFO:root:'),
  emojis: behind('🔥 ', dmesg),
  'a block of YAML': `incident:\n  log: |\n${behind('    ', dmesg)}`,
  'JSON in JSON': `${JSON.stringify({ body: JSON.stringify({ log: join(ctime) }) })}\n`,
  'grep with numbers': each(
    (line, at) => `/var/log/kern.log${at === 1 ? ':' : '-'}${100 + at}${at === 1 ? ':' : '-'}Nov 24 07:04:29 node7 kernel: ${line}`,
  ),
  zgrep: behind('kern.log.2.gz:Nov 24 07:04:29 node7 kernel: '),
  'cells of a spreadsheet': behind('Nov 24 07:04:29\tnode7\tkernel\t'),
  bullets: behind(' * ', dmesg),
  hashes: behind('#### ', dmesg),
  'lines that a comparison added': behind('+', dmesg),
  'lines that a comparison lacks': behind('< ', dmesg),
  'all on one line': `${join(lines, ' ')}\n`,
  'all on one line with stamps': `${join(dmesg, ' | ')}\n`,
  'other blanks': each((line) => line.replaceAll(' ', '\u00a0'), ctime),
  'blanks of no width': each((line) => line.replaceAll(',', ',\u200b'), ctime),
}

describe('one death in the shapes in which people have it', () => {
  test.each(Object.entries(whole))('%s', async (_, text) => {
    const { incidents, findings } = await reportOf({ 'paste.txt': text })
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.kills).toHaveLength(1)
    expect(incidents[0]?.kills[0]?.victim).toMatchObject({ pid: 48213, comm: 'ledger', uid: 1000, oomScoreAdj: 968, memcg: container })
    expect(incidents[0]?.kills[0]?.memcg?.path).toBe(container)
    expect(incidents[0]?.diagnosis.limit.id).toMatch(/^(?:container|pod)-limit$/)
    expect(findings.map(({ id }) => id)).not.toContain('seen-not-understood')
  })
})

describe('what cannot be read as a report is said', () => {
  test.each<[string, string]>([
    ['in a sentence', `Yesterday our ledger died with "${kill}" in dmesg.\n`],
    ['a patch', `diff --git a/test/oom.txt b/test/oom.txt\n+++ b/test/oom.txt\n@@ -0,0 +1,3 @@\n+${join(ctime, '\n+')}\n`],
    ['a picture read by a machine', `[Tue Nov 24 07:04:29 2026] ${kill.replace('Killed', 'KiIIed')}\n`],
    ['comments', behind('# ', dmesg)],
    ['a comment of a program', `/*\n${behind(' * ', dmesg)} */\n`],
    ['a flag of somebody’s tool', 'container=web WasOOMKilled=true exit=137\n'],
    ['an alert', '[FIRING:1] KubePodOOMKilled (shop/web-1 app critical)\n'],
    ['broken in its words and cut', 'Nov 24 07:04:29 app7 kernel: Out of memory: Kil\nled process 9 (x) total-vm:1kB\n'],
    ['the choice alone, cut', 'kernel: Kill process 9 (x)\n'],
    ['the reaper without its name', 'saw reaped process 9 (x), now anon-rss:0kB\n'],
  ])('%s', async (_, text) => {
    const { incidents, findings } = await reportOf({ 'paste.txt': text })
    expect(incidents.flatMap((i) => i.kills)).toEqual([])
    expect(findings.map(({ id }) => id)).toContain('seen-not-understood')
  })
})

test('a row whose columns are elsewhere is read by its words', async () => {
  const row = `3m          Warning   OOMKilling  node/n7                 kernel-monitor, n7   ${kill}   3m   1   n7.17a`
  const heads = 'LAST SEEN   TYPE      REASON      OBJECT      SUBOBJECT   SOURCE   MESSAGE   FIRST SEEN   COUNT   NAME'
  const { incidents } = await reportOf({ 'paste.txt': `${heads}\n${row}\n` })
  expect(
    incidents.flatMap((i) => i.kills.map(({ victim, evidence }) => [victim.pid, victim.comm, evidence.map(({ line }) => line)])),
  ).toEqual([[48213, 'ledger', [2]]])
})

describe('what tells of a death that no kernel line tells of', () => {
  const state = {
    Status: 'exited',
    Running: false,
    OOMKilled: true,
    Dead: false,
    Pid: 0,
    ExitCode: 137,
    FinishedAt: '2026-11-24T07:04:29Z',
  }
  const status = `status:
  containerStatuses:
  - name: app
    restartCount: 3
    lastState:
      terminated:
        exitCode: 137
        reason: OOMKilled
        finishedAt: "2026-11-24T07:04:29Z"
`
  test.each<[string, string]>([
    ['a board of k9s', ' shop   ledger-6d5f7c9b8d-x2x4z   ●  0/1   OOMKilled   4 10.0.0.12  n7    3d\n'],
    ['a board in its frame', '│ shop   ledger-6d5f7c9b8d-x2x4z   ●  0/1   OOMKilled   4   0   0 │\n'],
    ['a pane of Lens', 'Last Status\nterminated\nReason: OOMKilled - exit code: 137\nFinished at: 2026-11-24T07:04:29Z\n'],
    ['docker’s state, indented', `${JSON.stringify(state, null, 4)}\n`],
    ['docker’s state on a line', `$ docker inspect web --format '{{json .State}}'\n${JSON.stringify(state)}\n`],
    [
      'docker’s state inside its inspection',
      `        "State": {\n            "OOMKilled": true,\n            "ExitCode": 137\n        },\n`,
    ],
    ['what grep left of it', '$ docker inspect web | grep -i oom\n            "OOMKilled": true,\n            "OomScoreAdj": 0,\n'],
    ['a Pod without its specification', `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-1\n  namespace: shop\n${status}`],
    ['a Pod of which only the status is left', `apiVersion: v1\nkind: Pod\n${status}`],
    [
      'a map as Go prints it',
      'map[terminated:map[exitCode:137 finishedAt:2026-11-24T07:04:29Z message:ran out of memory reason:OOMKilled]]\n',
    ],
  ])('%s is one kill', async (_, text) => {
    const { incidents } = await reportOf({ 'paste.txt': text })
    expect(incidents.flatMap(({ kills }) => kills)).toHaveLength(1)
    expect(incidents[0]?.kills[0]).toMatchObject({ killer: 'kernel', victim: { pid: null } })
  })

  test.each(['"OOMKilled": false, "ExitCode": 137', 'map[terminated:map[exitCode:137 reason:Error]]', 'Reason: Error - exit code: 137'])(
    'none in %s',
    async (text) => {
      expect((await reportOf({ 'paste.txt': `${text}\n` })).incidents).toEqual([])
    },
  )
})
