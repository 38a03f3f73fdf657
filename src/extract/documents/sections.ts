import type { Document } from '../../model/record.ts'
import type { DocumentFacts } from '../../model/snapshot.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { newFacts } from './page.ts'

/** `#==[ Command ]======================================#`, next line `# /bin/free -k` (supportconfig). */
const SUPPORTCONFIG = /^#==\[ (?<kind>[^\]]+) \]=+#?\s*$/
/** `==> describe nodes <==` (minikube logs, tail and head of several files). */
const ARROW = /^==> (?<name>.+) <==\s*$/
const HEAD_LENGTH = 8192

interface Section {
  readonly name: string
  readonly text: string
  readonly firstLine: number
}

/**
 * Files made of several outputs, each under a heading. What is a document by itself is read; logs among the sections are for the log path,
 * which reads the same file. `readers` are asked for each section.
 */
export function sectionsReader(readers: () => readonly DocumentReader[]): DocumentReader {
  return {
    id: 'sections',
    title: 'Several outputs under headings',
    writtenBy: 'supportconfig, minikube logs, head and tail of several files',
    seen: 'documented',
    mixed: () => true,
    sniff(head) {
      const lines = head.split('\n', 40)
      // a listing of one cgroup's files is one thing: it has a reader of its own
      if (lines.some((line) => SUPPORTCONFIG.test(line))) return 'strong'
      const names = lines.flatMap((line) => ARROW.exec(line)?.groups?.['name'] ?? [])
      // `==> describe nodes <==` is no file's name; not sure: `tail -n 100 /var/log/*.log` has the same headings, and a log must stay one
      if (names.some((name) => /^[A-Za-z]+ [A-Za-z ]+$|^(?:Audit|kubelet|kernel)$/.test(name.trim()))) return 'strong'
      return names.some((name) => !name.includes('/sys/fs/cgroup/')) ? 'weak' : 'none'
    },
    async prepare() {
      await Promise.all(readers().map((reader) => reader.prepare?.()))
    },
    read(document) {
      const facts = newFacts()
      for (const section of sectionsOf(document)) {
        const inner = readSection(document, section, readers())
        if (inner === null) continue
        facts.snapshots.push(...inner.snapshots)
        facts.events.push(...inner.events)
        facts.warnings.push(...inner.warnings)
      }
      return facts
    },
  }
}

function readSection(document: Document, section: Section, readers: readonly DocumentReader[]): DocumentFacts | null {
  const head = section.text.slice(0, HEAD_LENGTH)
  const reader = readers.find((one) => one.sniff(head, section.name) === 'strong')
  if (reader === undefined) return null
  return reader.read({
    source: document.source,
    text: section.text,
    path: section.name,
    modifiedMs: document.modifiedMs,
    firstLine: section.firstLine,
  })
}

function sectionsOf(document: Document): Section[] {
  const lines = document.text.split('\n')
  const starts: { name: string; index: number }[] = []
  for (const [index, line] of lines.entries()) {
    const arrow = ARROW.exec(line)?.groups?.['name']
    if (arrow !== undefined) starts.push({ name: arrow.trim(), index: index + 1 })
    else if (SUPPORTCONFIG.test(line)) {
      const name = /^# (?<name>.*\S)\s*$/.exec(lines[index + 1] ?? '')?.groups?.['name']
      starts.push({ name: (name ?? '').replace(/ - Last .*$/, ''), index: index + (name === undefined ? 1 : 2) })
    }
  }
  return starts.map(({ name, index }, at) => {
    const next = starts[at + 1]?.index ?? lines.length + 1
    const end = Math.max(index, next - (isTwoLines(lines, next) ? 2 : 1))
    return { name, text: lines.slice(index, end).join('\n'), firstLine: (document.firstLine ?? 1) + index }
  })
}

/** Whether the heading that ends at `next` took two lines. */
const isTwoLines = (lines: readonly string[], next: number): boolean => SUPPORTCONFIG.test(lines[next - 2] ?? '')
