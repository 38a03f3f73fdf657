/**
 * Trees of a machine that hold files with one number or one date which no clock wrote: `/proc/sys/net/ipv4/tcp_notsent_lowat` (4294967295),
 * `/sys/fs/cgroup/…/memory.current`, `/proc/1/stat`, a build date below `/etc` or `/usr`. `sys/uptime` (microk8s inspect) is none of them.
 */
const notClocks =
  /(?:^|\/)(?:proc\/(?:sys|net|fs|self|irq|bus|driver|tty|scsi|sysvipc|acpi|asound|\d+)\/|sys\/(?:block|bus|class|dev|devices|firmware|fs|hypervisor|kernel|module|power)\/|(?:etc|lib|lib64|opt|boot)\/|usr\/(?!s?bin\/)|var\/(?:lib|cache|spool|tmp)\/)/

/** `date`, `date_+%s.%N`, `date.txt`, `timestamp`, `proc-uptime.txt`, `clock.txt`, `timedatectl_status`. */
const clockWords = /(?:^|[^a-z])(?:date|dates|time|times|datetime|uptime|timestamp|clock|hwclock|epoch|now|timedatectl)(?:[^a-z]|$)/

/** What a file's place says: `named` a clock by its name, `other` where only several clock lines together may make it one, `barred` never. */
export type ClockPlace = 'named' | 'other' | 'barred'

export function clockPlace(path: string): ClockPlace {
  if (notClocks.test(path)) return 'barred'
  // `date.txt`, `uptime/node-a.log`
  return clockWords.test(path.split('/').slice(-2).join('/').toLowerCase()) ? 'named' : 'other'
}
