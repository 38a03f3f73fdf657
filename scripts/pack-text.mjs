const ALPHABET = [...Array(94).keys()].map((i) => String.fromCharCode(33 + i)).filter((letter) => !'<&"\'`\\'.includes(letter))
const SHORT = 128 - ALPHABET.length

/** Bytes as text that `src/web/page/unpacked.ts` reads: its alphabet, then a letter for each six or seven bits; the last is filled up with zeros. */
export function packText(bytes) {
  const letters = [ALPHABET.join('')]
  let [held, bits] = [0, 0]
  const take = () => {
    const seven = (held >> (bits - 7)) & 127
    const wide = seven >> 1 < SHORT ? 6 : 7
    letters.push(ALPHABET[wide === 6 ? seven >> 1 : seven - SHORT])
    bits -= wide
    held &= (1 << bits) - 1
  }
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 7) take()
  }
  if (bits > 0) {
    held <<= 7 - bits
    bits = 7
    take()
  }
  return letters.join('')
}
