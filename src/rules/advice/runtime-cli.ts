import type { CgroupIdentity } from '../../model/figures.ts'
import { shellWord } from '../../text/shell.ts'

const SESSION = 'user@'

/** `docker`, `podman`; the containers of a user (rootless podman, below `user@1000.service`) are known to that user only. */
export function runtimeCli(identity: CgroupIdentity): string {
  const runtime = identity.runtime ?? 'docker'
  const part = identity.path.split('/').find((one) => one.startsWith(SESSION)) ?? null
  const uid = part === null ? Number.NaN : Number.parseInt(part.slice(SESSION.length), 10)
  return Number.isNaN(uid) ? runtime : `sudo -u ${shellWord(`#${uid}`)} XDG_RUNTIME_DIR=/run/user/${uid} ${runtime}`
}
