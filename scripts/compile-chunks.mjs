// Runs the built command line on some logs and keeps the code that V8 compiled for that: see src/cli/load.ts.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import v8 from 'node:v8'

const own = fileURLToPath(import.meta.url)

/** Keeps compiled code for the command line in `folder`. Nothing hangs on it but speed: a failure is told and leaves the build as it is. */
export function compileChunks(folder) {
  // In a process of its own, by its own rules: nothing else has compiled anything there, and no flags are set.
  const { status, stderr } = spawnSync(process.execPath, [own, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if (status !== 0) console.warn(`no compiled code is kept:\n${stderr}`)
}

/** What people have: the kernel's log as `dmesg` prints it, and in the system's log. */
function writeLogs(folder) {
  const reports = ['6.1-g-global-kubepods', '6.12-b-kubepods-cri-containerd', '5.10-c-v1-pod-limit']
  return reports.flatMap((name) => {
    const syslog = path.join(path.dirname(path.dirname(own)), `bench/reports/${name}.log`)
    const dmesg = path.join(folder, `${name}.txt`)
    writeFileSync(dmesg, readFileSync(syslog, 'latin1').replace(/^\S+ \S+ kernel: /gm, ''), 'latin1')
    return [dmesg, syslog]
  })
}

async function keepCode(folder, logs) {
  const loader = path.join(folder, 'load.js')
  const require = createRequire(loader)
  const { compiledFolder, compiledName, keptTwice, openChunks } = require(loader)
  const { require: load, loaded } = openChunks(require, folder, null)
  const { main } = load('./main.js')
  // Code that has not run for a while would be dropped.
  v8.setFlagsFromString('--no-flush-bytecode')
  for (const log of logs) await main(['analyze', log, '--format', 'md'])
  for (const format of ['text', 'html', 'json']) await main(['analyze', ...logs, '--format', format])
  v8.setFlagsFromString('--flush-bytecode')
  const target = compiledFolder(folder)
  mkdirSync(target, { recursive: true })
  for (const { name, script } of loaded) writeFileSync(path.join(target, compiledName(name)), keptTwice(script.createCachedData()))
}

if (process.argv[1] === own) {
  const folder = mkdtempSync(path.join(tmpdir(), 'oom-report-build-'))
  try {
    await keepCode(path.resolve(process.argv[2]), writeLogs(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
