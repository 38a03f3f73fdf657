import { expect, test } from 'vitest'
import { containerOfLogPath } from '../../src/kube/log-path.ts'

const uid = '1ef9c7b0-2b3c-4d5e-8f90-a1b2c3d4e5f6'
const id = 'c0ffee12'.repeat(8)
const ofPods = { namespace: 'shop', pod: 'cart-0', podUid: uid, container: 'app' }

test.each<[string, Record<string, string>]>([
  [`/var/log/pods/shop_cart-0_${uid}/app/0.log`, ofPods],
  [`/var/log/pods/shop_cart-0_${uid}/app/1.log.20261129-044500.gz`, ofPods],
  [`pods/shop_cart-0_${uid}/app/0.log`, ofPods],
  [`bundle/node-1/pods/shop_cart-0_${uid}/app/0.log`, ofPods],
  // not below `pods`, a component too few, too many, or without a name
  [`/var/log/mypods/shop_cart-0_${uid}/app/0.log`, {}],
  [`/var/log/pods/shop_cart-0_${uid}/0.log`, {}],
  [`/var/log/pods/shop_cart-0_${uid}/app/`, {}],
  [`/var/log/pods/shop_cart-0_${uid}/app/old/0.log`, {}],
  ['/var/log/pods/shop_cart-0/app/0.log', {}],
  [`/var/log/pods/shop__${uid}/app/0.log`, {}],
  [`/var/log/pods/shop_cart_0_${uid}/app/0.log`, {}],
  [`/var/log/containers/cart-0_shop_app-${id}.log`, { pod: 'cart-0', namespace: 'shop', container: 'app', containerId: id }],
  [`containers/cart-0_shop_side-car-${id}.log`, { pod: 'cart-0', namespace: 'shop', container: 'side-car', containerId: id }],
  [`/var/log/containers/cart-0_shop_app-${id}.log.1`, { pod: 'cart-0', namespace: 'shop', container: 'app', containerId: id }],
  [`/var/log/containers/cart-0_shop_app-${id.slice(1)}.log`, {}],
  [`/var/log/containers/cart-0_shop-${id}.log`, {}],
  [`/var/log/mycontainers/cart-0_shop_app-${id}.log`, {}],
  [`/var/lib/docker/containers/${id}/${id}-json.log`, { containerId: id }],
  [`containers/${id}/${id}-json.log.2`, { containerId: id }],
  [`/var/lib/docker/containers/${id}/${id}-json.txt`, {}],
  [`/var/lib/docker/containers/${id.slice(1)}/${id}-json.log`, {}],
  [`/var/lib/docker/mycontainers/${id}/${id}-json.log`, {}],
  ['/var/log/syslog', {}],
  ['', {}],
])('%s', (path, names) => {
  expect(containerOfLogPath(path)).toEqual(names)
})
