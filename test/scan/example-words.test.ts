import { describe, expect, it } from 'vitest'
import { exampleLines } from '../../src/scan/text/example-lines.ts'

const real =
  'Memory cgroup out of memory: Killed process 28734 (java) total-vm:4122044kB, anon-rss:1046220kB, file-rss:11308kB, shmem-rss:0kB'
const isExample = (text: string): boolean => exampleLines(text).length > 0
const page = (announced: string, below: string, kill = real): string => `${announced}\n\n${kill}\n\n${below}\n`

const will = 'The kernel will log this:'
const plain = 'The words in the log:'
const explains = 'The number is the process id.'
const advises = 'Raise the limit of the container.'

it('two signs are asked for, and one of them is that the text teaches', () => {
  expect(isExample(page(will, explains))).toBe(true)
  expect(isExample(page(will, advises))).toBe(true)
  expect(isExample(page(will, 'It is a long text.'))).toBe(false)
  expect(isExample(page(plain, explains))).toBe(false)
  expect(isExample(page('For example:', advises))).toBe(false)
  expect(isExample(page(plain, `${explains}\n${advises}`))).toBe(true)
})

describe('how texts announce what could be seen', () => {
  it.each([
    'For example this line:',
    'For instance this line:',
    'Somewhere, e.g. there:',
    'Some examples of it:',
    'Here is a sample output:',
    'Here is a sample line:',
    'Here is a sample message:',
    'Here is a sample log:',
    'The typical entry is:',
    'It is typically this:',
    'There are words such as:',
    'It looks as follows here.',
    'It look as follows here.',
    'It looks like what follows.',
    'There is something similar to it.',
    'A message along the lines of it.',
    'The lines like it are:',
    'An entry like it is:',
    'The entries like it are:',
    'The output like it is:',
    'Quite similar to this:',
    'Similar to the following.',
    'Then you see the words:',
    'Then you’ll find the words:',
    'Then you will get the words:',
    'Then you would notice them:',
    'Then you can spot the words:',
    'Then you may then see them:',
    'Then you might see them:',
    'Then you should see them:',
    'Then you could see them:',
    'The system will then print it:',
    'The system would write it:',
    'The system may report it:',
    'The system might show it:',
    'The system can emit it:',
    'The log will contain it:',
    'There will appear a line:',
    'That will look this way:',
    'The kernel logs these words:',
    'And it prints these words:',
    'And it writes these words:',
    'And it emits these words:',
    'Im Log steht z. B. dies:',
    'Im Log steht zum Beispiel:',
    'Ein Beispiel aus dem Log:',
    'Par exemple ces mots-ci:',
    'Por ejemplo estas líneas:',
    'Ad esempio queste righe:',
    'Por exemplo estas linhas:',
    'В журнале, например, это:',
    '日志中可能会出现下面一行，例如：',
    '日志中可能会出现下面的一行，比如：',
    'ログには次のような行が出ます、例えば：',
  ])('%s', (announced) => {
    expect(isExample(page(announced, explains))).toBe(true)
  })

  it.each([
    ['sehen Sie', 'Zum Beispiel sehen Sie diese Zeile:'],
    ['siehst du', 'Zum Beispiel siehst du diese Zeile:'],
    ['vous verrez', 'Par exemple vous verrez cette ligne:'],
    ['verás', 'Por ejemplo verás esta línea:'],
    ['verrà', 'Ad esempio verrà questa riga:'],
    ['vedrai', 'Ad esempio vedrai questa riga:'],
    ['você verá', 'Por exemplo você verá esta linha:'],
    ['увидите', 'Вы увидите, например, строку:'],
    ['you will', 'There you will find a line:'],
    ['it would', 'Then it would then print a line:'],
    ['kernel may', 'The kernel may emit a line:'],
    ['log might', 'The log might contain a line:'],
    ['system should', 'The system should report a line, for example:'],
    ['you’ll', 'There you’ll notice a line:'],
  ])('%s: what a reader has not seen yet', (_, announced) => {
    expect(isExample(page(announced, advises))).toBe(true)
  })
})

describe('what such a line means, and what to do then', () => {
  it.each([
    'Here total-vm is the size.',
    'Then anon-rss are its pages.',
    'And file-rss means its files.',
    'And shmem-rss stands for tmpfs.',
    'And pgtables stand for tables.',
    'The oom_score shows its badness.',
    'The oom_score_adj tells the policy.',
    'The oom_memcg (the first) is a cgroup.',
    'The task_memcg is its cgroup.',
    'The `number` is the process.',
    'That value = the resident set.',
    'Die Zahl ist die Nummer.',
    'The PID: what ended there.',
    'The process id – who ended.',
    'Le PID est le processus.',
    'El PID es el proceso.',
    'Les PID sont des processus.',
    'Il PID è il processo.',
    'O PID é o processo.',
    'Здесь PID это процесс.',
    'ここで PID は番号です。',
    '这里 PID 是进程号。',
  ])('%s', (below) => {
    expect(isExample(page('For example:', below))).toBe(true)
  })

  it.each([
    'The total-vm is about it all.',
    'The anon-rss is only a part.',
    'The total-vm is ~ all of it.',
    'The anon-rss is 1.0 GiB.',
    'The anon-rss is 97% of it.',
  ])('%s: a figure is somebody’s', (below) => {
    expect(isExample(page('For example:', below))).toBe(false)
  })

  it.each([
    'If it ends, it starts anew.',
    'When it ends, it starts anew.',
    'Whenever it ends, it starts.',
    'Once it ends, it starts anew.',
    'In case it ends, it starts.',
    'Wenn es endet, startet es neu.',
    'Falls es endet, startet es neu.',
    'Sobald es endet, startet es.',
    'Si el proceso termina, arranca.',
    'Lorsque il finit, il repart.',
    'Quand il finit, il repart.',
    'Cuando termina, arranca otra vez.',
    'Quando finisce, riparte da solo.',
    'Se finisce, riparte da solo.',
    'Если он завершён, он стартует.',
    'Когда он завершён, он стартует.',
    '如果内存不足，内核会结束一个进程。',
    '当内存不足时，内核会结束一个进程。',
    '- Increase the limit of it.',
    '* Lower the usage of it all.',
    'Set the limit of the pod.',
    'Check the limit of the pod.',
    'Ensure the limit of the pod.',
    'Make sure that it has memory.',
    'Consider the limit of the pod.',
    'Tune the limit of the pod.',
    'Adjust the limit of the pod.',
    'Avoid the limit of the pod.',
    'Enable the swap of the node.',
    'Disable the swap of the node.',
    'Use the other allocator then.',
    'Note the limit of the pod.',
  ])('%s', (below) => {
    expect(isExample(page(will, below))).toBe(true)
  })

  it('a line that somebody made up', () => {
    const kill = (pid: number | string, name: string, kb = '912044'): string =>
      `Out of memory: Killed process ${pid} (${name}) total-vm:${kb}kB, anon-rss:8kB`
    for (const pid of [123, 1234, 12345, 123456, 4321, 54321, 9999, 1111, 100, 1000, 10000])
      expect(isExample(page('For example:', 'It is a long text.', kill(pid, 'java'))), String(pid)).toBe(true)
    for (const name of ['example', 'foo', 'bar', 'myapp', 'my-app', 'my_app', 'app_name', 'process_name', 'program', 'your_app'])
      expect(isExample(page('For example:', 'It is a long text.', kill(2871, name))), name).toBe(true)
    for (const kb of ['123456', '1234567', '654321', '12345', '9999'])
      expect(isExample(page('For example:', 'It is a long text.', kill(2871, 'java', kb))), kb).toBe(true)
    for (const task of ['example', 'foo', 'myapp', 'my-app'])
      expect(
        isExample(page('For example:', 'It is a long text.', `oom-kill:constraint=CONSTRAINT_NONE,task=${task},pid=2871,uid=0`)),
        task,
      ).toBe(true)
    expect(isExample(page('For example:', 'It is a long text.', kill(2871, 'java')))).toBe(false)
    expect(isExample(page('For example:', 'It is a long text.', kill(12, 'foobar')))).toBe(false)
  })
})

describe('somebody to whom it happened', () => {
  it.each(
    `It was on my server.|It was on our server.|The server is ours there.|Then I saw it there.|Then I’m lost with it.|Then I’ve lost with it.|Then we saw it there.|Then we’re lost with it.|Then we’ve seen it there.|It tells us a thing.|Es war mein Server da.|Es war unser Server da.|Dann sahen wir es da.|Dann sah ich es da.|C’est notre serveur là.|Ce sont nos serveurs là.|Ici nous voyons cela.|C’est mon serveur là.|Es nuestro servidor ahí.|Es nuestra base ahí.|It was yesterday there.|It was today in there.|It was tonight in there.|It was last night there.|It was last week there.|It was this morning there.|It was this week there.|It was this afternoon.|It is so since Monday.|It is there once again.|Es war gestern abend so.|Es ist seit Montag so.|Es ist heute auch so.|C’était hier soir là.|Fue ayer por la tarde.|Hi everybody over there.|Hello everybody there.|Hey everybody over there.|Hallo zusammen da oben.|Bonjour tout le monde.|Hola todos ahí arriba.|Dear colleagues there.|Many thanks in advance.|With kind regards then.|Any help is welcome there.|So please look at it.|Danke schon im Voraus.|Muchas gracias a todos.|Merci bien à vous tous.|И мы видим это там же.|Это наш сервер там же.|我们的服务器是这样的，看这里。|私たちのサーバーです、これは。|昨日のサーバーはこうでした。|昨天服务器就是这样的，看这里。|It was at 07:04 there.|It was on 2026-11-24 there.|The kernel is 5.15.0-91 there.|Ask root@node7 about it.|It is in OPS-4711 there.|It was an incident there.|It was an outage there.|See the postmortem of it.|This is the root cause.|The affected pod is there.|There is a ticket for it.|Ask the on-call about it.|It happened over there.|The server crashed there.|The server restarted there.|The server died in there.|The server went down there.`.split(
      '|',
    ),
  )('%s', (told) => {
    expect(isExample(page(will, explains))).toBe(true)
    expect(isExample(page(will, `${explains}\n${told}`))).toBe(false)
  })

  it.each([
    'In it I can see the limit.',
    'In it we will see the limit.',
    'The service is restarted then.',
    'The pods are restarted then.',
    'It will be restarted by it.',
    'The pod gets restarted then.',
  ])('%s: said of everybody', (told) => {
    expect(isExample(page(will, `${explains}\n${told}`))).toBe(true)
  })

  it('one who names the machine of the line', () => {
    const line = `Nov 24 07:04:29 node7 kernel: [ 8123.100010] ${real}`
    expect(isExample(page(will, explains, line))).toBe(true)
    expect(isExample(page(will, `${explains}\nLook at node7 for it.`, line))).toBe(false)
  })
})

describe('where such lines stand', () => {
  const kill = (text: string, below = explains): boolean => isExample(page('For example:', below, text))

  it.each([
    `[ 8123.100010] ${real}`,
    `[Tue Nov 24 07:04:29 2026] ${real}`,
    `Nov 24 07:04:29 node7 kernel: ${real}`,
    `Nov 24 07:04:29 node7 kernel: [ 8123.100010] ${real}`,
    `> ${real}`,
    `    ${real}`,
    'Out of memory: Kill process 28734 (java) score 9 or sacrifice child',
    'Killed process 28734 (java) total-vm:9kB',
    'oom-kill:constraint=CONSTRAINT_NONE,task=java,pid=28734,uid=0',
    'oom_reaper: reaped process 28734 (java)',
    'sending SIGTERM to process 28734 uid 0 "java"',
    'host earlyoom[612]: sending SIGKILL to process 28734 uid 0 "java"',
    'Killed /a.slice due to memory pressure for /a.slice',
    'Killed /a.slice due to swap used (9) / total',
  ])('%s', (line) => {
    expect(kill(line)).toBe(true)
  })

  it('right below prose, a heading or a word, in no log', () => {
    expect(isExample(`# The kernel’s words\n\n${real}\n\n${explains}\n${advises}\n`)).toBe(true)
    expect(isExample(`The kernel’s words\n==================\n\n${real}\n\n${explains}\n${advises}\n`)).toBe(true)
    expect(isExample(`The kernel’s words\n------------------\n\n${real}\n\n${explains}\n${advises}\n`)).toBe(true)
    expect(isExample(`some words\n\n${real}\n\n${explains}\n${advises}\n`)).toBe(false)
    expect(isExample(`${real}\n\n${explains}\n${advises}\n`)).toBe(false)
    expect(isExample(page(will, `[  100.000001] usb 1-1: new device\n${explains}`))).toBe(false)
    expect(isExample(page(will, `Nov 24 06:04:29 node7 x\n${explains}`.replace('06:04:29', '06:0')))).toBe(false)
    expect(isExample(`${will}\n\n\n\n\n\n${real}\n\n${explains}\n`)).toBe(false)
    for (const mark of ['```', '~~~', '<pre>', '<code>', '{code}', '{noformat}'])
      expect(isExample(`${will}\n${mark}\n${real}\n${mark}\n${explains}\n`), mark).toBe(true)
    expect(exampleLines(`${will}\n${real}\n${real}\n${real}\n${explains}\n`)).toEqual([{ from: 1, to: 4 }])
    expect(exampleLines(`${will}\n${real}\n${real}\n${real}\n${real}\n${explains}\n`)).toEqual([])
    expect(exampleLines(`${will}\n${real}\n${explains}\n${will}\n${real}\n${explains}\n`)).toHaveLength(2)
    expect(exampleLines(`${will}\n${explains}\n`)).toEqual([])
    expect(exampleLines(`${real}\n`)).toEqual([])
  })
})
