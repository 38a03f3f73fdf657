import { describe, expect, test } from 'vitest'
import { openWanted } from '../../src/scan/search/words.ts'

const id = '25a38b5b8d556d79735da9b0c9aab3f1b7d1bb7f0f3b8e0a5c9c7a1d2e3f4a5b'
const uid = '10ab92e6-9e45-483d-bfc0-f782cf7a37fc'

const isIn = (name: string, line: string): boolean => {
  const bytes = new TextEncoder().encode(line)
  return openWanted([name]).isIn(bytes, 0, bytes.length)
}

describe('a name is found in whatever notation a line has it', () => {
  test.each([
    [id, `msg="StartContainer for \\"${id}\\" returns successfully"`],
    [id, `Started cri-containerd-${id}.scope - libcontainer container.`],
    [id, `conmon ${id.slice(0, 20)} <ninfo>: container 4242 exited with status 1`],
    [id.slice(0, 12), `containerID="containerd://${id}"`],
    [uid, `event={"ID":"${uid}","Type":"ContainerDied"}`],
    [uid, `kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice: Consumed`],
    [uid, `back-off 40s restarting failed container=c pod=web_shop(${uid})`],
    ['web', 'pod="shop/web" containerName="app"'],
    ['web-0', 'back-off 40s restarting failed container=c pod=web-0_shop(1)'],
    ['web-0', 'io.kubernetes.pod.name=web-0, image=x'],
    ['web-0', 'Killing unwanted pod web-0.'],
    ['web-0', '{"name":"web-0","namespace":"shop"}'],
    ['my_app.service', 'systemd[1]: my_app.service: Scheduled restart job, restart counter is at 2.'],
    ['getty@tty1.service', 'systemd[1]: Started getty@tty1.service - Getty on tty1.'],
    ['137', 'exitCode=137'],
    ['137', '"exitCode":137}'],
    // A name without a word of its own may be meant by any line.
    ['é', 'anything'],
  ])('%s in %s', (name, line) => expect(isIn(name, line)).toBe(true))

  test.each([
    ['web-0', 'pod="shop/web-01"'],
    ['web-0', 'pod="shop/my-web-0"'],
    ['137', 'pid=1137 and 13.7'],
    [id, `containerID="containerd://b${id.slice(1)}"`],
    [uid, 'podUID="10ab92e6-9e45-483d-bfc0-f782cf7a37fd"'],
  ])('%s not in %s', (name, line) => expect(isIn(name, line)).toBe(false))
})
