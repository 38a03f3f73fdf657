import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { analyze, render } from '../src/index.ts'

// Writes docs/gallery: what six incidents look like, as a page and in Markdown. Run with: npm run gallery

interface Piece {
  readonly name: string
  readonly title: string
  /** A sample, or several that are one story. */
  readonly sample: string
  /** Other ways to look at the page, beside the wide one. */
  readonly also?: readonly ('phone' | 'dark' | 'print')[]
}

export const pieces: readonly Piece[] = [
  {
    name: 'container-limit',
    title: 'A container reached its limit',
    sample: 'bundles/container-limit-every-source',
    also: ['phone', 'dark', 'print'],
  },
  { name: 'leak', title: 'A leak, killed again and again', sample: 'systemd/262-leak-restarts.json' },
  { name: 'shared-memory', title: 'A memory-backed volume filled the limit', sample: 'dmesg-iso/container-limit.txt' },
  { name: 'node', title: 'The whole machine ran out', sample: 'kernel/6.1-global.txt' },
  { name: 'eviction', title: 'The kubelet evicted a pod', sample: 'kubelet/1.31-eviction.log' },
  { name: 'group', title: 'A group was killed together', sample: 'kernel/6.1-memcg-group.txt' },
]

const looks = {
  wide: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  // A4 at 96 dots an inch
  print: { viewport: { width: 794, height: 1123 }, colorScheme: 'light' },
} as const

const root = new URL('../', import.meta.url)
export const sampleOf = ({ sample }: Piece): string => new URL(`samples/${sample}`, root).pathname
const fileName = (name: string, look: string): string => (look === 'wide' ? `${name}.png` : `${name}-${look}.png`)

/** The page that lists them. */
export const galleryPage = (verdicts: Readonly<Record<string, string>>): string =>
  [
    '# Gallery',
    '',
    '<!-- Made by scripts/write-gallery.ts (npm run gallery): change it there. -->',
    'Six incidents from [samples/](../../samples), each as a page (the first screen) and as Markdown, as it goes into an issue.',
    ...pieces.flatMap(({ name, title, sample, also = [] }) => [
      '',
      `## ${title}`,
      '',
      `${verdicts[name] ?? ''} [As Markdown](${name}.md), from \`samples/${sample}\`.`,
      '',
      `![${title}: the page](${fileName(name, 'wide')})`,
      ...(also.length === 0
        ? []
        : [
            '',
            `The same ${also.map((look) => `[${{ phone: 'on a phone', dark: 'in the dark', print: 'on paper' }[look]}](${fileName(name, look)})`).join(', ')}.`,
          ]),
    ]),
    '',
  ].join('\n')

async function writeGallery(): Promise<void> {
  const folder = new URL('docs/gallery/', root)
  mkdirSync(folder, { recursive: true })
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
    (path) => path !== undefined && existsSync(path),
  )
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  const verdicts: Record<string, string> = {}
  for (const piece of pieces) {
    const analysis = await analyze([sampleOf(piece)])
    verdicts[piece.name] = `${analysis.report.incidents[0]?.verdict ?? ''}.`
    writeFileSync(new URL(`${piece.name}.md`, folder), await render(analysis, 'md'))
    const html = await render(analysis, 'html')
    for (const look of ['wide', ...(piece.also ?? [])] as const) {
      const page = await browser.newPage(looks[look])
      if (look === 'print') await page.emulateMedia({ media: 'print' })
      await page.setContent(html)
      writeFileSync(new URL(fileName(piece.name, look), folder), await page.screenshot())
      await page.close()
    }
  }
  await browser.close()
  writeFileSync(new URL('README.md', folder), galleryPage(verdicts))
}

if (process.argv[1]?.endsWith('write-gallery.ts')) await writeGallery()
