import { type BundleLayout, rules } from './define-layout.ts'

export const eks: BundleLayout = {
  id: 'eks',
  title: 'EKS log collector',
  single: true,
  markers: [['kernel/dmesg.current'], ['kubelet/kubelet.log', 'var_log'], ['system/instance-id.txt', 'kubelet']],
  rules: rules({
    'kernel/dmesg*': 'kernel',
    'kubelet/kubelet.log': 'kubelet',
    'containerd/containerd-log.txt': 'runtime',
    'docker/docker.log': 'runtime',
    'var_log/{messages,syslog}*': 'syslog',
    'system/ps*.txt': 'ps',
    'system/{procstat,allprocstat}.txt': 'btime',
    'sysctls/*': 'sysctl',
  }),
}

export const ecs: BundleLayout = {
  id: 'ecs',
  title: 'ECS logs collector',
  single: true,
  markers: [
    ['collect/system', 'collect/docker'],
    ['collect/system', 'collect/ecs_agent'],
  ],
  rules: rules({
    'collect/system/**/dmesg*': 'kernel',
    'collect/docker/**/*': 'runtime',
    'collect/system/**/*ps*': 'ps',
  }),
}

/** AKS periscope, `az aks kollect`: a folder or zip a node, one folder a collector. File names inside are not established: by collector. */
export const aksPeriscope: BundleLayout = {
  id: 'aks-periscope',
  title: 'AKS periscope (az aks kollect)',
  markers: [
    ['*/systemlogs', '*/kubeobjects'],
    ['*/systemlogs', '*/nodelogs'],
  ],
  rules: rules({
    '<host>/{,collector/}systemlogs/**/*kubelet*': 'kubelet',
    '<host>/{,collector/}systemlogs/**/*docker*': 'runtime',
    '<host>/{,collector/}{systemlogs,nodelogs,kubeobjects,kubeletcmd,systemperf}/**/*': null,
  }),
}
