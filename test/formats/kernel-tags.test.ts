import { expect, test } from 'vitest'
import { readSyslogHead } from '../../src/formats/syslog-line.ts'

const head = (tag: string) => readSyslogHead(`Nov 24 07:04:29 node7 ${tag} Mem-Info:`)

test.each(['kernel:', 'KERNEL:', 'kern:', '/kernel:', 'vmunix:', 'kern.warn:', 'user.warn:', 'user.warning:'])(
  '%s may be the kernel, as anybody may say',
  (tag) => {
    expect(head(tag)).toMatchObject({ host: 'node7', identifier: 'kernel', pid: null, writer: 'unknown' })
  },
)

test.each(['kernel-exporter:', 'kernd:', 'local0.warn:', 'user.warnings:', 'app/kernel:'])('%s is a program', (tag) => {
  expect(head(tag)).toMatchObject({ writer: 'userspace' })
})

test.each(['vmunix[12]:', 'KERNEL[12]:'])('%s has a pid, as no kernel has', (tag) => {
  expect(head(tag)).toMatchObject({ pid: 12, writer: 'userspace' })
})
