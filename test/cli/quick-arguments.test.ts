import { expect, test } from 'vitest'
import yargs from 'yargs'
import type { AnalyzeArguments } from '../../src/cli/analyze-arguments.ts'
import { analyzeCommand } from '../../src/cli/analyze-command.ts'
import { quickArguments } from '../../src/cli/quick-arguments.ts'

/** What yargs makes of a command line. */
async function slowly(args: readonly string[]): Promise<AnalyzeArguments> {
  const seen: AnalyzeArguments[] = []
  const command = { ...analyzeCommand(() => {}), handler: (argv: AnalyzeArguments) => void seen.push(argv) }
  await yargs([...args])
    .command(command as never)
    .strict()
    .exitProcess(false)
    .parseAsync()
  const [first] = seen
  if (first === undefined) throw new Error('not parsed')
  return first
}

test.each([
  'a.log',
  'a.log b.tar.gz /var/log/012',
  '1234 5e3 true',
  'a.log --json',
  'a.log --format json -q',
  '--format=html a.log -o x.html -o json:y --redact',
  '-f text a.log --ascii --mermaid --debug --verbose',
  'a.log -o out.md b.log',
  'a.log --timezone +05:30 --year 2024 --since 2024-05-03 --until=2024-05-04T00:00:00Z --exit-code',
  'a.log --input-format dmesg --template t.hbs --show-command-lines',
  'a.log --host n1 --namespace n --pod p --limit container-limit --consumer shared-memory',
])('%s', async (line) => {
  const args = ['analyze', ...line.split(' ')]
  const quick = quickArguments(args)
  if (quick === null) throw new Error('left to yargs')
  expect(await slowly(args)).toMatchObject(JSON.parse(JSON.stringify(quick)))
  const slow = (await slowly(args)) as unknown as Record<string, unknown>
  for (const [name, value] of Object.entries(quick)) expect(slow[name], name).toEqual(value)
})

test.each([
  '--help',
  'analyze',
  'analyze --help',
  'analyze a.log --no-color',
  'analyze a.log --jsn',
  'analyze a.log --json=false',
  'analyze a.log --json false',
  'analyze a.log --format',
  'analyze a.log --format --json',
  'analyze a.log --format md --format json',
  'analyze a.log -qv',
  'analyze a.log -- -b',
  'batch a',
  'analyze a.log -f=json',
])('leaves to yargs: %s', (line) => {
  expect(quickArguments(line.split(' '))).toBeNull()
})
