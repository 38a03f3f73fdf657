import { documentReaders } from '../extract/documents/index.ts'
import { formats } from '../formats/index.ts'
import { outputs } from '../render/index.ts'

const row = (id: string, title: string, by: string): string => `  ${id.padEnd(24)} ${title}${by === '' ? '' : ` – ${by}`}\n`
const words = (markdown: string): string => markdown.replace(/ \(\[.*?\)\)/, '')
const seen = (s: 'real' | 'documented'): string => (s === 'real' ? '' : ' (from documentation only)')

/** What is understood, from the same registries that do the work. */
export function listFormats(): string {
  const logs = formats.map((f) => row(f.id, f.title, `${f.writtenBy}${seen(f.seen)}`)).join('')
  const documents = documentReaders.map((d) => row(d.id, d.title, `${d.writtenBy}${seen(d.seen)}`)).join('')
  const outs = outputs.map((o) => row(o.id, o.title, [words(o.about), ...o.endings].join(', '))).join('')
  const packed = [
    row('binary journal', 'systemd .journal and .journal~, compact and regular, xz, lz4, zstd', ''),
    row('compression', 'gzip, xz, zstd, bzip2', ''),
    row('archives', 'tar in all of those, zip; nested', ''),
  ].join('')
  return `Log lines (recognised by content; --input-format ID overrides):\n${logs}\nDocuments:\n${documents}\nPacked:\n${packed}\nOutputs (--format ID, -o FILE):\n${outs}`
}
