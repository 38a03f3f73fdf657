import type { Incident, Kill } from '../model/incident.ts'

/**
 * A short stable id over boot or host, kernel time, pid and memcg of the kills (contract): the same incident found in another bundle or under
 * another file name has the same id. Synthetic boot keys depend on what else was read, so only real boot ids take part.
 */
export function incidentId(incident: Incident): string {
  const parts = incident.kills.length > 0 ? incident.kills.map(killKey) : [withoutKills(incident)]
  return hash(parts.join('\n'))
}

/** What makes a kill one and the same wherever it is found: host (else boot; fewer sources name it), kernel time, pid, memcg. */
export function killKey(kill: Kill): string {
  const boot = kill.host ?? (/^[0-9a-f]{32}$/.test(kill.boot) ? kill.boot : '')
  const time =
    kill.at.uptimeSeconds !== null
      ? kill.at.uptimeSeconds.toFixed(3)
      : kill.at.epochUs !== null
        ? String(Math.round(kill.at.epochUs / 1e6))
        : (kill.at.localTime ?? '')
  return [boot, time, kill.killer, kill.pid ?? '', kill.memcg ?? '', kill.target?.pod ?? '', kill.target?.container ?? ''].join('|')
}

function withoutKills(incident: Incident): string {
  const at = incident.first
  const what = incident.dumps[0]?.event.quotes[0]?.text ?? incident.context[0]?.event.quotes[0]?.text ?? ''
  return [incident.nature, incident.host ?? '', at.uptimeSeconds ?? at.epochUs ?? at.localTime ?? '', what.slice(-120)].join('|')
}

/** 64 bits of FNV-1a over UTF-16 units, in hex: 12 digits are ample for the incidents of a fleet. */
function hash(text: string): string {
  let h = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++) h = BigInt.asUintN(64, (h ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n)
  return h.toString(16).padStart(16, '0').slice(0, 12)
}
