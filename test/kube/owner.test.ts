import { describe, expect, it } from 'vitest'
import { deploymentOfPodName, ownerOf } from '../../src/kube/owner.ts'

describe('ownerOf', () => {
  it.each([
    ['ReplicaSet', 'cart-5d8f7c9b6', { 'pod-template-hash': '5d8f7c9b6' }, 'Deployment/cart'],
    ['ReplicaSet', 'cart-5d8f7c9b6', {}, 'Deployment/cart'],
    ['ReplicaSet', 'cart-1234567890', {}, 'Deployment/cart'],
    ['ReplicaSet', 'cart-v2-5d8f7c9b6', {}, 'Deployment/cart-v2'],
    ['ReplicaSet', 'standalone', {}, 'ReplicaSet/standalone'],
    ['ReplicaSet', 'cart-main', {}, 'ReplicaSet/cart-main'],
    ['ReplicaSet', 'web-58d7b9c6cf', { 'rollouts-pod-template-hash': '58d7b9c6cf' }, 'Rollout/web'],
    ['Job', 'report', {}, 'Job/report'],
    ['Job', 'report-29393280', {}, 'CronJob/report'],
    ['Job', 'report-1618585500', {}, 'CronJob/report'],
    ['Job', 'etl-20261124', {}, 'Job/etl-20261124'],
    ['StatefulSet', 'db', {}, 'StatefulSet/db'],
    ['DaemonSet', 'agent', {}, 'DaemonSet/agent'],
    ['Node', 'node-1', {}, 'Node/node-1'],
    ['ReplicationController', 'shop-3', { deploymentconfig: 'shop' }, 'DeploymentConfig/shop'],
    ['ReplicationController', 'shop-3', {}, 'ReplicationController/shop-3'],
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
    ['db-0', null],
    ['agent-x2x7k', null],
    ['kube-proxy-node-1', null],
    ['web-frontend-stage', null],
  ])('%s', (pod, owner) => {
    expect(deploymentOfPodName(pod)).toBe(owner)
  })
})
