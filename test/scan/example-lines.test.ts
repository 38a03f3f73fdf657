import { describe, expect, test } from 'vitest'
import { reportOf } from '../report-of.ts'

const kill = 'Out of memory: Killed process 1234 (java) total-vm:9000kB, anon-rss:800kB, file-rss:4kB, shmem-rss:0kB'
const line = `Nov 24 07:04:29 node7 kernel: [ 8123.100010] ${kill}`
const read = async (text: string) => {
  const { incidents, findings } = await reportOf({ 'note.md': text })
  return { kills: incidents.flatMap(({ kills }) => kills).length, isSaid: findings.some(({ id }) => id === 'seen-not-understood') }
}

describe('a kill line that prose shows as an example is none, and is said', () => {
  test.each([
    `# Understanding the OOM killer\n\nIn the kernel log you will see a message such as:\n\n    ${kill}\n\nThe number is the process id.\n`,
    `Look for a line like this in dmesg:\n\n${kill}\n\nHere total-vm is the virtual size.\n`,
    `## Troubleshooting\n\nThe pod restarts at its limit.\nThe kernel then writes into its log:\n\n\`\`\`\n${line}\n\`\`\`\n\nRaise the limit in values.yaml and apply the chart.\n`,
    `Der Kernel beendet Prozesse. Ein Beispiel aus dem Log:\n\n${kill}\n\nDie Zahl ist die PID.\n`,
    `If memory runs out, the kernel logs entries like\n\n  ${line}\n\nand the service is restarted by systemd.\n`,
  ])('%s', async (text) => {
    expect(await read(text)).toEqual({ kills: 0, isSaid: true })
  })
})

describe('what happened to somebody is a kill', () => {
  test.each([
    `Our web service died tonight. dmesg says:\n\n${kill}\n\nCan somebody look at it?\n`,
    `# Incident 4711\n\n## Timeline\n\n07:04 web-1 was restarted.\n\n\`\`\`\n${line}\n\`\`\`\n\nThe limit was raised.\n`,
    `I am seeing messages like this on node7:\n\n${line}\n`,
    `Seit gestern stirbt unser Dienst, im Log steht zum Beispiel:\n\n${line}\n`,
    `### Bug report\n\nThe agent gets killed under load.\n\n${line}\n\nKernel 5.15, Ubuntu 22.04.\n`,
  ])('%s', async (text) => {
    expect(await read(text)).toEqual({ kills: 1, isSaid: false })
  })
})
