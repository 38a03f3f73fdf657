// Small faults for a source file: what `scripts/mutate.mjs` puts in to see whether the room's tests notice. By the syntax tree that Vite's own parser makes,
// so that types, imports and prose stay as they are. All faults of a file stand in one text, each behind a switch: the tests are loaded once for all of them.
import { parseAst } from 'vite'

/** Operators and what they become: boundaries, negations, one logical or arithmetic operator for the other. */
const operators = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
}
const methods = { some: 'every', every: 'some', min: 'max', max: 'min', startsWith: 'endsWith', endsWith: 'startsWith' }
/** What is said, and rules' own names, titles and weights, are judged by readers and by tables of answers, not by boundaries. */
const prose = /^(id|title|text|why|weight|question|command|doubt|example|source)$/

/**
 * @typedef {{ start: number, end: number, text: string, what: string, wrap: 'paren' | 'block' | 'name' }} Fault `text` takes the place of the code from `start` to `end`
 * @returns {Fault[]} in order of place, an outer one before those inside it
 */
export function faultsOf(code) {
  const found = []
  const textOf = (node) => code.slice(node.start, node.end)
  const add = (node, text, what, wrap = 'paren') => found.push({ start: node.start, end: node.end, text, what, wrap })
  const visit = (node, parent) => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one, parent)
      return
    }
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return
    if (/^(ImportDeclaration|TSInterface|TSTypeAlias|TSTypeAnnotation|TSTypeParameter)/.test(node.type)) return
    if (node.type === 'Property' && prose.test(node.key.name ?? '')) return
    if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') binary(node, parent)
    if (node.type === 'Literal' && typeof node.value === 'number') number(node)
    if (node.type === 'Literal' && typeof node.value === 'boolean') add(node, String(!node.value), `${node.value} → ${!node.value}`)
    if (node.type === 'UnaryExpression' && node.operator === '!') add(node, textOf(node.argument), '! removed')
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') called(node.callee)
    if (node.type === 'IfStatement') add(node.test, 'false', 'if → never')
    for (const [key, value] of Object.entries(node))
      if (!/^(typeAnnotation|returnType|typeParameters|typeArguments)$/.test(key) && !(key === 'key' && !node.computed)) visit(value, node)
  }
  // A tenth more of a small whole number is nothing where things are counted or cut.
  const number = (node) => {
    const counts = Number.isInteger(node.value) && node.value < 10
    add(node, counts ? String(node.value + 1) : `${textOf(node)} * 1.1`, `${textOf(node)} → ${counts ? node.value + 1 : '× 1.1'}`)
  }
  const binary = (node, parent) => {
    const { operator, left, right } = node
    const other = operators[operator]
    const joinsText = operator === '+' && /['"`]/.test(textOf(left) + textOf(right))
    const at = left.end + code.slice(left.end, right.start).indexOf(operator)
    if (other === undefined || joinsText) return
    const text = code.slice(node.start, at) + other + code.slice(at + operator.length, node.end)
    add(node, text, `${operator} → ${other}`, parent?.type === 'ExpressionStatement' ? 'block' : 'paren')
  }
  const called = ({ object, property, computed }) => {
    const other = Object.hasOwn(methods, property.name ?? '') ? methods[property.name] : undefined
    if (other === undefined || computed) return
    const dot = object.end + code.slice(object.end, property.start).lastIndexOf('.')
    add({ start: dot, end: property.end }, other, `${property.name} → ${other}`, 'name')
  }
  visit(parseAst(code, { lang: 'ts' }).body)
  return found.sort((a, b) => a.start - b.start || b.end - a.end)
}

/** The code with a switch for every fault: `fault(n)` says whether the n-th of all, counted from `first`, is put in. */
export function withSwitches(code, faults, first) {
  const numbered = faults.map((fault, index) => ({ fault, id: first + index }))
  return rendered(code, 0, code.length, numbered)
}

function rendered(code, from, to, numbered) {
  let out = ''
  let at = from
  for (let i = 0; i < numbered.length; ) {
    const { fault, id } = numbered[i]
    let next = i + 1
    while (next < numbered.length && numbered[next].fault.start < fault.end) next += 1
    const inside = rendered(code, fault.start, fault.end, numbered.slice(i + 1, next))
    out += code.slice(at, fault.start) + switched(code, fault, id, inside)
    at = fault.end
    i = next
  }
  return out + code.slice(at, to)
}

/** A name in brackets keeps what an optional chain skips; a block keeps a line that starts a statement apart from the line above. */
function switched(code, { start, text, wrap, end }, id, inside) {
  const asked = `globalThis.fault(${id})`
  if (wrap === 'name') return `${code[start - 1] === '?' ? '.' : ''}[${asked} ? '${text}' : '${code.slice(start + 1, end).trim()}']`
  const either = `(${asked} ? (${text}) : (${inside}))`
  return wrap === 'block' ? `{${either}}` : either
}

export function placeOf(code, start) {
  const line = code.slice(0, start).split('\n').length
  return { line, text: (code.split('\n')[line - 1] ?? '').trim() }
}
