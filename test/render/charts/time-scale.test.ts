import { describe, expect, it } from 'vitest'
import { piecesOf, placeIn } from '../../../src/render/charts/time-scale.ts'

const seconds = (...values: readonly number[]): number[] => values.map((value) => value * 1e6)
const at = (value: number, pieces: ReturnType<typeof piecesOf>): number => placeIn(value * 1e6, pieces)

describe('time on the axis', () => {
  it('what crowds around the kill gets its room', () => {
    const times = seconds(0, 60, 120, 190, 260, 330, 398, 399, 400, 401, 600)
    const pieces = piecesOf(times, 400e6)
    expect(pieces.filter(({ isNear }) => isNear)).toHaveLength(1)
    expect(at(401, pieces) - at(398, pieces)).toBeGreaterThan(25)
    expect(times.map((time) => placeIn(time, pieces))).toEqual([...times.map((time) => placeIn(time, pieces))].sort((a, b) => a - b))
  })
  it.each([
    ['nothing is close', seconds(0, 100, 200, 300), 200e6],
    ['two rows are no crowd', seconds(0, 120, 260, 399, 400, 600), 400e6],
    ['no kill', seconds(0, 60, 120, 190, 260, 330, 398, 399, 400, 401, 600), null],
    ['all is close', seconds(398, 399, 400, 401), 400e6],
  ])('is not stretched: %s', (_, times, zero) => {
    expect(piecesOf(times, zero).some(({ isNear }) => isNear)).toBe(false)
  })
  it('a long gap is cut out, and nothing leaves the picture', () => {
    const times = seconds(0, 1, 2, 9000, 9001)
    const pieces = piecesOf(times, 2e6)
    expect(pieces).toHaveLength(2)
    for (const time of times) {
      expect(placeIn(time, pieces)).toBeGreaterThanOrEqual(0)
      expect(placeIn(time, pieces)).toBeLessThanOrEqual(100)
    }
  })
})
