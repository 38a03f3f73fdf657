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

/** As a counter makes them: the first digits of all containers' ids are the same, and the last of all pods' UIDs. */
describe('ids that were counted and not dealt are told apart', () => {
  const container = (n: number): string => n.toString(16).padStart(64, '0')
  const pod = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`
  test.each([
    [[container(7)], `StartContainer for "${container(7)}"`, true],
    [[container(7)], `StartContainer for "${container(8)}"`, false],
    [[container(7)], `conmon ${container(7).slice(0, 20)} <ninfo>: container 4242 exited`, true],
    [[container(7).slice(0, 20)], `StartContainer for "${container(8)}"`, true],
    [['00000000000000000007'], `StartContainer for "${container(8)}"`, false],
    [[pod(7)], `kubepods-burstable-pod${pod(7).replaceAll('-', '_')}.slice: Consumed`, true],
    [[pod(7)], `kubepods-burstable-pod${pod(8).replaceAll('-', '_')}.slice: Consumed`, false],
    [[pod(7)], 'a pod whose name ends in -000000000000', true],
    [[pod(7)], `StartContainer for "${container(8)}"`, false],
    [[pod(7), container(9)], `sandbox of ${pod(8)}: "${container(9)}"`, true],
    [[pod(7), container(9)], `sandbox of ${pod(7)}: "${container(8)}"`, true],
    [[pod(7), container(9), 'web-0'], `sandbox of ${pod(8)}: "${container(8)}" of web-0`, true],
    // The digits of an id are a name's, too: it is found by these alone.
    [[pod(7), `docker-${container(9)}.scope`], `Started docker-${container(9)}.scope`, true],
    [[pod(7), `docker-${container(9)}.scope`], `Started docker-${container(8)}.scope`, false],
  ])('%j in %s: %s', (names, line, found) => {
    const bytes = new TextEncoder().encode(`before ${line} behind`)
    expect(openWanted(names).isIn(bytes, 7, bytes.length - 7)).toBe(found)
  })
})
