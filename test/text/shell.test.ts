import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inNamespace, safeCommand, shellWord } from '../../src/text/shell.ts'
import { reportOf } from '../report-of.ts'

describe('a word of a command', () => {
  it('is one word for bash, whatever it is, or refused', () => {
    const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(names, (texts) => {
        const kept = texts.filter((text) => text !== '' && safeCommand(shellWord(text)) !== null)
        const out = execFileSync('bash', ['-c', `printf '%s\\0' ${kept.map(shellWord).join(' ')}`], { env: { LC_ALL: 'C.UTF-8' } })
        expect(out.toString().split('\0').slice(0, -1)).toEqual(kept.length === 0 ? [''] : kept)
      }),
      { numRuns: 20 },
    )
  })

  it('is never an option, and shows what looks like something else', () => {
    for (const text of ['-n', '--kubeconfig=/tmp/x', 'a\nb', 'a\u202eb', '\u0000'])
      expect(safeCommand(`kubectl get ${shellWord(text)}`), JSON.stringify(text)).toBeNull()
    expect(safeCommand(`kubectl${inNamespace('--as=admin')} get pods`)).toBeNull()
    expect(shellWord('c\u0430rt')).toBe("$'c\\u0430rt'")
    expect(shellWord('$(id)')).toBe("'$(id)'")
  })
})

const hostileNames = ['--kubeconfig=/tmp/x', '-oyaml', '$(touch x)', "a'; reboot; '", '`id`', 'a b|c&d', 'p\u0430y']

describe('recommended commands', () => {
  it.each(hostileNames)('hold no option or command that came from a name: %s', async (name) => {
    const status = (n: string): object => ({
      name: n,
      containerID: `containerd://${'a1'.repeat(32)}`,
      restartCount: 3,
      state: { running: { startedAt: '2026-11-24T07:50:40Z' } },
      lastState: {
        terminated: { reason: 'OOMKilled', exitCode: 137, startedAt: '2026-11-24T07:40:00Z', finishedAt: '2026-11-24T07:50:39Z' },
      },
    })
    const pod = (n: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: n,
          namespace: n,
          uid: '0f8e7d6c-0000-4000-8000-000000000001',
          ownerReferences: [{ kind: 'StatefulSet', name: n, controller: true }],
        },
        spec: { nodeName: n, containers: [{ name: n, image: 'i', resources: { limits: { memory: '64Mi' } } }] },
        status: { phase: 'Running', qosClass: 'Burstable', containerStatuses: [status(n)] },
      })
    const report = await reportOf({ 'pods.json': pod(name) })
    const commands = report.incidents.flatMap((i) => [...i.recommendations, ...i.missing].flatMap(({ command }) => command ?? []))
    expect(report.incidents).toHaveLength(1)
    for (const command of commands)
      expect(wordsOf(command).filter((word) => name.startsWith('-') && word.startsWith(name.slice(0, 6)))).toEqual([])
    for (const command of commands)
      if (!command.startsWith('promtool')) expect(unquoted(command), command).not.toMatch(/touch|reboot|\bid\b/)
  })
})

/** Words as a shell would cut them, near enough: quotes kept together. */
const joined = (command: string): string => command.replaceAll(`'\\''`, 'Q')
const wordsOf = (command: string): readonly string[] => joined(command).match(/(?:\$?'[^']*'|"[^"]*"|\\.|[^\s'"])+/g) ?? []
const unquoted = (command: string): string => joined(command).replace(/\$?'[^']*'|"[^"]*"/g, '')
