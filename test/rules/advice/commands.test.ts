import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../../../src/index.ts'
import { filesBelow } from '../../corpus.ts'
import { diagnose } from '../make-incident.ts'
import { cases } from '../root-cause-cases.ts'

/** Every command that any sample or made-up incident is given: a shell must read it, kubectl must take it. */
const samples = fileURLToPath(new URL('../../../samples/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'commands-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const commands = new Set<string>()
beforeAll(async () => {
  for (const [, gives] of cases)
    for (const incident of gives) {
      const { recommendations, missing } = diagnose(incident)
      for (const { command } of [...recommendations, ...missing]) if (command !== null) commands.add(command)
    }
  for (const name of filesBelow(samples).filter((one) => !/README\.md$|\.mjs$/.test(one))) {
    const { report } = await analyze([join(samples, name)])
    for (const { recommendations, missing } of report.incidents)
      for (const { command } of [...recommendations, ...missing]) if (command !== null) commands.add(command)
  }
}, 300_000)

test('are read by a shell', () => {
  expect(commands.size).toBeGreaterThan(50)
  const wrong = [...commands].filter((command) => {
    const path = join(folder, 'one.sh')
    writeFileSync(path, `${command}\n`)
    return spawnSync('bash', ['-n', path]).status !== 0
  })
  expect(wrong).toEqual([])
})

const hasKubectl = spawnSync('bash', ['-c', 'kubectl version --client']).status === 0
const APIS: Readonly<Record<string, string>> = { cronjob: 'batch/v1' }

/** A manifest that has what the command names: kind, name and container. */
function manifestFor(kind: string, name: string, container: string): string {
  const template = { metadata: { labels: { app: 'x' } }, spec: { restartPolicy: 'Always', containers: [{ name: container, image: 'x' }] } }
  const kinds: Readonly<Record<string, string>> = {
    deployment: 'Deployment',
    statefulset: 'StatefulSet',
    daemonset: 'DaemonSet',
    cronjob: 'CronJob',
    replicaset: 'ReplicaSet',
  }
  const spec =
    kind === 'cronjob'
      ? { schedule: '* * * * *', jobTemplate: { spec: { template } } }
      : { selector: { matchLabels: { app: 'x' } }, template }
  return JSON.stringify({ apiVersion: APIS[kind] ?? 'apps/v1', kind: kinds[kind], metadata: { name }, spec })
}

describe.skipIf(!hasKubectl)('are taken by kubectl', () => {
  test('set resources and set env change what they name', () => {
    const setting = /^kubectl set (?<what>resources|env)(?: -n \S+)? (?<kind>[a-z]+)\/(?<name>[\w.-]+) -c (?<container>[\w-]+) (?<rest>.+)$/
    // a limit and the heap below it are set by two of them in one line
    const single = [...commands].flatMap((command) => command.split(' && '))
    const found = single.map((command) => setting.exec(command)?.groups ?? null).filter((groups) => groups !== null)
    expect(found.length).toBeGreaterThan(2)
    for (const { what = '', kind = '', name = '', container = '', rest = '' } of found) {
      const path = join(folder, 'manifest.json')
      writeFileSync(path, manifestFor(kind, name, container))
      const command = `kubectl set ${what} --local -f ${path} -c ${container} ${rest} -o json`
      const out = execFileSync('bash', ['-c', command], { encoding: 'utf8' })
      expect(out, command).toContain(what === 'env' ? '"env"' : '"limits"')
    }
  })
})
