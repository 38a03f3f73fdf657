import { type BundleLayout, rules } from './define-layout.ts'

/** SUSE supportconfig: one text a subject, each of many commands under `#==[ Command ]===#` heads. */
export const supportconfig: BundleLayout = {
  id: 'supportconfig',
  title: 'SUSE supportconfig',
  single: true,
  markers: [['basic-environment.txt'], ['supportconfig.txt', 'messages.txt'], ['basic-health-check.txt', 'boot.txt']],
  rules: rules({
    'basic-environment.txt': 'date',
    'boot.txt': 'kernel',
    'crash.txt': 'kernel',
    'messages*.txt': 'syslog',
    'memory.txt': 'meminfo',
    'basic-health-check.txt': 'ps',
    'env.txt': 'sysctl',
    'docker.txt': 'runtime',
  }),
}

/** What kexec-tools (RHEL), kdump-tools (Debian) and SUSE leave of a crash: a folder named by its time. */
export const kdump: BundleLayout = {
  id: 'kdump',
  title: 'kdump directory (/var/crash)',
  single: true,
  part: true,
  markers: [['vmcore-dmesg.txt'], ['kexec-dmesg.log'], ['vmcore', 'dmesg.txt']],
  rules: rules({ 'vmcore-dmesg.txt': 'kernel', 'dmesg*': 'kernel', 'kexec-dmesg.log': null }),
}
