import { describe, expect, it } from 'vitest'
import { buildTimeline } from '../../src/timeline/index.ts'
import { zoneOffset } from '../../src/units/zone.ts'
import { evidenceOf } from '../evidence.ts'
import { deal } from './deal.ts'

const deals = process.env['OOM_REPORT_FULL'] === '1' ? 10_000 : 300

describe('hosts, clocks and boots dealt at random into layouts', () => {
  it(`dates every kill of ${deals} deals right or not at all`, async () => {
    let [dated, undated] = [0, 0]
    for (let seed = 1; seed <= deals; seed += 1) {
      const { files, truth } = deal(seed)
      const timeline = buildTimeline(await evidenceOf(files), { timezone: null, year: null, zoneOffset })
      const kills = timeline.incidents.flatMap((i) => i.kills)
      expect(new Set(kills.map((k) => k.pid)), `seed ${seed}`).toEqual(new Set(truth.keys()))
      for (const kill of kills) {
        const { us, host } = truth.get(kill.pid ?? 0) ?? { us: 0, host: '' }
        if (kill.host !== null) expect(kill.host, `seed ${seed}, pid ${kill.pid}`).toBe(host)
        if (kill.at.epochUs === null) undated += 1
        else {
          dated += 1
          const off = Math.abs(kill.at.epochUs - us) / 1000
          expect(off, `seed ${seed}, pid ${kill.pid}, ${Object.keys(files).join(' ')}`).toBeLessThanOrEqual(kill.at.uncertaintyMs ?? -1)
        }
      }
    }
    // Most deals hold a clock: a test in which nothing is dated would prove nothing.
    expect(dated).toBeGreaterThan(undated)
  }, 600_000)
})
