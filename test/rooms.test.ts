import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { lintRules, table } from '../scripts/write-rooms.mjs'

const probes = 'src/kube/probe'
afterAll(() => rmSync(probes, { recursive: true, force: true }))

it('lint rules and the map say what src/rooms.json says (npm run rooms)', () => {
  expect(readFileSync('biome.rooms.json', 'utf8')).toBe(lintRules())
  const readme = readFileSync('src/README.md', 'utf8')
  expect(table(readme)).toBe(readme)
})

const refused = {
  'upward.ts': ["import { diagnose } from '../../rules/index.ts'\nexport const x = diagnose\n", 'noRestrictedImports'],
  'node.ts': ["import { readFileSync } from 'node:fs'\nexport const x = readFileSync\n", 'noRestrictedImports'],
  'global.ts': ["export const x = Buffer.from('')\n", 'noRestrictedGlobals'],
  'circle.ts': ["import { b } from './back.ts'\nexport const a = b\n", 'noImportCycles'],
  'back.ts': ["import { a } from './circle.ts'\nexport const b = a\n", 'noImportCycles'],
} as const

it('upward imports, Node in the core and cycles are refused', () => {
  mkdirSync(probes, { recursive: true })
  for (const [name, [text]] of Object.entries(refused)) writeFileSync(`${probes}/${name}`, text)
  const { stderr } = spawnSync('node_modules/.bin/biome', ['lint', '--colors=off', probes], { encoding: 'utf8' })
  for (const [name, [, rule]] of Object.entries(refused)) expect(stderr).toMatch(new RegExp(`${name}\\S* lint/\\w+/${rule} `))
})

it('every room of the house is in the data', () => {
  const { rooms } = JSON.parse(readFileSync('src/rooms.json', 'utf8')) as { rooms: readonly { room: string }[] }
  const there = readdirSync('src', { withFileTypes: true }).map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  const others = ['README.md', 'rooms.json', 'cli.ts', 'version.ts']
  expect(rooms.map(({ room }) => room).sort()).toEqual(there.filter((name) => !others.includes(name)).sort())
})
