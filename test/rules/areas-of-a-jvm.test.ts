import { expect, test } from 'vitest'
import { reportOfFiles } from './report-of-lines.ts'

/** What ran out of a JVM is named by what it was: only a heap is told of heap flags and heap dumps. */
const of = async (words: string) =>
  await reportOfFiles({
    'app.log': `2026-11-24T12:00:00Z app-1 java[100]: Exception in thread "main" java.lang.OutOfMemoryError: ${words}\n`,
  })

test.each([
  ['Java heap space', 'heap', 'jcmd PID GC.class_histogram|HeapDumpOnOutOfMemoryError'],
  ['GC overhead limit exceeded', 'heap', 'HeapDumpOnOutOfMemoryError'],
  ['Metaspace', 'Metaspace', '-XX:MaxMetaspaceSize'],
  ['Compressed class space', 'Metaspace', 'VM.classloader_stats'],
  ['Direct buffer memory', 'direct buffer memory', '-XX:MaxDirectMemorySize'],
  ['Cannot reserve 8192 bytes of direct buffer memory (allocated: 1048000, limit: 1048576)', 'direct buffer memory', 'VM.native_memory'],
])('%s', async (words, area, advice) => {
  const [incident] = (await of(words)).incidents
  expect(incident?.headline).toContain(`A JVM on app-1 ran out of its own ${area} at`)
  expect(incident?.diagnosis.limit.statement).toContain(`The JVM ran out of its own ${area}`)
  expect(incident?.rootCause.statement).toContain(`The ${area} of the JVM`)
  const advised = JSON.stringify(incident?.recommendations)
  expect(advised).toMatch(new RegExp(advice))
  expect(advised.includes('HeapDump')).toBe(area === 'heap')
})

test.each([
  'unable to create native thread: possibly out of memory or process/resource limits reached',
  'unable to create new native thread',
])('%s is a limit of processes, no memory', async (words) => {
  const { incidents, findings } = await of(words)
  expect(incidents).toEqual([])
  expect(findings.map(({ statement }) => statement)).toEqual([
    '1 line of jvm speak of a thread that could not be made, mostly for a limit of processes (pids.max, ulimit -u), not of memory, and nothing was killed for it.',
  ])
})
