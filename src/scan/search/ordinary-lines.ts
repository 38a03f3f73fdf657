/** Lines as nodes' logs mostly hold: which bytes are common, and how common together, is taken from them. Nothing but speed hangs on it. */
export const ordinaryLines = String.raw`
2026-11-17T03:14:07.198611+00:00 worker-17 kubelet[942]: I1117 03:14:07.198611     942 operation_generator.go:633] "MountVolume.SetUp succeeded for volume \"kube-api-access-7cad1\" (UniqueName: \"kubernetes.io/projected/c98228d2-346c-99ae-2341-3e2328bf494e\") pod \"room-index-ee09a80b53-f7e11\"" pod="lobby/room-index-c696712b0d-8cfae"
Nov 17 03:14:07 worker-17 kubelet[942]: E1117 03:14:07.198611     942 remote_runtime.go:633] "ExecSync cmd from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" containerID="c9b5c1d2"
Nov 17 03:14:07 worker-17 kubelet[942]: I1117 03:14:07.198611     942 kubelet.go:2453] "SyncLoop (PLEG): event for pod" pod="default/web-6f7" event={"ID":"0e36","Type":"ContainerChanged","Data":"98d2"}
Nov 17 03:14:07 worker-17 kubelet[942]: W1117 03:14:07.198611     942 prober.go:107] "Probe failed" probeType="Readiness" pod="default/web" containerName="web" probeResult="failure" output="HTTP probe failed with statuscode: 503"
2026-11-17T03:14:07.298566+00:00 worker-17 containerd[514]: time="2026-11-17T03:14:07.298566123Z" level=info msg="ImageUpdate event name:\"registry/lobby/broom@sha256:cd49d4f5dc771a0b1daa82e4c0842a85\" labels:{key:\"io.cri-containerd.image\" value:\"managed\"}"
time="2026-11-17T03:14:07.298566123Z" level=warning msg="cleaning up after shim disconnected" id=cd49d4f5dc77 namespace=k8s.io
time="2026-11-17T03:14:07.298566123Z" level=error msg="Failed to handle event container_id:\"cd49d4f5\" pid:2345 exit_status:1 exited_at:{seconds:1795028466 nanos:985294581}" error="container not found"
2026-11-17T03:14:08.219847+00:00 worker-17 app-gateway[2114]: {"level":"info","ts":"2026-11-17T03:14:08.219Z","msg":"request","method":"GET","path":"/lobby/room/180178","status":200,"bytes":32780,"durationMs":12.801,"trace":"a34c56a7c9556e7106bf6a09309eced8"}
{"time":"2026-11-17T03:14:08.219Z","severity":"ERROR","message":"failed to get user: connection timeout","logger":"service.user","thread":"worker-3","exception":"TimeoutError","request_id":"180178","service":"checkout"}
level=info component=room-service msg="bloom filter consulted" room=49053 members=175 zoom=2.53 duration=3ms caller=main.go:88
2026-11-17 03:14:08.691 DEBUG [pool-6-thread-17] c.e.ledger.MemoryTable - compacted memory table 17225065 in 621 ms, killed 0 stale cursors, evicted 22 rows
2026-11-17 03:14:08,691 INFO  [main] org.example.server.HttpServer - Started server on port 8080, memory used 512 MB, available processors 4
2026-11-17 03:14:08,691 WARN  manager.ConnectionManager: closing connection because the pool is exhausted; action failed after 3 retries
	at org.example.service.OrderService.created(OrderService.java:188)
Nov 17 03:14:08 worker-17 sshd[45655]: Failed password for invalid user groom from 203.0.113.103 port 37547 ssh2
Nov 17 03:14:08 worker-17 sshd[45655]: pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)
Nov 17 03:14:08 worker-17 sshd[45655]: Connection closed by invalid user admin 198.51.100.3 port 37547 [preauth]
Nov 17 03:14:08 worker-17 sudo: pam_unix(sudo:session): session closed for user root
Nov 17 03:14:08 worker-17 CRON[2345]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)
Nov 17 03:14:08 worker-17 kernel: [  121.787047] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:cf:0b:dd SRC=203.0.113.159 DST=192.0.2.7 LEN=40 TOS=0x00 PREC=0x00 TTL=244 ID=32978 PROTO=TCP SPT=30938 DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0
Nov 17 03:14:08 worker-17 kernel: [  122.831836] cni0: port 88(veth9bc46873) entered forwarding state
Nov 17 03:14:08 worker-17 kernel: [  122.831836] device veth9bc46873 entered promiscuous mode
Nov 17 03:14:08 worker-17 kernel: [  119.344482] audit: type=1400 audit(1795067078.933:358511): apparmor="DENIED" operation="ptrace" profile="cri-containerd.apparmor.d" pid=55162 comm="broom" requested_mask="read"
type=SYSCALL msg=audit(1795067078.933:358511): arch=c000003e syscall=59 success=yes exit=0 a0=55 items=2 ppid=1 pid=55162 auid=1000 uid=0 gid=0 tty=pts0 ses=3 comm="sudo" exe="/usr/bin/sudo" key=(null)
Nov 17 03:14:08 worker-17 systemd[1]: run-containerd-runtime.v2.task-k8s.io-4193df1c26967388a01e7aa0-rootfs.mount: Deactivated successfully.
Nov 17 03:14:08 worker-17 systemd[1]: Starting Daily apt download activities...
Nov 17 03:14:08 worker-17 systemd[1]: apt-daily.service: Deactivated successfully.
Nov 17 03:14:08 worker-17 systemd[1]: Started Session 12 of User root.
Nov 17 03:14:08 worker-17 systemd[1]: Finished Rotate log files.
Nov 17 03:14:08 worker-17 systemd-logind[600]: New session 12 of user root.
Nov 17 03:14:08 worker-17 dbus-daemon[600]: [system] Successfully activated service
Nov 17 03:14:08 worker-17 chronyd[600]: Selected source 192.0.2.7
Nov 17 03:14:08 worker-17 NetworkManager[600]: <info>  [1795067078.9] device (veth9bc): state change: unavailable -> disconnected (reason 'managed')
[INFO] 10.244.232.90:40085 - 27889 "A IN boom.lobby.svc.cluster.local. udp 52 false 512" NOERROR qr,aa,rd 102 0.000741s
192.0.2.7 - - [17/Nov/2026:03:14:08 +0000] "GET /api/v1/items?page=2 HTTP/1.1" 200 5321 "https://example.com/classroom" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
2026/11/17 03:14:08 [error] 31#31: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: example.com
{"level":"warn","ts":"2026-11-17T03:14:08.219Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"121.8ms","expected-duration":"100ms","prefix":"read-only range ","request":"key:\"/registry/pods/\" "}
I1117 03:14:08.219847       1 trace.go:219] Trace[2345]: "Update" accept:application/json, protobuf, client:kube-controller-manager (17-Nov-2026 03:14:08.219) (total time: 512ms):
I1117 03:14:08.219847       1 controller.go:616] quota admission added evaluator for: deployments.apps, leases, configmaps, endpoints, events, secrets, namespaces
2026-11-17 03:14:08.219 [INFO][88] felix/int_dataplane.go 1836: Applying dataplane updates, status monitoring external internal interval
2026-11-17 03:14:08 UTC [88]: LOG: checkpoint complete: wrote 88 buffers (0.5%); sync=0.009 s, total=0.121 s; distance=88 kB, estimate=121 kB
88:M 17 Nov 2026 03:14:08.219 * Background saving terminated with success; running finished, exit code was ready, usage below limit, size 1024 kB
Nov 17 03:14:08 worker-17 process-exporter: unable to read the file /proc/55162/status: no such process; entering static state, eviction by signal, memory error container
`
