import fc from 'fast-check'
import type { Seed } from './seeds.ts'

/** Bytes and texts that break parsers: numbers at their edges, terminators, nesting, spoofed words. */
const nasty: readonly string[] = [
  ...['-1', '0', 'NaN', '1e309', '18446744073709551615', '99999999999999999999', '4194305', '9223372036854775807'],
  ...[
    '\0',
    '\t',
    '\r',
    '\x1b[31m',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\u202e',
    '"',
    "'",
    '\\',
    '`',
    '|',
    '<',
    '{',
    '[',
    '}',
    ']',
    '\n---\n',
    '\n\n',
  ],
  ...['constructor', '__proto__', 'toString', '*a', '&a', '!!js', '$' + '{x}', '{{x}}', '<script>', '--kubeconfig=x', '$(id)', '%s%n'],
  ...[
    'Killed process 1 (x) total-vm:1kB, anon-rss:1kB, file-rss:0kB',
    'oom-kill:constraint=CONSTRAINT_MEMCG,task=x,pid=1,uid=0',
    'stdout F ',
  ],
]

export interface Mutation {
  readonly seed: number
  readonly other: number
  readonly edits: readonly Edit[]
}

type Edit =
  | { readonly kind: 'flip' | 'cut' | 'double' | 'swap' | 'lines'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string; readonly times: number }
  | { readonly kind: 'join'; readonly at: number; readonly from: number }

const place = fc.nat({ max: 1_000_000 })

/** What is done to a seed: places are in millionths of its length, so that the same edits fit any. */
export const mutations = (seeds: number): fc.Arbitrary<Mutation> =>
  fc.record({
    seed: fc.nat({ max: seeds - 1 }),
    other: fc.nat({ max: seeds - 1 }),
    edits: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constantFrom('flip', 'cut', 'double', 'swap', 'lines'), at: place, length: fc.nat({ max: 4_000 }) }),
        fc.record({
          kind: fc.constant('insert'),
          at: place,
          text: fc.constantFrom(...nasty),
          times: fc.constantFrom(1, 1, 1, 2, 50, 5_000),
        }),
        fc.record({ kind: fc.constant('join'), at: place, from: place }),
      ) as fc.Arbitrary<Edit>,
      { minLength: 1, maxLength: 8 },
    ),
  })

export function mutated({ seed, other, edits }: Mutation, seeds: readonly Seed[]): Seed {
  const from = seeds[seed] as Seed
  let bytes: Buffer = Buffer.from(from.bytes)
  for (const edit of edits) bytes = applied(bytes, edit, Buffer.from((seeds[other] as Seed).bytes))
  return { name: from.name, bytes: bytes.subarray(0, 4 * 1024 * 1024) }
}

function applied(bytes: Buffer, edit: Edit, other: Buffer): Buffer {
  const at = Math.floor((bytes.length * edit.at) / 1_000_001)
  if (edit.kind === 'insert') return Buffer.concat([bytes.subarray(0, at), Buffer.from(edit.text.repeat(edit.times)), bytes.subarray(at)])
  if (edit.kind === 'join')
    return Buffer.concat([bytes.subarray(0, at), other.subarray(Math.floor((other.length * edit.from) / 1_000_001))])
  const end = Math.min(bytes.length, at + edit.length)
  const piece = bytes.subarray(at, end)
  switch (edit.kind) {
    case 'flip': {
      const changed = Buffer.from(bytes)
      for (let k = at; k < end; k += 97) changed[k] = ((changed[k] ?? 0) + edit.length) & 0xff
      return changed
    }
    case 'cut':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
    case 'double':
      return Buffer.concat([bytes.subarray(0, end), piece, bytes.subarray(end)])
    case 'swap':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end), piece])
    case 'lines':
      return Buffer.from(
        bytes
          .toString('latin1')
          .split('\n')
          .toSorted((a, b) => ((a.length * 31 + edit.length) % 17) - (b.length % 13))
          .join('\n'),
        'latin1',
      )
  }
}
