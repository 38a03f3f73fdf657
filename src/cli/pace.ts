/** `7.4 MiB`, `812 MiB`, `1.5 GiB`. */
export function amount(bytes: number): string {
  const [unit, size] = bytes < 2 ** 30 ? ['MiB', bytes / 2 ** 20] : ['GiB', bytes / 2 ** 30]
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`
}

/** What is left of the time that all of it takes at the pace so far; nothing as long as there is no pace. */
export function timeLeft(done: number, all: number, elapsedMs: number): string {
  if (done <= 0 || elapsedMs <= 0) return ''
  const seconds = Math.round((elapsedMs * Math.max(0, all - done)) / done / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const text = hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
  return `  ${text} left`
}
