import type { WarningCode } from '../warnings.ts'
import { startsWith } from './codecs/define-codec.ts'
import { type Codec, codecs } from './codecs/index.ts'
import { type Container, containers } from './containers/index.ts'

/** Enough for every magic (tar's stands at 257) and for a look at what kind of bytes these are. */
export const headSize = 4096

/** What a stream is, judged by its first bytes alone: names lie (a `.gz` that is text, a `.txt` that is gzip). */
export type Kind =
  | { readonly kind: 'codec'; readonly codec: Codec }
  | { readonly kind: 'container'; readonly container: Container }
  /** Packed or locked in a way that is not undone here: the reader is told how to. */
  | { readonly kind: 'foreign'; readonly code: WarningCode; readonly args: Readonly<Record<string, string>> }
  /** Pictures, programs, databases: nothing to find, nothing to say. */
  | { readonly kind: 'junk' }
  | { readonly kind: 'data' }

export function sniff(head: Uint8Array): Kind {
  const codec = codecs.find((each) => each.sniff(head))
  if (codec !== undefined) return { kind: 'codec', codec }
  const container = containers.find((each) => each.sniff(head))
  if (container !== undefined) return { kind: 'container', container }
  const foreign = foreigners.find((each) => startsWith(head, each.magic))
  if (foreign !== undefined) return { kind: 'foreign', code: foreign.code, args: foreign.args }
  if (isElfCore(head)) return { kind: 'foreign', code: 'memory-dump-skipped', args: { kind: 'ELF core', command: 'crash or gdb' } }
  return junk.some((magic) => startsWith(head, magic)) ? { kind: 'junk' } : { kind: 'data' }
}

interface Foreigner {
  readonly magic: readonly number[]
  readonly code: WarningCode
  readonly args: Readonly<Record<string, string>>
}

const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0))
const packed = (magic: readonly number[], codec: string, command: string): Foreigner => ({
  magic,
  code: 'codec-unknown',
  args: { codec, command },
})
const locked = (magic: readonly number[], by: string, command: string): Foreigner => ({
  magic,
  code: 'encrypted',
  args: { with: by, command },
})
const dump = (magic: string, kind: string): Foreigner => ({
  magic: ascii(magic),
  code: 'memory-dump-skipped',
  args: { kind, command: 'makedumpfile --dump-dmesg FILE dmesg.txt' },
})

const foreigners: readonly Foreigner[] = [
  packed([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], '7-Zip', '7z x FILE'),
  packed(ascii('Rar!\x1a\x07'), 'RAR', 'unrar x FILE'),
  packed([0x04, 0x22, 0x4d, 0x18], 'LZ4', 'lz4 -d FILE'),
  packed([0x02, 0x21, 0x4c, 0x18], 'LZ4 (legacy)', 'lz4 -d FILE'),
  packed([0x1f, 0x9d], 'compress', 'gzip -dk FILE'),
  packed([0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a], 'lzop', 'lzop -d FILE'),
  packed(ascii('LZIP'), 'lzip', 'lzip -dk FILE'),
  packed([0x5d, 0, 0, 0x80, 0], 'LZMA', 'xz -dk FILE'),
  packed([0x5d, 0, 0, 0, 0x01], 'LZMA', 'xz -dk FILE'),
  packed([0x5d, 0, 0, 0, 0x04], 'LZMA', 'xz -dk FILE'),
  packed(ascii('MSCF\0\0\0\0'), 'a Windows cabinet', 'cabextract FILE'),
  packed(ascii('070701'), 'cpio', 'cpio -idm < FILE'),
  // OpenPGP: password (tag 3) or public key (tag 1) session key packets, which begin what `gpg -c` and `gpg -e` write (sos: secured-….gpg).
  locked([0x8c, 0x0d, 0x04], 'OpenPGP', 'gpg -d FILE'),
  locked([0x85, 0x01, 0x0c, 0x03], 'OpenPGP', 'gpg -d FILE'),
  locked([0x85, 0x02, 0x0c, 0x03], 'OpenPGP', 'gpg -d FILE'),
  locked([0x84, 0x8c, 0x03], 'OpenPGP', 'gpg -d FILE'),
  locked([0x84, 0x5e, 0x03], 'OpenPGP', 'gpg -d FILE'),
  locked(ascii('-----BEGIN PGP MESSAGE'), 'OpenPGP', 'gpg -d FILE'),
  locked(ascii('Salted__'), 'OpenSSL', 'openssl enc -d -in FILE'),
  locked(ascii('age-encryption.org/'), 'age', 'age -d FILE'),
  // makedumpfile's compressed and flattened forms of a vmcore.
  dump('KDUMP   ', 'vmcore'),
  dump('makedumpfile\0', 'vmcore'),
  dump('DISKDUMP', 'vmcore'),
]

const junk: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  [0xff, 0xd8, 0xff],
  ascii('GIF8'),
  ascii('%PDF-'),
  [0x7f, 0x45, 0x4c, 0x46],
  [0xca, 0xfe, 0xba, 0xbe],
  ascii('SQLite format 3\0'),
  ascii('!<arch>\n'),
  [0xed, 0xab, 0xee, 0xdb],
  ascii('wOFF'),
  ascii('wOF2'),
  ascii('hsqs'),
  ascii('QFI\xfb'),
  ascii('MZ\x90\0'),
  ascii('ElfFile\0'),
  [0x0a, 0x0d, 0x0d, 0x0a],
  [0xd4, 0xc3, 0xb2, 0xa1],
]

/** e_type 4 in the file's own byte order: a core of a process, or a vmcore as /proc/vmcore gives it. */
function isElfCore(head: Uint8Array): boolean {
  if (!startsWith(head, [0x7f, 0x45, 0x4c, 0x46]) || head.length < 18) return false
  return head[5] === 2 ? head[17] === 4 : head[16] === 4
}
