import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fileName, fleetPage, galleryPage, looks, pieces, sampleOf } from '../scripts/write-gallery.ts'
import { analyze, render } from '../src/index.ts'
import { outlineOf } from './outline.ts'

const headings = (markdown: string): string[] => markdown.match(/^#+ .*$|^\*\*[^*]+\*\*/gm) ?? []
const verdicts: Record<string, string> = {}
const outlines = JSON.parse(readFileSync('docs/gallery/outlines.json', 'utf8')) as Readonly<Record<string, readonly string[]>>

/** Width and height of an extended WebP (RFC 9649 §2.7: 24 bits each, minus one). */
function sizeOf(file: string): readonly [number, number] {
  const bytes = readFileSync(`docs/gallery/${file}`)
  expect(bytes.subarray(8, 16).toString('latin1')).toBe('WEBPVP8X')
  return [1 + bytes.readUIntLE(24, 3), 1 + bytes.readUIntLE(27, 3)]
}

function expectPictures(name: string): void {
  for (const look of Object.keys(looks) as (keyof typeof looks)[]) {
    const { width, height } = looks[look].viewport
    expect(sizeOf(fileName(name, look))).toEqual([width, height])
    expect(readFileSync(`docs/gallery/${fileName(name, look)}`).length).toBeLessThan(100_000)
  }
}

it.each(pieces)('the gallery shows $name as it is today (npm run gallery)', async (piece) => {
  const analysis = await analyze([sampleOf(piece)])
  verdicts[piece.name] = `${analysis.report.incidents[0]?.verdict}.`
  expect(headings(readFileSync(`docs/gallery/${piece.name}.md`, 'utf8'))).toEqual(headings(await render(analysis, 'md')))
  expect(outlineOf(await render(analysis, 'html'))).toEqual(outlines[piece.name])
  expectPictures(piece.name)
})

it('and the fleet', async () => {
  expect(outlineOf(await fleetPage())).toEqual(outlines['fleet'])
  expectPictures('fleet')
})

it('its page lists them with their verdicts', () => {
  expect(readFileSync('docs/gallery/README.md', 'utf8')).toBe(galleryPage(verdicts))
})
