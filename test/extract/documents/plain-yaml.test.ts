import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { parsePlainYaml } from '../../../src/extract/documents/plain-yaml.ts'
import { parseYaml } from '../../../src/extract/documents/yaml-tree.ts'
import { describeWholeCorpus, filesBelow } from '../../corpus.ts'
import { sampleText } from './read.ts'

/** `yaml` takes `E0` for a float without digits and gives NaN, in YAML 1.1 as we ask for it; it is a text. */
const misread = /(?:^|[\s-])[-+]?[eE][-+]?\d+(?:$|[\s:])/m

const same = (text: string): void => {
  if (misread.test(text)) return
  const plain = parsePlainYaml(text, 7)
  if (plain !== null) expect(plain).toEqual(parseYaml(text, 7).tree)
}

describe('parsePlainYaml', () => {
  it.each(['manifests/pod.yaml', 'manifests/pods-list.yaml', 'manifests/kubelet-config.yaml'])('%s: as the whole parser', (name) => {
    expect(parsePlainYaml(sampleText(name), 0)).not.toBeNull()
    same(sampleText(name))
    same(sampleText(name).replaceAll('\n', '\r\n'))
  })

  it.each([
    "a: {}\nb: []\nc:\nd: ~\ne: 0644\nf: 1e9\ng: \"q \\\" \\n\"\nh: 'it''s'\ni: a long\n  folded line\nj: x\n",
    'a: |\n  one\n   two\n\n  three\nb: |-\n  x\nc: 12345678901234567890\n',
    '- a: 1\n  b:\n  - c\n  - d: e\n    f: g\n- - x\n  - y\n',
    'f:metadata:\n  f:labels: 1\n"quoted key": 2\n',
    'a: 2026-11-24T07:13:13Z\nb: "2026-11-24T07:13:13Z"\nc: -\n',
  ])('%j', (text) => same(text))

  it.each([
    'a: &x 1\nb: *x\n',
    'a: {b: 1}\n',
    'a: [1, 2]\n',
    'a: yes\n',
    'a: >\n  x\n',
    'a: "two\\\n  lines"\n',
    'a: "two\n\n  lines"\n',
    'a: 1 # note\n',
    '? a\n: b\n',
    '\ta: 1\n',
    'a: b: c\n',
  ])('leaves %j to the whole parser', (text) => expect(parsePlainYaml(text, 0)).toBeNull())

  it('knows a text that looks like an exponent', () => {
    expect(parsePlainYaml('E0: 1\n', 0)).toMatchObject({ entries: new Map([['E0', { value: 1 }]]) })
  })

  it('agrees with the whole parser on whatever it takes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => same(stringify(value, { lineWidth: 0 }))),
      { numRuns: 200 },
    )
    const pieces = fc.array(fc.constantFrom('a:', ' b', ': ', '- ', '\n', '  ', '"x"', "'", '|', '#', 'true', '1', ' {}'), {
      maxLength: 25,
    })
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        if (parseYaml(text, 0).error === null) same(text)
      }),
      { numRuns: 1000 },
    )
  })
})

/** Objects as kubectl writes them; what people hold otherwise may need the whole parser. */
describeWholeCorpus('plain YAML of the corpus', (root) => {
  it('needs no whole parser', () => {
    const files = filesBelow(root).filter((name) => name.endsWith('.yaml') && !/^(?:field|hostile)\//.test(name))
    expect(files.length).toBeGreaterThan(10)
    for (const name of files) {
      const text = readFileSync(join(root, name), 'utf8')
      expect(parsePlainYaml(text, 0), name).not.toBeNull()
      same(text)
    }
  })
})
