import { describe, expect, it } from 'vitest'
import { quotedOf } from '../../../src/render/view/quoted.ts'

const kill = 'Memory cgroup out of memory: Killed process 71 (worker) total-vm:9000kB, anon-rss:8000kB, file-rss:0kB'

describe('a quoted line is taken apart', () => {
  it.each([
    ['dmesg', `[   12.345678] ${kill}`, 'dmesg', '[   12.345678]'],
    ['syslog', `Jun  3 10:11:12 box7 kernel: [   12.345678] ${kill}`, 'syslog-rfc3164', 'Jun  3 10:11:12 box7 kernel: [   12.345678]'],
    ['a format that does not fit', `[   12.345678] ${kill}`, 'kubernetes-yaml', '[   12.345678]'],
    ['a format that nobody knows', `[   12.345678] ${kill}`, null, '[   12.345678]'],
  ])('%s: front and message are the whole line', (_, text, format, stamp) => {
    expect(quotedOf(text, format)).toEqual({ stamp, message: kill, isWhole: true })
  })

  it('a journal’s object: who spoke when, and the message', () => {
    const record = {
      MESSAGE: 'batch.service: Failed with result "oom-kill".',
      _HOSTNAME: 'box7',
      SYSLOG_IDENTIFIER: 'systemd',
      _PID: '1',
      __REALTIME_TIMESTAMP: '1795504417898689',
      PRIORITY: '4',
    }
    expect(quotedOf(JSON.stringify(record), 'journal-json')).toEqual({
      stamp: '2026-11-24 07:13:37.898689 UTC box7 systemd[1]',
      message: record.MESSAGE,
      isWhole: false,
    })
  })

  it.each([
    ['a member of a pretty record', `\t"MESSAGE" : "${kill}",`, 'journal-json-pretty'],
    ['a field of journalctl -o verbose', `    MESSAGE=${kill}`, 'journal-verbose'],
  ])('%s: the message without its key', (_, text, format) => {
    expect(quotedOf(text, format)).toEqual({ stamp: null, message: kill, isWhole: false })
  })

  it.each([
    ['    reason: OOMKilled', 'kubernetes-yaml'],
    ['          "reason": "OOMKilled",', 'kubernetes-json'],
    ['free:12118 free_pcp:0', 'dmesg'],
  ])('%j stays as it is', (text, format) => {
    expect(quotedOf(text, format)).toEqual({ stamp: null, message: text.trim(), isWhole: true })
  })
})
