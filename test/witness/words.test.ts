import { describe, expect, it } from 'vitest'
import { brokenSightings } from '../../src/witness/broken.ts'
import { proofsIn, WIDEST, witnessLiterals } from '../../src/witness/words.ts'

const seen = (line: string): string[] => proofsIn(line).map(({ word, pid }) => (pid === null ? word : `${word} ${pid}`))

describe('each of the words, as programs print it and as people retell it', () => {
  it.each([
    ['Killed process 41 (java) total-vm:9kB', 'killed-process 41'],
    ['Killed process 41, UID 0, (java) total-vm:9kB', 'killed-process 41'],
    ['killed  process\t41', 'killed-process 41'],
    ['Killed process: #41', 'killed-process 41'],
    ['Killed process pid = 41', 'killed-process 41'],
    ['Killed process41(java)', 'killed-process 41'],
    ['Killed process: gunicorn (pid 41)', 'killed-process 41'],
    ['Killed process gunicorn, pid=41', 'killed-process 41'],
    ['Killed process gunicorn [pid: 41]', 'killed-process 41'],
    ['Killed+process+41', 'killed-process 41'],
    ['Killed process ... (java) total-vm:9kB', 'killed-process'],
    ['Killed process … (java)', 'killed-process'],
    ['Killed process xxxx (java)', 'killed-process'],
    ['Killed process **** (java)', 'killed-process'],
    ['Killed process #### (java)', 'killed-process'],
    ['Killed process <pid>(java)', 'killed-process'],
    ['Killed process [redacted] (java)', 'killed-process'],
    ['Ki11ed process 9l (worker)', 'killed-process'],
    ['K!lled pr0cess 4I [worker]', 'killed-process'],
    ['Killed process l9 {worker}', 'killed-process'],
    ['process 41 (java) total-vm:9kB', 'killed-process 41'],
    ['> process 41 (java), total-vm:9kB', 'killed-process 41'],
    ['0om-kill:constraint=CONSTRAINT_NONE', 'oom-kill'],
    ['oom-ki1l: constra1nt=', 'oom-kill'],
    ['Out of memory: Kill process 41 (a) score 9 or sacrifice child', 'kill-process 41'],
    ['Out of memory: kill process 41 (a) score 9 or a child', 'kill-process 41'],
    ['Out of memory: Kill process 41 (a)', 'kill-process 41'],
    ['Out of memory: Kill process 41 (a) ...', 'kill-process 41'],
    ['oom-kill:constraint=X,task=a,pid=41,uid=0', 'oom-kill 41'],
    ['oom-kill:constraint=X task=a pid=41', 'oom-kill 41'],
    ['oom-kill:constraint=X; pid= 41', 'oom-kill 41'],
    ['oom-kill:constraint=X,pid=3D41', 'oom-kill 41'],
    ['oom_reaper: reaped process 41 (a)', 'reaped 41'],
    ['reaped process :41 (a)', 'reaped 41'],
    ['System OOM encountered, victim process: java, pid: 41', 'victim-process 41'],
    ['victim process java,pid:41', 'victim-process 41'],
    ['Reason: OOMKilled', 'oomkilled'],
    ['0/1 Init:OOMKilled 0', 'oomkilled'],
    ['reason=PodOOMKilled', 'oomkilled'],
    ['state is OomKilled', 'oomkilled'],
    ['oom_killed: true', 'oomkilled'],
    ['oomkilled=1', 'oomkilled'],
    ['the pod was OOM killed', 'oomkilled'],
    ['the pod was OOM-Killed', 'oomkilled'],
    ['the pod was OOM_Killed', 'oomkilled'],
    ['it was oom-killed', 'oomkilled'],
    ['x{reason="OOMKilled",pod="a"} 1', 'oomkilled'],
    ['"reason":"OOMKilled"', 'oomkilled'],
    ['"OOMKilled": true', 'oomkilled'],
    ['pod is evicted successfully', 'evicted'],
    ['pods is evicted successfully', 'evicted'],
    ['"reason":"Evicted"', 'evicted'],
    [String.raw`{\"reason\":\"Evicted\"}`, 'evicted'],
    ['reason: Evicted', 'evicted'],
    ['reason=Evicted', 'evicted'],
    ['5m Warning Evicted pod/a', 'evicted'],
    ['5m Normal Evicted pod/a', 'evicted'],
    ['a 0/1 Evicted 0', 'evicted'],
    ["Failed with result 'oom-kill'.", 'unit-result'],
    ['(Result: oom-kill)', 'unit-result'],
    ['Result=oom-kill', 'unit-result'],
    ['3m Warning OOMKilling node/n1', 'npd'],
    ['PodOOMKilling x', 'npd'],
    ['Killed /a.slice due to memory pressure for /a being 80.00%', 'systemd-oomd'],
    ['Killed a.service due to memory used (9) / total', 'systemd-oomd'],
    ['Killed /a.slice due to swap used (9) / total', 'systemd-oomd'],
    ['sending SIGTERM to process 41 uid 1000', 'earlyoom 41'],
    ['sending SIGKILL to process 41 uid 1000', 'earlyoom 41'],
    ['Sending SIGTERM to chrome, Pid 41', 'nohang 41'],
    ['Sending SIGKILL to chrome, pid: 41', 'nohang 41'],
    ['oomd kill: 10.00 60.00 x', 'oomd'],
    ["lowmemorykiller: Kill 'com.app' (41), uid 10", 'lmkd 41'],
    ["lowmemorykiller(  412): Kill 'com.app' (41), uid 10", 'lmkd 41'],
    ["lowmemorykiller: Killing 'com.app' (41)", 'lmkd 41'],
    ['Sending SIGKILL to cgroup "a"', 'talos'],
    ['Detected 2 oom-kill event(s)', 'slurm'],
    ['Detected 1 oom_kill event in StepId=7.0', 'slurm'],
    ['Job 7 exceeded memory limit (9 > 8), being killed', 'slurm'],
    ['Step 7.0 exceeded virtual memory limit (9 > 8), being killed', 'slurm'],
    ['Container [pid=41,containerID=c] is running beyond physical memory limits', 'yarn 41'],
    ['Container [pid=41,containerID=c] is running beyond virtual memory limits', 'yarn 41'],
    ["Container [pid=41,containerID=c] is running 100B beyond the 'PHYSICAL' memory limit", 'yarn 41'],
    ["Container [pid=41,containerID=c] is running -1B beyond the 'VIRTUAL' memory limit", 'yarn 41'],
    // encoded: by an address, a page, a string
    ['q=Killed%20process%2041%20(java)', 'killed-process 41'],
    ['q=Killed%2520process%252041%20(java)', 'killed-process 41'],
    ['Killed process&#32;41 (java)', 'killed-process 41'],
    ['oom-kill:x,task=a,pid&#61;41', 'oom-kill 41'],
    ['oom-kill:x,task=a,pid&#x3d;41', 'oom-kill 41'],
    ['oom-kill:x,task=a,pid&amp;#61;41', 'oom-kill 41'],
    [String.raw`Killed\u0020process\u002041`, 'killed-process 41'],
  ])('%s', (line, word) => {
    expect(seen(line)).toContain(word)
  })

  it('a container’s first process', () => {
    expect(seen('container init was OOM-killed (memory limit too low?)')).toContain('init-killed')
  })
})

describe('what is none', () => {
  it.each([
    'he skilled process 41 operators',
    'Kill process 41 of the plan',
    'a process 41 (java) total-vm',
    'process 41 (java) total-vmx',
    'zoom-kill:constraint, pid=41',
    'a victim process (of it)',
    '"OOMKilled": false',
    '"OOMKilled":"no"',
    'OOMKilled=false',
    'OOMKilled: 0',
    'OOMKilled: null',
    String.raw`{\"OOMKilled\":false}`,
    'x{reason="OOMKilled"} == 1',
    'x{reason=~"OOMKilled"}',
    'x{reason="OOMKilled"} 0',
    'https://a.example/OOMKilled',
    'unOOMKilledness',
    'reason: EvictedByMe',
    'it was Evicted by a landlord',
    "the result is 'oom-killer'",
    'OOMKilling (a rule of the detector)',
    'NotOOMKilling2',
    'Killed /a.slice due to memory',
    'Killed a due to memory used up',
    'sending SIGHUP to process 41',
    'Sending SIGTERM to chrome',
    "slowlowmemorykiller: x 'a' (41)",
    'exceeded memory limit (9)',
    'Container [pid=41,containerID=c] is running',
    'Container is running beyond physical memory limits',
  ])('%s', (line) => {
    expect(seen(line)).toEqual([])
  })

  it('a metric’s label, unless a sample says that it is so', () => {
    const metric = '{"metric":{"__name__":"kube_pod_container_status_last_terminated_reason","reason":"OOMKilled"},"values":'
    expect(seen(`${metric}[[1,"0"],[2,"0"]]}`)).toEqual([])
    expect(seen(`${metric}[[1,"0.0"],[2,"00"]]}`)).toEqual([])
    expect(seen(`${metric}[[1,"0"],[2,"1"]]}`)).toEqual(['oomkilled'])
    expect(seen(metric.replace('},"values":', '}'))).toEqual([])
    expect(seen(metric.slice(0, -11))).toEqual([])
    expect(seen(`{"a":"b"} ${metric.replaceAll('__name__', 'name')}[[1,"0"]]}`)).toEqual(['oomkilled'])
  })
})

it('each is seen where a line is too long to be quoted whole, once and at its place', () => {
  const filler = 'x '.repeat(WIDEST)
  const [first, second, ...more] = proofsIn(`${filler}Killed process 41 (a) ${filler}oom_reaper: reaped process 42 ${filler}`)
  expect([first?.pid, second?.pid, more.length]).toEqual([41, 42, 0])
  expect(first?.at).toBe(filler.length)
  expect(second?.at).toBe(2 * filler.length + 'Killed process 41 (a) oom_reaper: '.length)
  expect(first?.text.length).toBeLessThanOrEqual(WIDEST)
  expect(first?.text).toContain('Killed process 41')
  // two of one stretch are both seen there, and no stretch twice
  expect(proofsIn(`${filler}reaped process 42 Killed process 41 (a)`).map(({ pid }) => pid)).toEqual([42, 41])
})

it('every word that large logs are searched for proves a death', () => {
  expect(witnessLiterals).toContain('Killed process')
  expect(witnessLiterals.every((literal) => literal !== null)).toBe(true)
})

describe('words that a break parted', () => {
  it.each([
    ['a Killed\nprocess 41 (x)\n', 'killed-process', 41],
    ['a Kil\n> led process 41\n', 'killed-process', 41],
    ['oom_reaper: rea\r\n  ped process 42\n', 'reaped', 42],
    ['State: OOMKil\nled\n', 'oomkilled', null],
  ])('%j', (text, word, pid) => {
    const all = brokenSightings('a', `first\n${text}last`)
    expect(all.map((one) => [one.word, one.pid])).toEqual([[word, pid]])
    expect(all[0]?.quote).toMatchObject({ line: 2, text: text.replace(/\n$/, '') })
  })

  it('at the end of a text', () => {
    expect(brokenSightings('a', 'Killed\nprocess 41').map(({ quote }) => quote.text)).toEqual(['Killed\nprocess 41'])
  })

  it.each(['Killed process 41\nnext', 'Killed process 41 (a)\nOOMKilled\nx', 'Killed process\n'])('none in %j', (text) => {
    expect(brokenSightings('a', text)).toEqual([])
  })
})
