/**
 * What to collect for a report, a command each to paste: the same on an empty page and in docs/collect.md. Each leaves a file that is read whole, with the kernel's
 * report, the kubelet's and the runtime's word of the same hours.
 */
export const toCollect = [
  {
    where: 'A node with systemd: the journal of two days, kernel and services',
    command: 'sudo journalctl --since "2 days ago" --utc -o short-iso-precise --no-pager | gzip > journal.log.gz',
  },
  {
    where: 'A machine without systemd: the kernel’s buffer and the logs on disk',
    command: "sudo sh -c 'dmesg > dmesg.log; tar czf logs.tar.gz dmesg.log /var/log/kern* /var/log/messages* /var/log/syslog*'",
  },
  {
    where: 'Kubernetes: pods, nodes and events as the API has them (events are kept for an hour)',
    command: 'kubectl get pods,nodes,events -A -o yaml > cluster.yaml',
  },
  {
    where: 'A Kubernetes node without a login (put its name for NODE)',
    command:
      'kubectl debug node/NODE -q -it --image=busybox -- chroot /host journalctl --since "2 days ago" --utc -o short-iso-precise --no-pager > node.log',
  },
  { where: 'OpenShift', command: 'oc adm must-gather --dest-dir=must-gather' },
  { where: 'Red Hat, SUSE, Ubuntu and kin: a support bundle', command: 'sudo sos report --batch' },
  { where: 'Docker or Podman: states and limits of all containers', command: 'docker inspect $(docker ps -aq) > containers.json' },
] as const
