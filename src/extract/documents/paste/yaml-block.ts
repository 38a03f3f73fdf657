import { parsePlainYaml } from '../plain-yaml.ts'
import type { Tree } from '../tree.ts'
import { indentOf, JOINED } from './clean-lines.ts'

/** `  lastState:`, `- containerID: …`, `- name: app`, `  # …`, `---`: a line of the YAML that Kubernetes' tools write. */
const YAML_LINE = /^\s*(?:- ){0,8}(?:(?:"[^"]{1,80}"|'[^']{1,80}'|[A-Za-z_][\w./-]{0,80}):(?:\s.*)?|- \S.*|#.*|---)$/
/** What only the status of a pod has. */
const TELLS =
  /^\s*(?:- ){0,8}(?:lastState|state|terminated|containerStatuses|initContainerStatuses):$|^\s*(?:- )?reason: ["']?(?:Evicted["']?$|OutOfMemoryError: )/
const WHOLE = /^\s*(?:- )?(?:apiVersion: *v1|kind: *(?:Pod|Node|Event|List|PodList|EventList|NodeList))$/

/** `Name:             cart-0`: a description has its values in a column. */
const DESCRIBED = /^[A-Z][\w ]{0,40}: {2,}\S/

export interface YamlBlock {
  /** Index behind its last line. */
  readonly to: number
  /** It holds whole objects. */
  readonly whole: boolean
}

/** The run of YAML lines that begins at `from`, if it tells of a pod's status; `null` otherwise. */
export function yamlBlockAt(lines: readonly string[], from: number): YamlBlock | null {
  if (!YAML_LINE.test(lines[from] ?? '')) return null
  let to = from
  let tells = false
  let whole = false
  for (; to < lines.length; to += 1) {
    const line = lines[to] ?? ''
    if (line === JOINED) continue
    if (DESCRIBED.test(line)) break
    if (line.trim() === '' && (to + 1 >= lines.length || !YAML_LINE.test(lines[to + 1] ?? ''))) break
    if (line.trim() !== '' && !YAML_LINE.test(line) && !isContinued(lines, to, from)) break
    tells ||= TELLS.test(line)
    whole ||= WHOLE.test(line)
  }
  return tells || whole ? { to, whole } : null
}

/** The rest of a text that was folded, deeper than the key it belongs to. */
const isContinued = (lines: readonly string[], at: number, from: number): boolean => {
  const [above, line] = [lines[at - 1] ?? '', lines[at] ?? '']
  return at > from && indentOf(line) >= indentOf(above) && indentOf(line) >= (/: '[^']*$/.test(above) ? 2 : 4)
}

/**
 * Trees of a part of some YAML. `grep -A8 lastState` begins deep and ends shallow: where a line stands left of all before it, another part begins; what
 * cannot be read as one is read from the next key on.
 */
export function treesOfBlock(lines: readonly string[], offsetOf: (index: number) => number): Tree[] {
  const trees: Tree[] = []
  for (let start = 0; start < lines.length; ) {
    const indent = indentOf(lines[start] ?? '')
    let end = start + 1
    while (
      end < lines.length &&
      ((lines[end] ?? '').trim() === '' || indentOf(lines[end] ?? '') >= indent) &&
      (lines[end] ?? '').trim() !== '--'
    )
      end += 1
    const tree = parsePlainYaml(lines.slice(start, end).join('\n'), offsetOf(start))
    if (tree !== null) trees.push(tree)
    start = tree === null ? start + 1 : end
    while (start < lines.length && tree === null && !TELLS.test(lines[start] ?? '')) start += 1
  }
  return trees
}
