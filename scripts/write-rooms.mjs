// Writes what `src/rooms.json` says where it is needed: the lint rules (`biome.rooms.json`) and the table in `src/README.md`.
// Run with: npm run rooms
import { readFileSync, writeFileSync } from 'node:fs'

const at = (name) => new URL(`../${name}`, import.meta.url)

/** Each room with those below it, which it may not import. (`index.ts` cannot be told from the rooms' own by its name.) */
function roomsOf() {
  const { rooms } = JSON.parse(readFileSync(at('src/rooms.json'), 'utf8'))
  return rooms.map((room, i) => ({
    ...room,
    below: rooms
      .slice(i + 1)
      .map((other) => other.room)
      .filter((other) => other !== 'index.ts'),
  }))
}

const patternOf = (room) => (room.endsWith('/') ? `**/${room}**` : `**/${room}`)
const filesOf = (room) => (room.endsWith('/') ? `src/${room}**` : `src/${room}`)

function restrict({ room, below, only }) {
  const alone = only?.length === 0 ? [{ group: ['../*', '../**'], message: `${room} imports nothing but itself` }] : []
  const upward =
    below.length === 0 ? [] : [{ group: below.map(patternOf), message: `${room} may import only the rooms above it in src/README.md` }]
  return [...upward, ...alone]
}

const noNode = { group: ['node:*'], message: 'only rooms that src/rooms.json says so of touch files, streams or the process' }
const noGlobals = { Buffer: 'the core runs in a browser, too', process: 'the core runs in a browser, too' }

function override(includes, patterns, core) {
  const style = { noRestrictedImports: { level: 'error', options: { patterns } } }
  if (core) style.noRestrictedGlobals = { level: 'error', options: { deniedGlobals: noGlobals } }
  return { includes, linter: { rules: { style } } }
}

export function lintRules() {
  const overrides = roomsOf().flatMap((room) => {
    const patterns = restrict(room)
    const core = room.node !== true
    const without = (room.nodeIn ?? []).map((file) => `!${file}`)
    const own = override([filesOf(room.room), ...without], core ? [...patterns, noNode] : patterns, core)
    return without.length === 0 ? [own] : [own, override(room.nodeIn, patterns, false)]
  })
  return `{"overrides":[\n${overrides.map((one) => JSON.stringify(one)).join(',\n')}\n]}\n`
}

export function table(readme) {
  const rows = roomsOf().map(({ room, here, when }) => `| \`${room}\` | ${here} | ${when} |`)
  const text = ['| room | what lives here | a line belongs here when |', '| --- | --- | --- |', ...rows].join('\n')
  return readme.replace(/\| room \|[\s\S]*?\n\n/, `${text}\n\n`)
}

if (process.argv[1]?.endsWith('write-rooms.mjs')) {
  writeFileSync(at('biome.rooms.json'), lintRules())
  writeFileSync(at('src/README.md'), table(readFileSync(at('src/README.md'), 'utf8')))
}
