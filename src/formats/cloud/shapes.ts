import { isMembers, type Members } from './object-record.ts'

/**
 * Brings the frames that services put around an entry to one plain object: Loki's `[ns, line]` beside its labels, Azure's rows beside their
 * columns, CloudWatch Insights' list of field and value, `_source` (Elasticsearch), `result` (Splunk), `attributes` (Datadog), Graylog's message.
 */
export function plainEntry(value: unknown, beside: Members): Members | null {
  if (Array.isArray(value)) return fromList(value, beside)
  if (!isMembers(value)) return null
  const { _source: source, result, attributes, fields } = value
  if (isMembers(source)) return { ...source, _index: value['_index'] ?? '', _id: value['_id'] ?? '', sort: value['sort'] }
  if (isMembers(result) && ('preview' in value || '_raw' in result)) return result
  if (isMembers(attributes) && ('message' in attributes || 'timestamp' in attributes))
    return { id: value['id'], ...attributes, tags: tagsOf(attributes['tags']) }
  if (isMembers(value['message']) && ('index' in value || 'gl2_source_input' in value['message'])) return value['message']
  if (isMembers(fields) && '_index' in value) return { ...firstOfEach(fields), _index: value['_index'], _id: value['_id'] }
  return value
}

function fromList(list: readonly unknown[], beside: Members): Members | null {
  const columns = beside['columns']
  if (Array.isArray(columns)) {
    const names = columns.map((column) => (isMembers(column) ? String(column['name'] ?? column['ColumnName'] ?? '') : String(column)))
    return Object.fromEntries(list.map((cell, index) => [names[index] ?? String(index), cell]))
  }
  if (typeof list[0] === 'string' && typeof list[1] === 'string') {
    const labels = isMembers(beside['stream']) ? beside['stream'] : {}
    return { timestamp: list[0], line: list[1], labels: isMembers(list[2]) ? { ...labels, ...list[2] } : labels }
  }
  if (list.every((cell) => isMembers(cell) && typeof cell['field'] === 'string')) {
    return Object.fromEntries((list as Members[]).map((cell) => [cell['field'] as string, cell['value']]))
  }
  return null
}

/** `["pod_name:x", "kube_namespace:y"]` → an object. */
function tagsOf(tags: unknown): Members {
  if (!Array.isArray(tags)) return {}
  const pairs = tags.filter((tag): tag is string => typeof tag === 'string' && tag.includes(':'))
  return Object.fromEntries(pairs.map((tag) => [tag.slice(0, tag.indexOf(':')), tag.slice(tag.indexOf(':') + 1)]))
}

function firstOfEach(fields: Members): Members {
  return Object.fromEntries(Object.entries(fields).map(([key, member]) => [key, Array.isArray(member) ? member[0] : member]))
}
