/** A part of a long text keeps the whole of it alive (V8's sliced strings): a copy does not. */
export const copyOf = (text: string): string => JSON.parse(JSON.stringify(text)) as string
