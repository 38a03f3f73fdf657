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

const sizeOf = (incidents: number) => ({ incidents, lines: 0, charactersOf: (shown: number) => 70 * shown })

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
    expect(fitted(100_000, 'cut', sizeOf(incidents), write)).toHaveLength(shown * 100)
    // Nobody writes a hundred thousand to learn that they are too many.
    expect(Math.max(...asked)).toBeLessThanOrEqual(1_600)
  })

  it('is learned from few incidents where each is large', () => {
    const { asked, write } = document(1_000, 20_000)
    fitted(100_000, 'cut', sizeOf(1_000), write)
    expect(Math.max(...asked)).toBeLessThanOrEqual(50)
  })

  it('is foreseen by the sizes of the incidents: where the first are the smallest, the others are not written in vain', () => {
    const lengths = Array.from({ length: 30 }, (_, at) => (at < 8 ? 1_000 : 5_000))
    const sum = (shown: number): number => lengths.slice(0, shown).reduce((a, b) => a + b, 0)
    const asked: number[] = []
    const write = (detail: Detail): string => {
      const shown = Math.min(30, detail.incidents)
      asked.push(shown)
      return `${'x'.repeat(sum(shown) - 1)}\n`
    }
    expect(fitted(100_000, 'cut', { incidents: 30, lines: 0, charactersOf: sum }, write)).toHaveLength(sum(20))
    expect(asked).toEqual([4, 8, 20])
  })

  it('is not tried with more quoted lines than could fit', () => {
    const asked: number[] = []
    const write = (detail: Detail): string => {
      asked.push(detail.evidenceLines)
      return ''
    }
    fitted(100_000, 'cut', { ...sizeOf(1), lines: 5_000 }, write)
    fitted(100_000, 'cut', { ...sizeOf(1), lines: 5_001 }, write)
    expect(asked).toEqual([Number.POSITIVE_INFINITY, 20])
  })

  it('ends at a line, with a note, where one alone is too long', () => {
    const { write } = document(3, 60)
    expect(fitted(50, 'cut', sizeOf(3), write)).toBe('cut\n')
  })
})
