import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { scanTools } from '../../src/gather.ts'
import type { InputSource } from '../../src/input/source.ts'
import type { SourceEvidence } from '../../src/model/evidence.ts'
import type { Timeline } from '../../src/model/timeline.ts'
import { scanSource } from '../../src/scan/index.ts'
import { buildTimeline } from '../../src/timeline/index.ts'

/** A file in memory as the scanner takes it. */
function sourceOf(name: string, bundle: string, bytes: Uint8Array): InputSource {
  return {
    name,
    path: name,
    bundle,
    modifiedMs: null,
    size: bytes.length,
    file: null,
    codec: null,
    async *chunks() {
      yield bytes
    },
  }
}

/** All files below a directory, answers left out, `/`-separated. */
export function filesOf(directory: string): readonly string[] {
  return fs
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/(?:^|\/)(?:expect|truth)\.json$|\.journal|\.tar\.gz$/.test(name))
    .filter((name) => fs.statSync(path.join(directory, name)).isFile())
    .sort()
}

/** Reads files with the product's own scanner and timeline: rules are judged on what they will really see. */
export async function timelineOf(directory: string, names: readonly string[]): Promise<Timeline> {
  const evidence: SourceEvidence[] = []
  for (const name of names) {
    const raw = fs.readFileSync(path.join(directory, name))
    const bytes = name.endsWith('.gz') ? gunzipSync(raw) : raw
    evidence.push(...(await scanSource(sourceOf(name, path.basename(directory), bytes), scanTools(null))))
  }
  return buildTimeline(evidence, { timezone: null, year: null, zoneOffset: null })
}
