import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formats } from '../../src/formats/index.ts'
import { decodeSample, kernelLines, samples } from './decoding.ts'

const ids = formats.map(({ id }) => id)
const filesOf = (id: string): string[] =>
  existsSync(join(samples, id)) ? readdirSync(join(samples, id)).map((name) => `${id}/${name}`) : []
const all = ids.flatMap(filesOf)
const incident = kernelLines(decodeSample('kmsg/container-limit.raw').records).filter((line) => !line.startsWith('systemd-journald'))

/** Samples that hold something else than the one incident. */
const others = /name-|spoof|containerd|kubelet|cri-inside|with-boot/

describe('every sample', () => {
  it.each(all)('%s is recognised by its content', (name) => {
    expect(decodeSample(name).format.id).toBe(name.split('/')[0])
  })

  it.each(all)('%s: every record stands where it says', (name) => {
    const { records, lines } = decodeSample(name)
    expect(records.length).toBeGreaterThan(0)
    for (const { origin, raw, lineCount } of records) {
      const at = (origin.line as number) - 1
      const physical = lines.slice(at, at + lineCount).map((line) => line.text)
      // A compact JSON document has thousands of entries on a line: there the entry is quoted.
      expect(physical.join('\n').includes(raw) || raw === physical.join('\n'), `${origin.line}: ${raw.slice(0, 80)}`).toBe(true)
    }
  })

  it.each(all.filter((name) => !others.test(name)))('%s tells the same as the raw kernel records', (name) => {
    const told = kernelLines(decodeSample(name).records)
    const wanted = name.includes('reverse') ? incident.filter((line) => told.includes(line)) : incident
    expect(told.filter((line) => wanted.includes(line))).toEqual(wanted)
  })
})

describe('the registry', () => {
  it('has a sample for each format, and says where each sample comes from', () => {
    expect(ids.filter((id) => filesOf(id).length === 0)).toEqual([])
    const readme = readFileSync(join(samples, 'README.md'), 'utf8')
    expect(all.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
  })

  it('has distinct ids in kebab case, a title and a writer each', () => {
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, title, writtenBy } of formats) {
      expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      expect(title.length * writtenBy.length).toBeGreaterThan(0)
    }
  })
})
