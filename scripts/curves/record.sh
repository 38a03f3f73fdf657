#!/usr/bin/env bash
# Records the curves of real processes with the real tools: prometheus and promtool, sysstat, procps, atop, earlyoom. Needs those packages; writes into the folder named.
#   scripts/curves/record.sh OUT [SECONDS]
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
out="$1" seconds="${2:-150}"
mkdir -p "$out"
work="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
node "$here/grow.mjs" leak "$seconds" & leak=$!
node "$here/grow.mjs" flat "$seconds" & flat=$!
node "$here/grow.mjs" spike "$seconds" & spike=$!
node "$here/exporter.mjs" 9921 "cart-5b7f9-leak1=$leak" "cart-5b7f9-flat1=$flat" "cart-5b7f9-spike=$spike" &
cat > "$work/prometheus.yml" <<YML
global: { scrape_interval: 2s }
scrape_configs: [ { job_name: cadvisor, static_configs: [ { targets: ['127.0.0.1:9921'] } ] } ]
YML
begun=$(date +%s)
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --web.listen-address=127.0.0.1:9922 >"$work/log" 2>&1 & server=$!
LC_ALL=C TZ=UTC sar -o "$work/sa" 2 $((seconds / 2)) >/dev/null &
vmstat -t 1 8 > "$out/vmstat-t.txt" &
pidstat -r -p "$leak" 1 6 > "$out/pidstat-r.txt" &
pidstat -r -H -p "$leak" 1 3 > "$out/pidstat-epoch.txt" &
top -b -d 2 -n 3 -w 120 > "$out/top-b.txt" &
atop -P MEM,SWP,PRM 1 4 > "$out/atop-parseable.txt" 2>/dev/null &
atop 2 3 > "$out/atop-report.txt" 2>/dev/null &
timeout 15 earlyoom -r 1 --dryrun > "$out/earlyoom.txt" 2>&1 &
for _ in 1 2 3 4 5 6; do date -Is; ps -o pid,rss,vsz,args -p "$leak"; sleep 1; done > "$out/loop-ps.txt" &
for _ in 1 2 3; do date; cat /proc/pressure/memory; free -m; sleep 1; done > "$out/loop-pressure-and-free.txt" &
sleep "$((seconds - 2))"
query() { node -e 'fetch(process.argv[1]).then(r=>r.text()).then(t=>process.stdout.write(t))' "http://127.0.0.1:9922/api/v1/$1"; }
query "query_range?query=container_memory_working_set_bytes&start=$begun&end=$(date +%s)&step=2" > "$out/query-range-working-set.json"
query "query_range?query=sum%20by%20(namespace,pod)%20(container_memory_rss)&start=$begun&end=$(date +%s)&step=2" > "$out/query-range-summed.json"
query "query?query=container_memory_working_set_bytes%5B2m%5D" > "$out/query-matrix-over-2m.json"
sleep 4
LC_ALL=C TZ=UTC sar -r -S -f "$work/sa" > "$out/sar-c-locale.txt"
LC_ALL=en_US.UTF-8 TZ=UTC S_TIME_FORMAT= sar -r -f "$work/sa" > "$out/sar-default.txt"
S_TIME_FORMAT=ISO TZ=UTC sar -r -f "$work/sa" > "$out/sar-iso.txt"
LC_ALL=C TZ=UTC sar -r -h -f "$work/sa" > "$out/sar-human-units.txt"
TZ=UTC sadf -j "$work/sa" -- -r -S > "$out/sadf.json"
TZ=UTC sadf -d "$work/sa" -- -r > "$out/sadf-d.csv"
TZ=UTC sadf -U -d "$work/sa" -- -r > "$out/sadf-epoch.csv"
kill "$server"; wait "$server" 2>/dev/null || true
promtool tsdb dump "$work/data" 2>/dev/null | grep container_memory_working_set > "$out/tsdb-dump.txt" || true
