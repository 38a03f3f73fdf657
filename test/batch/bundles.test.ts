import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findBundles } from '../../src/batch/bundles.ts'

const root = mkdtempSync(join(tmpdir(), 'bundles-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A folder of files; each holds its own name, so that no two are alike. */
function folder(name: string, files: readonly string[]): string {
  for (const file of files) {
    mkdirSync(dirname(join(root, name, file)), { recursive: true })
    writeFileSync(join(root, name, file), `${name}/${file}`)
  }
  return join(root, name)
}
const namesIn = (path: string): string[] => findBundles([path], join(root, 'out')).bundles.map((b) => b.name)

describe('what a bundle is follows from the tree', () => {
  it.each<[string, string[], string[]]>([
    ['archives called like logs are bundles', ['node-17.tar.gz', 'node-18.tar.gz'], ['node-17.tar.gz', 'node-18.tar.gz']],
    ['a stray log beside archives is one more', ['a.tar.xz', 'b.zip', 'syslog.1'], ['a.tar.xz', 'b.zip', 'syslog.1']],
    ['folders with a log of the same name', ['case-1/dmesg', 'case-2/dmesg', 'syslog.1'], ['case-1', 'case-2', 'syslog.1']],
    ['folders with markers', ['n1/sos_commands/x', 'n2/sos_commands/x', 'messages'], ['messages', 'n1', 'n2']],
    ['logs beside one archive are one bundle', ['kern.log', 'sosreport.tar.xz'], ['']],
    ['rotated and packed logs are one bundle', ['messages', 'messages-20240101.gz', 'kern.log.1.gz'], ['']],
    ['a machine’s tree is one', ['var/log/messages', 'proc/uptime'], ['']],
  ])('%s', (name, files, expected) => {
    const at = folder(name, files)
    expect(namesIn(at)).toEqual(expected.map((e) => (e === '' ? name : `${name}/${e}`)))
  })
})

describe('what is there twice counts once', () => {
  it('links, hard links and copies', () => {
    const at = folder('twice', ['a.tar.gz', 'b.tar.gz'])
    symlinkSync(join(at, 'b.tar.gz'), join(at, 'aa-latest.tar.gz'))
    linkSync(join(at, 'a.tar.gz'), join(at, 'c.tar.gz'))
    writeFileSync(join(at, 'd.tar.gz'), 'twice/b.tar.gz')
    expect(namesIn(at)).toEqual(['twice/a.tar.gz', 'twice/b.tar.gz'])
  })

  it('an archive beside its own extraction', () => {
    const at = folder('beside', ['x.tar.gz', 'x/sos_commands/date', 'y.tar.gz'])
    expect(namesIn(at)).toEqual(['beside/x', 'beside/y.tar.gz'])
  })
})
