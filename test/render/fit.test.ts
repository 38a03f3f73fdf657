import { describe, expect, it } from 'vitest'
import { fitted } from '../../src/render/fit.ts'
import type { Detail } from '../../src/render/view/settings.ts'

/** A document of so many incidents, each a line of so many characters, and what was asked for on the way. */
function document(incidents: number, characters: number) {
  const asked: number[] = []
  const write = (detail: Detail): string => {
    const shown = Math.min(incidents, detail.incidents)
    asked.push(shown)
    return `${'x'.repeat(characters - 1)}\n`.repeat(shown)
  }
  return { asked, write }
}

describe('what fits into a document', () => {
  it.each([
    [1, 1],
    [99, 99],
    [100, 100],
    [101, 101],
    [777, 777],
    [1_000, 1_000],
    [1_001, 50],
    [100_000, 50],
  ])('of %i incidents %i, where a thousand have room', (incidents, shown) => {
    const { asked, write } = document(incidents, 100)
    expect(fitted(100_000, 'cut', { incidents, lines: 0 }, write)).toHaveLength(shown * 100)
    // Nobody writes a hundred thousand to learn that they are too many.
    expect(Math.max(...asked)).toBeLessThanOrEqual(1_600)
  })

  it('is learned from few incidents where each is large', () => {
    const { asked, write } = document(1_000, 20_000)
    fitted(100_000, 'cut', { incidents: 1_000, lines: 0 }, write)
    expect(Math.max(...asked)).toBeLessThanOrEqual(50)
  })

  it('is not tried with more quoted lines than could fit', () => {
    const asked: number[] = []
    const write = (detail: Detail): string => {
      asked.push(detail.evidenceLines)
      return ''
    }
    fitted(100_000, 'cut', { incidents: 1, lines: 5_000 }, write)
    fitted(100_000, 'cut', { incidents: 1, lines: 5_001 }, write)
    expect(asked).toEqual([Number.POSITIVE_INFINITY, 20])
  })

  it('ends at a line, with a note, where one alone is too long', () => {
    const { write } = document(3, 60)
    expect(fitted(50, 'cut', { incidents: 3, lines: 0 }, write)).toBe('cut\n')
  })
})
