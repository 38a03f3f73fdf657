/** The first process of a pod's sandbox on its node, for `nsenter -t`: it holds the pod's network as long as the pod lives, over the deaths of its containers. */
export const sandboxPid = (uid: string): string =>
  `"$(crictl inspectp -o go-template --template '{{.info.pid}}' "$(crictl pods -q --label io.kubernetes.pod.uid=${uid} | head -1)")"`
