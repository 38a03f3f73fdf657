/** What tells that two texts are copies of one, however each was wrapped and escaped. */

const kernelFront = /^(?:kernel: )?(?:\[\s*\d+\.\d+\] )?/
/** `kernel: [ 5000.123456] Out of memory: …`: the beginning of the words behind stamp and tag. */
export const essence = (text: string): string => text.replace(kernelFront, '').slice(0, 90)

const escapes = /\\x[0-9a-f]{2}|\\[0-7]{3}|#\d{3}|[^\x20-\x7e]|[\s]/g
/** A name without what loggers write of its control bytes, each in its own way (`\x1b`, `\033`, `#033`), and without blanks. */
export const withoutEscapes = (text: string): string => text.replace(escapes, '')

const damage = /\uFFFD|\\x[0-9a-f]{2}|#\d{3}|blob data/
/** Whether a logger left out or spelled bytes of it. */
export const isDamaged = (text: string): boolean => damage.test(text)
