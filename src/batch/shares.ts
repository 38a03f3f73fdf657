/** What a worker gets at a time: a message there and back takes as long as reading a small bundle's first lines. */
const most = 8
/** Beyond this a bundle goes alone: progress is told, and work is shared out evenly, share by share. */
const mostBytes = 4 << 20
/** Towards the end shares become smaller, so that no worker is left with several while the others wait. */
const sharesLeft = 4

/** Cuts a list into what is handed out at a time, in order, for so many workers. */
export function* sharesOf<T>(list: readonly T[], workers: number, bytesOf: (item: T) => number): Generator<readonly T[], void> {
  for (let at = 0; at < list.length; ) {
    const fair = Math.max(1, Math.min(most, Math.floor((list.length - at) / (workers * sharesLeft))))
    let end = at + 1
    let bytes = bytesOf(list[at] as T)
    while (end < list.length && end - at < fair && bytes + bytesOf(list[end] as T) <= mostBytes) {
      bytes += bytesOf(list[end] as T)
      end += 1
    }
    yield list.slice(at, end)
    at = end
  }
}

/** Works on so many shares at a time. Ends at once when the signal comes, whatever is under way. */
export async function eachShare<T>(
  shares: Iterable<readonly T[]>,
  workers: number,
  signal: AbortSignal,
  work: (share: readonly T[]) => Promise<void>,
): Promise<void> {
  const queue = shares[Symbol.iterator]()
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      signal.throwIfAborted()
      await work(next.value)
    }
  }
  let stop = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
  })
  try {
    signal.throwIfAborted()
    await Promise.race([aborted, Promise.all(Array.from({ length: Math.max(1, workers) }, lane))])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
