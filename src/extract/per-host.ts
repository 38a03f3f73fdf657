import type { ExtractorSession } from './define-extractor.ts'

const mostHosts = 4096

/** A central log mixes hosts: what one daemon's lines say together is kept apart from its neighbours'. */
export function perHost(open: () => ExtractorSession): ExtractorSession {
  const sessions = new Map<string | null, ExtractorSession>()
  return {
    push(record, sink) {
      let session = sessions.get(record.host)
      if (session === undefined) {
        if (sessions.size >= mostHosts) {
          for (const old of sessions.values()) old.end(sink)
          sessions.clear()
        }
        session = open()
        sessions.set(record.host, session)
      }
      session.push(record, sink)
    },
    get wantsNext() {
      // Most sources hold no line of the daemon.
      if (sessions.size === 0) return false
      for (const session of sessions.values()) if (session.wantsNext) return true
      return false
    },
    end(sink) {
      for (const session of sessions.values()) session.end(sink)
    },
  }
}
