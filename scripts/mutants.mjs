// Small faults for a source file, one each: what `scripts/mutate.mjs` puts in to see whether the room's tests notice. By the syntax tree that Vite's own parser makes,
// so that types, imports and prose stay as they are.
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

/** @returns {{ start: number, end: number, text: string, what: string }[]} in order of place */
export function mutantsOf(code) {
  const found = []
  const add = (start, end, text, what) => found.push({ start, end, text, what })
  const textOf = (node) => code.slice(node.start, node.end)
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return
    if (/^(ImportDeclaration|TSInterface|TSTypeAlias|TSTypeAnnotation|TSTypeParameter)/.test(node.type)) return
    if (node.type === 'Property' && prose.test(node.key.name ?? '')) return
    if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') binary(node)
    if (node.type === 'Literal' && typeof node.value === 'number')
      add(node.start, node.end, node.value === 0 ? '1' : `(${textOf(node)} * 1.1)`, `${textOf(node)} → ${node.value === 0 ? '1' : '× 1.1'}`)
    if (node.type === 'Literal' && typeof node.value === 'boolean')
      add(node.start, node.end, String(!node.value), `${node.value} → ${!node.value}`)
    if (node.type === 'UnaryExpression' && node.operator === '!') add(node.start, node.end, `(${textOf(node.argument)})`, '! removed')
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') called(node.callee.property)
    if (node.type === 'IfStatement') add(node.test.start, node.test.end, 'false', 'if → never')
    for (const [key, value] of Object.entries(node))
      if (!/^(typeAnnotation|returnType|typeParameters|typeArguments)$/.test(key)) visit(value)
  }
  const binary = ({ operator, left, right }) => {
    const other = operators[operator]
    const joinsText = operator === '+' && /['"`]/.test(textOf(left) + textOf(right))
    const at = left.end + code.slice(left.end, right.start).indexOf(operator)
    if (other !== undefined && !joinsText) add(at, at + operator.length, other, `${operator} → ${other}`)
  }
  const called = (name) => {
    if (Object.hasOwn(methods, name.name)) add(name.start, name.end, methods[name.name], `${name.name} → ${methods[name.name]}`)
  }
  visit(parseAst(code, { lang: 'ts' }).body)
  return found.sort((a, b) => a.start - b.start)
}

export const applied = (code, { start, end, text }) => code.slice(0, start) + text + code.slice(end)

export function placeOf(code, start) {
  const line = code.slice(0, start).split('\n').length
  return { line, text: (code.split('\n')[line - 1] ?? '').trim() }
}
