import { type BundleLayout, rules } from './define-layout.ts'

/** sos report 3 and 4: files are named by command. The collector's root links (`date`, `uptime`, `free`) are not needed. */
export const sos: BundleLayout = {
  id: 'sos',
  title: 'sos report (sosreport), 3 and 4',
  single: true,
  markers: [['sos_commands', 'sos_reports'], ['sos_commands', 'sos_logs'], ['sos_commands', 'version.txt'], ['sos_commands']],
  rules: rules({
    'sos_commands/{kernel,general}/dmesg*': 'kernel',
    'var/crash/**/{vmcore-dmesg.txt,dmesg*,kexec-dmesg.log}': 'kernel',
    '{sys/fs/pstore,var/lib/systemd/pstore}/**/*': 'kernel',
    'sos_commands/**/journalctl*kubelet*': 'kubelet',
    'sos_commands/{crio,containerd,docker,podman}/**/journalctl*': 'runtime',
    'sos_commands/logs/journalctl*': 'journal',
    'sos_strings/logs/*journalctl*': 'journal',
    'sos_commands/{crio,containerd}/**/crictl_logs_-t_<containerId>': 'container-log',
    'sos_commands/{docker,podman}/**/{docker,podman}_logs_-t_<containerId>': 'container-log',
    'sos_commands/crio/**/crictl_inspect*': 'runtime',
    'sos_commands/date/{date,date_*}': 'date',
    'sos_commands/systemd/timedatectl*': 'timezone',
    'sos_commands/{host,general}/uptime*': 'uptime',
    'sos_commands/{host,general}/hostname*': 'hostname',
    '{date,uptime,hostname}': null,
    'sos_commands/kernel/sysctl*': 'sysctl',
    'sos_commands/process/ps*': 'ps',
    'sos_commands/{kubernetes,openshift}/**/*{describe,get}*node*': 'nodes',
    'sos_commands/{kubernetes,openshift}/**/*pods*': 'pods',
    'sos_commands/{kubernetes,openshift}/**/pods/*.yaml': 'pods',
    'sos_commands/{kubernetes,openshift}/**/*events*': 'events',
  }),
}
