import { expect, it } from 'vitest'
import { laidOut } from '../../../../src/extract/documents/paste/describe-layout.ts'

/** A part of a description as somebody pasted it; what it is laid out as, each line with the place of the one that it stands for; how much of it was taken; whether it tells of a state. */
const rows: readonly (readonly [string, string, string, number, boolean])[] = [
  [
    'one container’s last lines',
    'Last State: Terminated\nReason: OOMKilled\nExit Code: 137\nReady: True\nRestart Count: 3\nLimits:\ncpu: 1\nmemory: 80Mi\nother words',
    '0 Containers:\n0   ?:\n0     Last State: Terminated\n1       Reason: OOMKilled\n2       Exit Code: 137\n3     Ready: True\n4     Restart Count: 3\n5     Limits:\n6       cpu: 1\n7       memory: 80Mi',
    8,
    true,
  ],
  [
    'two containers, and what stands behind them',
    'app:\nContainer ID: containerd://a\nState: Running\nStarted: x\nside:\nImage: b\nState: Waiting\nReason: CrashLoopBackOff\n\nConditions:\n  Type Status\nVolumes:\n  data:\n    Type: EmptyDir\n    Name: x\nQoS Class: Burstable\nEvents: <none>\nName: next',
    '0 Containers:\n0   app:\n1     Container ID: containerd://a\n2     State: Running\n3       Started: x\n4   side:\n5     Image: b\n6     State: Waiting\n7       Reason: CrashLoopBackOff\n8 \n9 Conditions:\n10   Type Status\n11 Volumes:\n12   data:\n13     Type: EmptyDir\n14     Name: x\n15 QoS Class: Burstable\n16 Events: <none>',
    17,
    true,
  ],
  [
    'the same field again is the next container’s, and so is what grep parted',
    'State: Running\nState: Terminated\n--\nState: Waiting\n...\nReady: True\n…\nPort: 80',
    '0 Containers:\n0   ?:\n0     State: Running\n1   ?:\n1     State: Terminated\n2 \n3   ?:\n3     State: Waiting\n4 \n5     Ready: True\n6 \n7     Port: 80',
    8,
    true,
  ],
  [
    'arguments and variables whose indentation is gone',
    'Command:\nserve\n--port\n80\nState: Running\nEnvironment:\nA: 1\nMounts:\n/data from x (rw)\nplain words',
    '0 Containers:\n0   ?:\n0     Command:\n1       serve\n2       --port\n3       80\n4     State: Running\n5     Environment:\n6       A: 1\n7     Mounts:',
    8,
    true,
  ],
  ['a log’s line is no part of it', 'State: Running\n[   12.300000] x', '0 Containers:\n0   ?:\n0     State: Running', 1, true],
  ['nor are words behind an empty line', 'State: Running\n\nother', '0 Containers:\n0   ?:\n0     State: Running', 1, true],
  ['the next pod', 'State: Running\n\nName: x', '0 Containers:\n0   ?:\n0     State: Running', 1, true],
  [
    'a state’s field behind an empty line',
    'State: Terminated\n\nReason: OOMKilled',
    '0 Containers:\n0   ?:\n0     State: Terminated\n1 \n2       Reason: OOMKilled',
    3,
    true,
  ],
  [
    'a pod’s own field behind an empty line',
    'Ready: True\n\nReason: x',
    '0 Containers:\n0   ?:\n0     Ready: True\n1 \n2 Reason: x',
    3,
    false,
  ],
  [
    'three empty lines',
    'State: Terminated\n\n\n\nReady: True',
    '0 Containers:\n0   ?:\n0     State: Terminated\n1 \n2 \n3 \n4     Ready: True',
    5,
    true,
  ],
  ['four empty lines', 'State: Terminated\n\n\n\n\nReady: True', '0 Containers:\n0   ?:\n0     State: Terminated', 1, true],
  ['empty lines at the end', 'State: Terminated\n\n', '0 Containers:\n0   ?:\n0     State: Terminated', 1, true],
  [
    'a heading with a value is none',
    'State: Running\nContainers: 2',
    '0 Containers:\n0   ?:\n0     State: Running\n1 Containers: 2',
    2,
    true,
  ],
  ['a name without a container’s field below it', 'State: Running\napp:\nfoo', '0 Containers:\n0   ?:\n0     State: Running', 1, true],
  [
    'a volume has keys like a container’s and a pod’s',
    'Volumes:\n  data:\n    Image: x\n    Reason: y\n    Name: z\nQoS Class: Burstable',
    '0 Volumes:\n1   data:\n2     Image: x\n3     Reason: y\n4     Name: z\n5 QoS Class: Burstable',
    6,
    false,
  ],
  ['rows of events are others’', 'Events:\n  Type  Reason\n  Image: x', '0 Events:', 1, false],
  ['a state without a word tells nothing', 'State:\nReady: True', '0 Containers:\n0   ?:\n0     State:\n1     Ready: True', 2, false],
  ['two pods', 'Name: a\nNamespace: b\nName: c', '0 Name: a\n1 Namespace: b', 2, false],
  [
    'amounts',
    'Limits:\nmemory: 80Mi\nexample.com/gpu: 1\nfoo bar',
    '0 Containers:\n0   ?:\n0     Limits:\n1       memory: 80Mi\n2       example.com/gpu: 1',
    3,
    false,
  ],
  ['labels', 'Name: a\nLabels: a=b\n        c=d\nAnnotations: x\ny z', '0 Name: a\n1 Labels: a=b\n2   c=d\n3 Annotations: x', 4, false],
  [
    'a block that was indented',
    '    app:\n      Image: x\n      State: Running\n        Started: x\n      Environment:\n        A: 1\n        B: 2\n      Mounts: <none>',
    '0 Containers:\n0   app:\n1     Image: x\n2     State: Running\n3       Started: x\n4     Environment:\n5       A: 1\n6       B: 2\n7     Mounts: <none>',
    8,
    true,
  ],
  [
    'groups that lost their blanks',
    'Init Containers:\ninit:\nImage: x\nState: Terminated\nReason: OOMKilled\nContainers:\napp:\nState: Running\nEphemeral Containers:\ndebug:\nImage: y',
    '0 Init Containers:\n1   init:\n2     Image: x\n3     State: Terminated\n4       Reason: OOMKilled\n5 Containers:\n6   app:\n7     State: Running\n8 Ephemeral Containers:\n9   debug:\n10     Image: y',
    11,
    true,
  ],
  [
    'an evicted pod’s head',
    'Status: Failed\nReason: Evicted\nMessage: The node was low\nIP: 10.0.0.1',
    '0 Status: Failed\n1 Reason: Evicted\n2 Message: The node was low\n3 IP: 10.0.0.1',
    4,
    false,
  ],
  [
    'conditions, volumes',
    'Conditions:\n  Type Status\n  Ready True\nVolumes:\n  a:\n    Type: x',
    '0 Conditions:\n1   Type Status\n2   Ready True\n3 Volumes:\n4   a:\n5     Type: x',
    6,
    false,
  ],
  ['words before it', 'some words\nState: Running', '', 0, false],
  ['words in a group', 'Containers:\nsome words\nState: Running', '0 Containers:', 1, false],
  ['words in a state', 'State: Terminated\n  some words\nReady: True', '0 Containers:\n0   ?:\n0     State: Terminated', 1, true],
  [
    'so many arguments',
    'Args:\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\nState: Running',
    '0 Containers:\n0   ?:\n0     Args:\n1       a\n2       a\n3       a\n4       a\n5       a\n6       a\n7       a\n8       a\n9       a\n10       a\n11       a\n12       a\n13       a\n14       a\n15       a\n16       a\n17       a\n18       a\n19       a\n20       a\n21       a\n22       a\n23     State: Running',
    24,
    true,
  ],
  [
    'too many arguments',
    'Args:\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\nState: Running',
    '0 Containers:\n0   ?:\n0     Args:',
    1,
    false,
  ],
]

it.each(rows)('%s', (_, text, laid, taken, tells) => {
  const layout = laidOut(text.split('\n'))
  expect(layout.lines.map((line, at) => `${layout.places[at]} ${line}`).join('\n')).toBe(laid)
  expect([layout.taken, layout.tells]).toEqual([taken, tells])
})
