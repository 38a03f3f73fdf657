/** `pods/<namespace>_<pod>_<uid>/<container>/0.log` (kubelet), `containers/<pod>_<namespace>_<container>-<64 hex digits>.log` (its links), docker's `<id>-json.log`. */
const podsShape = /(?:^|\/)pods\/(?<namespace>[^/_]+)_(?<pod>[^/_]+)_(?<podUid>[^/_]+)\/(?<container>[^/]+)\/[^/]+$/
const linksShape = /(?:^|\/)containers\/(?<pod>[^/_]+)_(?<namespace>[^/_]+)_(?<container>[^/_]+)-(?<containerId>[0-9a-f]{64})\.log/
const dockerShape = /(?:^|\/)containers\/(?<containerId>[0-9a-f]{64})\/[0-9a-f]{64}-json\.log/

/** The container whose output a log file is, as the path that the kubelet or docker gave it names it; nothing where it does not. */
export function containerOfLogPath(path: string): Readonly<Record<string, string>> {
  const groups = podsShape.exec(path)?.groups ?? linksShape.exec(path)?.groups ?? dockerShape.exec(path)?.groups
  return { ...groups }
}
