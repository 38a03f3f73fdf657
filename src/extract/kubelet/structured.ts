import { pairsAt, valueAt } from '../go-values.ts'

/** klog's structured text (component-base/logs, ≥ 1.21) as a message and its keys. */
export interface Structured {
  readonly message: string
  /** Values as strings: quoted ones unescaped, brackets as they stand. */
  readonly values: Readonly<Record<string, string>>
}

/**
 * Scans `"Message" key="string" num=5 pods=["a","b"] event=&{ID:x Type:y Data:z}`, in every era's way of printing values. `null` when
 * the text does not begin with a quoted message.
 */
export function scanStructured(text: string): Structured | null {
  if (text[0] !== '"') return null
  const { value, end } = valueAt(text, 0)
  return { message: value, values: pairsAt(text, end) }
}
