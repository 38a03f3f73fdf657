import { describe, expect, test } from 'vitest'
import { reportOf } from '../report-of.ts'

const kill = 'Out of memory: Killed process 1234 (java) total-vm:9000kB, anon-rss:800kB, file-rss:4kB, shmem-rss:0kB'
const line = `Nov 24 07:04:29 node7 kernel: [ 8123.100010] ${kill}`
const real =
  'Memory cgroup out of memory: Killed process 28734 (java) total-vm:4122044kB, anon-rss:1046220kB, file-rss:11308kB, shmem-rss:0kB'
const read = async (text: string) => {
  const { incidents, findings } = await reportOf({ 'note.md': text })
  return { kills: incidents.flatMap(({ kills }) => kills).length, isSaid: findings.some(({ id }) => id === 'seen-not-understood') }
}

const earlyoom = 'sending SIGTERM to process 1234 uid 0 "name": badness 300, VmRSS 100 MiB'
const oomd = 'Killed /system.slice/example.service due to memory pressure for /system.slice being 61.10% > 50.00% for > 20s'

describe('a kill line that prose shows as an example is none, and is said', () => {
  test.each([
    `# Understanding the OOM killer\n\nIn the kernel log you will see a message such as:\n\n    ${kill}\n\nThe number is the process id.\n`,
    `Look for a line like this in dmesg:\n\n${kill}\n\nHere total-vm is the virtual size.\n`,
    `## Troubleshooting\n\nThe pod restarts at its limit.\nThe kernel then writes into its log:\n\n\`\`\`\n${line}\n\`\`\`\n\nRaise the limit in values.yaml and apply the chart.\n`,
    `Der Kernel beendet Prozesse. Ein Beispiel aus dem Log:\n\n${kill}\n\nDie Zahl ist die PID.\n`,
    `If memory runs out, the kernel logs entries like\n\n  ${line}\n\nand the service is restarted by systemd.\n`,
    `How it works\n------------\n\nWhen a cgroup is full, the kernel ends a process in it.\nYou will then find in the log:\n\n    ${real}\n`,
    `A kill looks as follows.\n\n${real}\n\nanon-rss is anonymous memory, total-vm the address space.\n`,
    `earlyoom then logs lines like this:\n\n    ${earlyoom}\n\nIf the process does not end, it is killed.\n`,
    `You will see a line such as the following:\n\n    Nov 24 07:04:29 host earlyoom[612]: ${earlyoom}\n\nThe number is the process id.\n`,
    `The system will then log a message like this:\n\n${oomd}\n\nIf that happens, raise the limit.\n`,
    `Das Log zeigt zum Beispiel:\n\n${real}\n\nanon-rss ist der anonyme Speicher.\n`,
  ])('%s', async (text) => {
    expect(await read(text)).toEqual({ kills: 0, isSaid: true })
  })
})

describe('a manual or a project’s page needs no sentence that teaches', () => {
  const section = (title: string, ...lines: readonly string[]): string => `${title}\n${lines.map((own) => `       ${own}\n`).join('')}\n`
  const manual = [section('NAME', 'earlyoom - Early OOM Daemon'), section('SYNOPSIS', 'earlyoom [OPTION]...')]
  test.each([
    ['a manual', [...manual, section('DESCRIPTION', 'It ends processes.', '', `mem avail: 10 of 99 MiB`, earlyoom)].join('')],
    ["the kernel's line in a manual", [...manual, section('EXAMPLES', `[ 8123.100010] ${kill}`)].join('')],
    ["a manual's source", `.TH EARLYOOM 1\n.SH EXAMPLES\n.nf\n${earlyoom}\n.fi\n`],
    ['what a program says of its use', `Usage: earlyoom [OPTION]...\n\n  -m PERCENT\n\nExample:\n  ${earlyoom}\n`],
    [
      'a page with a licence',
      `# Testing\n\nRun it:\n\n    systemd-run stress\n\nand see\n\n    Nov 24 03:14:07 box systemd-oomd[812]: ${oomd}\n\n## License\n\nMIT\n`,
    ],
    ['headings underlined', `Usage\n=====\n\n.. code-block:: text\n\n   ${earlyoom}\n\nOptions\n-------\n\n-m   minimum\n`],
  ])('%s', async (_, text) => {
    expect(await read(text)).toEqual({ kills: 0, isSaid: true })
  })

  test.each([
    [
      'a report with a section for its log',
      `## Steps to reproduce\n\n1. Open tabs.\n\n## Logs\n\n    Nov 24 03:14:07 box earlyoom[812]: ${earlyoom}\n\n## Version\n\n1.8\n`,
    ],
    ['a ticket with a section for its place', `DESCRIPTION\nThe desktop froze.\n\n    ${earlyoom}\n\nENVIRONMENT\nFedora\n`],
    ['a line of its own below a manual', `${manual.join('')}${earlyoom}\n`],
    ['somebody on a page of his', `## Usage\n\n## License\n\nMIT. Here is what killed my browser:\n\n    ${earlyoom}\n`],
    ['one heading that a report may have', `## Installation\n\nfrom the distribution\n\n## Log\n\n    ${earlyoom}\n`],
  ])('but %s does', async (_, text) => {
    expect((await read(text)).kills).toBe(1)
  })
})

test('more lines than an example has are a log, whatever was written about them', async () => {
  const lines = [2101, 2102, 2103, 2104, 2105].map((pid) => kill.replace('1234', String(pid)))
  const text = `The kernel will then log lines like these:\n\n${lines.join('\n')}\n\nThe number is the process id.\n`
  expect((await read(text)).kills).toBe(5)
})

describe('what happened to somebody is a kill', () => {
  test.each([
    `Our web service died tonight. dmesg says:\n\n${kill}\n\nCan somebody look at it?\n`,
    `# Incident 4711\n\n## Timeline\n\n07:04 web-1 was restarted.\n\n\`\`\`\n${line}\n\`\`\`\n\nThe limit was raised.\n`,
    `I am seeing messages like this on node7:\n\n${line}\n`,
    `Seit gestern stirbt unser Dienst, im Log steht zum Beispiel:\n\n${line}\n`,
    `### Bug report\n\nThe agent gets killed under load.\n\n${line}\n\nKernel 5.15, Ubuntu 22.04.\n`,
    `### Describe the bug\n\nThe agent gets killed under load.\nMemory grows until the limit.\nThe host has 8 GiB.\n\n### Log output\n\n${real}\n`,
    `## Steps to reproduce\n\n1. Set the limit to 1Gi.\n2. Load the large file.\n3. You will see the kill:\n\n${real}\n\n## Expected result\n\nThe import finishes.\n`,
    `When the load rises, the worker dies.\nThe kernel logs messages like this one:\n\n${real}\n`,
    `# Segnalazione\n\nIl database si ferma.\nIl servizio riparte da solo.\nAd esempio:\n\n${real}\n`,
    `Analysis\n========\n\nThe container has one process.\nanon-rss is 1.0 GiB of 1 GiB.\nIf the cache is disabled, it stays.\n\n${real}\n`,
    `${kill}\n\nThe number is the process id.\nIf memory is short, a process is ended.\n`,
    `Tonight the desktop froze, and then:\n\nearlyoom[612]: ${earlyoom}\n\nWhat can I do?\n`,
    `The importer is killed, for example:\n\n${line}\n\nOnly node7 shows it.\n`,
  ])('%s', async (text) => {
    expect(await read(text)).toEqual({ kills: 1, isSaid: false })
  })
})
