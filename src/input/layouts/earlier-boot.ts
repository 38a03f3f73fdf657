/**
 * Names of logs that end with their boot, and not when they were collected: `journalctl_--boot_-1`, a crash's `vmcore-dmesg.txt`, pstore, the ring buffer that Debian's boot
 * scripts kept (`/var/log/dmesg.0`), `previous-boot.log`. Clocks that were read at the collection are of the boot after them.
 */
const names =
  /(?:--boot|-b)[_=]-\d|vmcore-dmesg|(?:^|\/)var\/crash\/|(?:^|\/)pstore\/|ramoops|(?:^|\/)dmesg\.(?:old|\d{1,2})(?:\.gz)?$|(?:prev(?:ious)?|last)[-_]?boot/i

/** Harvester's kit numbers boots, not rotations. */
export const isOfEarlierBoot = (path: string, layout: string): boolean =>
  names.test(path) || (layout === 'harvester' && /kernel\.log\.\d$/.test(path))
