import { describe, expect, it } from 'vitest'
import { deploymentOfPodName, limitSourceOf, managerOf, ownerOf } from '../../src/kube/owner.ts'

describe('ownerOf', () => {
  it.each([
    ['ReplicaSet', 'cart-5d8f7c9b6', { 'pod-template-hash': '5d8f7c9b6' }, 'Deployment/cart'],
    ['ReplicaSet', 'cart-5d8f7c9b6', {}, 'Deployment/cart'],
    ['ReplicaSet', 'cart-1234567890', {}, 'Deployment/cart'],
    ['ReplicaSet', 'cart-v2-5d8f7c9b6', {}, 'Deployment/cart-v2'],
    ['ReplicaSet', 'standalone', {}, 'ReplicaSet/standalone'],
    ['ReplicaSet', 'cart-main', {}, 'ReplicaSet/cart-main'],
    ['ReplicaSet', 'web-58d7b9c6cf', { 'rollouts-pod-template-hash': '58d7b9c6cf' }, 'Rollout/web'],
    // the label's hash is not the name's: whose ReplicaSet it is cannot be said
    ['ReplicaSet', 'cart-5d8f7c9b6', { 'pod-template-hash': '7c9b65d8f' }, 'ReplicaSet/cart-5d8f7c9b6'],
    ['ReplicaSet', '5d8f7c9b6', { 'pod-template-hash': '5d8f7c9b6' }, 'ReplicaSet/5d8f7c9b6'],
    // both labels: Argo Rollouts' own one says whose it is, the other is the name's
    ['ReplicaSet', 'web-6f', { 'pod-template-hash': '6f', 'rollouts-pod-template-hash': '7c' }, 'Rollout/web'],
    // six to ten letters or digits of a hash
    ['ReplicaSet', 'cart-5d8f7', {}, 'ReplicaSet/cart-5d8f7'],
    ['ReplicaSet', 'cart-5d8f7c', {}, 'Deployment/cart'],
    ['ReplicaSet', 'cart-5d8f7c9b6x', {}, 'Deployment/cart'],
    ['ReplicaSet', 'cart-5d8f7c9b6xx', {}, 'ReplicaSet/cart-5d8f7c9b6xx'],
    ['ReplicaSet', 'cart-10345', {}, 'ReplicaSet/cart-10345'],
    ['ReplicaSet', 'cart-103456', {}, 'Deployment/cart'],
    ['ReplicaSet', 'cart-10345678901', {}, 'ReplicaSet/cart-10345678901'],
    ['ReplicaSet', '-5d8f7c9b6', {}, 'ReplicaSet/-5d8f7c9b6'],
    ['Job', 'report', {}, 'Job/report'],
    // minutes and seconds since the epoch, from 2014 to 2039
    ['Job', 'report-23333333', {}, 'Job/report-23333333'],
    ['Job', 'report-23333334', {}, 'CronJob/report'],
    ['Job', 'report-36666666', {}, 'CronJob/report'],
    ['Job', 'report-36666667', {}, 'Job/report-36666667'],
    ['Job', 'report-1400000000', {}, 'Job/report-1400000000'],
    ['Job', 'report-1400000001', {}, 'CronJob/report'],
    ['Job', 'report-2199999999', {}, 'CronJob/report'],
    ['Job', 'report-2200000000', {}, 'Job/report-2200000000'],
    ['Job', 'report-161858550', {}, 'Job/report-161858550'],
    ['Job', '-29393280', {}, 'Job/-29393280'],
    ['Job', 'report-29393280', {}, 'CronJob/report'],
    ['Job', 'report-1618585500', {}, 'CronJob/report'],
    ['Job', 'etl-20261124', {}, 'Job/etl-20261124'],
    ['StatefulSet', 'db', {}, 'StatefulSet/db'],
    ['DaemonSet', 'agent', {}, 'DaemonSet/agent'],
    ['Node', 'node-1', {}, 'Node/node-1'],
    ['ReplicationController', 'shop-3', { deploymentconfig: 'shop' }, 'DeploymentConfig/shop'],
    ['ReplicationController', 'shop-3', {}, 'ReplicationController/shop-3'],
    ['StatefulSet', 'shop-3', { deploymentconfig: 'shop' }, 'StatefulSet/shop-3'],
    ['StatefulSet', 'db', { 'pod-template-hash': 'db' }, 'StatefulSet/db'],
  ])('%s/%s', (kind, name, labels, owner) => {
    expect(ownerOf({ controller: { kind, name }, labels: labels as Record<string, string> })).toBe(owner)
  })

  it('is unknown for a bare pod', () => {
    expect(ownerOf({ controller: null, labels: { app: 'x' } })).toBeNull()
  })
})

describe('deploymentOfPodName', () => {
  it.each([
    ['invoice-worker-58d7b9c6cf-wz7kd', 'Deployment/invoice-worker'],
    ['web-5d8f7c-x2x7k', 'Deployment/web'],
    ['web-5d8f7-x2x7k', null],
    ['web-5d8f7c9b6x-x2x7k', 'Deployment/web'],
    ['web-5d8f7c9b6xx-x2x7k', null],
    ['web-5d8f7c9b6-x2x7', null],
    ['web-5d8f7c9b6-x2x7kk', null],
    ['web-5d8f7c9b6-x2x7a', null],
    ['web-5d8f7c9ba-x2x7k', null],
    ['-5d8f7c9b6-x2x7k', null],
    ['db-0', null],
    ['agent-x2x7k', null],
    ['kube-proxy-node-1', null],
    ['web-frontend-stage', null],
  ])('%s', (pod, owner) => {
    expect(deploymentOfPodName(pod)).toBe(owner)
  })
})

describe('managerOf', () => {
  const helm = { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': 'cart-1.2.3', heritage: 'Helm' }
  it.each<[string, Record<string, string>, string | null]>([
    ['nothing', {}, null],
    ['labels of its own', { app: 'cart', 'app.kubernetes.io/name': 'cart' }, null],
    ['managed by Helm', { 'app.kubernetes.io/managed-by': 'Helm' }, 'Helm'],
    ['a chart', { 'helm.sh/chart': 'cart-1.2.3' }, 'Helm'],
    ['a chart whose service is named otherwise', { 'helm.sh/chart': 'cart-1.2.3', 'app.kubernetes.io/managed-by': 'release' }, 'Helm'],
    ['an old chart', { heritage: 'Helm' }, 'Helm'],
    ['an old chart of Helm 2', { heritage: 'Tiller' }, null],
    ['an operator', { 'app.kubernetes.io/managed-by': 'cart-operator' }, 'cart-operator'],
    ['Argo CD', { 'argocd.argoproj.io/instance': 'cart' }, 'Argo CD'],
    ['Argo CD with a chart', { ...helm, 'argocd.argoproj.io/instance': 'cart' }, 'Argo CD'],
    ['Flux by kustomize', { 'kustomize.toolkit.fluxcd.io/name': 'cart' }, 'Flux'],
    ['Flux by Helm', { ...helm, 'helm.toolkit.fluxcd.io/name': 'cart' }, 'Flux'],
    ['an operator that does not sign, by its label', { 'v1.min.io/tenant': 'store' }, 'minio-operator'],
    ['one that signs another way, by its label', { rook_cluster: 'rook', 'app.kubernetes.io/managed-by': 'x' }, 'rook-ceph-operator'],
    ["one by its label's value", { application: 'spilo' }, 'postgres-operator'],
    ['the label with a value of its own', { application: 'cart' }, null],
  ])('%s', (_, labels, manager) => {
    expect(managerOf(labels)).toBe(manager)
  })
})

describe('limitSourceOf', () => {
  const vpa = 'Pod resources updated by api-vpa: container 0: memory request, memory limit'
  const ranger = 'LimitRanger plugin set: memory request for container app; memory limit for container app; memory limit for container two'
  it.each<[string, Record<string, string>, ReturnType<typeof limitSourceOf>]>([
    ['nothing noted', {}, null],
    ['the autoscaler set the limit', { vpaUpdates: vpa }, { by: 'vpa', of: 'api-vpa' }],
    ['the autoscaler set the request alone', { vpaUpdates: vpa.replace(', memory limit', '') }, null],
    ['a note of somebody else, with the word in it', { vpaUpdates: 'raised the memory limit by hand' }, null],
    ['defaults of the namespace', { 'kubernetes.io/limit-ranger': ranger }, { by: 'limit-range', of: 'app two' }],
    ['defaults of the request alone', { 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: memory request for container app' }, null],
    ['the autoscaler came after the defaults', { vpaUpdates: vpa, 'kubernetes.io/limit-ranger': ranger }, { by: 'vpa', of: 'api-vpa' }],
  ])('%s', (_, annotations, source) => {
    expect(limitSourceOf(annotations)).toEqual(source)
  })
})
