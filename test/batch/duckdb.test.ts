import { readFileSync } from 'node:fs'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeBundles } from '../../bench/make-bundles.mjs'
import { fleetOf, run, temporaryFolder } from './run-cli.ts'

const folder = temporaryFolder()
const text = readFileSync(path.join(import.meta.dirname, '../../docs/fleet.md'), 'utf8')
const section = text.slice(text.indexOf('## DuckDB'), text.indexOf('## ClickHouse'))
const [view = '', ...queries] = [...section.matchAll(/```sql\n([^`]+)```/g)].map((m) => m[1] as string)

describe('incidents.ndjson in DuckDB', { timeout: 120_000 }, async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson()

  beforeAll(async () => {
    makeBundles(path.join(folder, 'bundles'), 12, 9)
    await run(['batch', path.join(folder, 'bundles'), '-o', path.join(folder, 'fleet'), '-q'])
    await connection.run(view.replace('fleet/incidents.ndjson', path.join(folder, 'fleet/incidents.ndjson').replaceAll("'", "''")))
  }, 120_000)

  it('loads as it is: every incident, every kill', async () => {
    const { counts } = fleetOf(path.join(folder, 'fleet'))
    const [row] = await rowsOf(
      'SELECT count(*)::INT AS incidents, sum(len(kills))::INT AS kills, count(DISTINCT id)::INT AS ids FROM incidents',
    )
    expect(row).toEqual({ incidents: counts.incidents, kills: counts.kills, ids: counts.incidents })
  })

  it.each(queries.map((q) => [q.split('\n')[0], q]))('answers: %s', async (_, sql) => {
    const rows = await rowsOf(sql as string)
    // Nothing may be unexplained, or new, in this data.
    if (!/unknown|24 HOUR/.test(sql as string)) expect(rows.length).toBeGreaterThan(0)
  })

  it('has the queries that it is to run', () => expect(queries.length).toBeGreaterThanOrEqual(6))
})
