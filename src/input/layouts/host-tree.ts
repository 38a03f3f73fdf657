import { type BundleLayout, rules } from './define-layout.ts'

/** What any copy of a machine's own tree holds: hier(7), proc(5). Asked after a layout's own rules. */
export const hostTree = rules({
  '**/proc/meminfo': 'meminfo',
  '**/proc/uptime': 'uptime',
  '**/proc/stat': 'btime',
  '**/proc/sys/kernel/random/boot_id': 'boot-id',
  '**/proc/sys/kernel/hostname': 'hostname',
  '**/etc/hostname': 'hostname',
  '**/etc/{localtime,timezone,adjtime}': 'timezone',
  '**/sys/fs/cgroup/**/*': 'cgroup',
  '**/pods/<namespace>_<pod>_<podUid>/<container>/*': 'container-log',
  '**/containers/<pod>_<namespace>_<container>-<containerId>.log*': 'container-log',
  '**/containers/<containerId>/<containerId>-json.log*': 'container-log',
  '**/containers/<containerId>/*': 'runtime',
  '**/journal/**/*.journal*': 'journal',
  '**/*.journal{,~}': 'journal',
  '**/{kern,kernel}{.log,}*': 'kernel',
  '**/vmcore-dmesg*': 'kernel',
  '**/dmesg*': 'kernel',
  '**/{messages,syslog}*': 'syslog',
  '**/{kubelet,k3s,k3s-agent,rke2-agent,rke2-server}{,.log,-*,.log.*}': 'kubelet',
  '**/{containerd,crio,docker,dockerd,cri,conmon}{,.log,-log.txt,.log.*}': 'runtime',
  '**/journal*': 'journal',
})

/**
 * A folder that somebody filled by hand, or an unknown collector: only roles by usual names, and a host only where the structure says so.
 */
export const plain: BundleLayout = {
  id: 'plain',
  title: 'a folder or archive of files',
  markers: [],
  rules: rules({
    '**/{nodes,hosts}/<host>/**/*': null,
    '**/{nodes,hosts}/<host>.{zip,tar,tar.gz,tgz,tar.xz,txz,tar.zst,tar.bz2}': null,
    '**/{pods,pod,describe-pods,describe-pod,describe_pods}.{txt,yaml,yml,json}': 'pods',
    '**/{nodes,node,describe-nodes,describe-node,describe_nodes}.{txt,yaml,yml,json}': 'nodes',
    '**/events.{txt,yaml,yml,json}': 'events',
    '**/meminfo{,.txt}': 'meminfo',
    '**/uptime{,.txt}': 'uptime',
    '**/date{,.txt}': 'date',
    '**/hostname{,.txt}': 'hostname',
    '**/sysctl*': 'sysctl',
    '**/ps{,.txt,-*}': 'ps',
  }),
}
