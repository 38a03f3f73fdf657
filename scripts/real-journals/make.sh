#!/usr/bin/env bash
# Writes journals with Debian's own systemd-journald and systemd-journal-remote (252), and beside each what `journalctl -o json --all` prints of it, entry by entry.
#
#   apt-get install systemd systemd-journal-remote python3 lz4 xz-utils; scripts/real-journals/make.sh OUT [--keep]    (as root: it binds a boot id and a machine id over the real ones)
#   npx tsx scripts/real-journals/compare.ts OUT     reads them with ours and compares
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
samples=$here/../../samples/journal
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
remote=/lib/systemd/systemd-journal-remote
journald=/lib/systemd/systemd-journald

bootA=11111111-1111-4111-8111-111111111111 bootB=22222222-2222-4222-8222-222222222222 bootC=33333333-3333-4333-8333-333333333333
machineA=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 machineB=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2

# Reports of one machine from a real export; the same of another: later, on another boot, with other pids.
zcat "$samples/regular-zstd.export.gz" > "$work/one.export"
sed -e "s/^_HOSTNAME=.*/_HOSTNAME=worker-2/" -e "s/^_MACHINE_ID=.*/_MACHINE_ID=$machineB/" -e "s/def44f76d899490ea6d26f49d11b0340/${bootB//-/}/" \
  -e 's/^\(__REALTIME_TIMESTAMP=17955\)03/\104/' -e 's/Killed process 2/Killed process 7/; s/pid=2/pid=7/' "$work/one.export" > "$work/other.export"
cat "$work/one.export" "$work/other.export" > "$work/both.export"

# A machine of its own: its boot id, machine id and host name over the real ones, its own folders for journals and sockets.
mkdir -p "$work/log" "$work/run" && cp "$here/send.py" "$work/run/"
as_machine() { # MACHINE BOOT HOST COMMAND
  unshare --mount --uts bash -c '
    set -e
    echo "$1" > "$5/machine-id"; echo "$2" > "$5/boot-id"; hostname "$3"
    mount --bind "$5/machine-id" /etc/machine-id; mount --bind "$5/boot-id" /proc/sys/kernel/random/boot_id
    mkdir -p "$5/log" "$5/run"; mount --bind "$5/log" /var/log/journal; mount --bind "$5/run" /run/systemd
    eval "$4"' - "$1" "$2" "$3" "$4" "$work"
}

# systemd-journal-remote: both layouts, both hashes, packed and not, sealed.
for compact in 0 1; do for keyed in 0 1; do for compress in yes no; do
  name=remote-$([ $compact = 1 ] && echo compact || echo regular)-$([ $keyed = 1 ] && echo keyed || echo plain)-$([ $compress = yes ] && echo zstd || echo unpacked)
  SYSTEMD_JOURNAL_COMPACT=$compact SYSTEMD_JOURNAL_KEYED_HASH=$keyed $remote --compress=$compress -o "$out/$name.journal" "$work/one.export" 2>/dev/null
done; done; done
as_machine $machineA $bootA worker-1 "mkdir -p /var/log/journal/$machineA; journalctl --setup-keys --interval=1s >/dev/null 2>&1; $remote --seal=yes -o '$out/remote-sealed.journal' '$work/one.export'" 2>/dev/null
$remote -o "$out/remote-two-machines.journal" "$work/both.export" 2>/dev/null

# systemd-journald in a namespace of its own: its kill -9 is the machine's sudden end, the other boot id the next start.
send="cd /run/systemd; /usr/bin/python3 send.py t"
as_machine $machineA $bootA worker-1 "$journald t & p=\$!; sleep 1.5; $send 60 first; sleep 2; kill -USR2 \$p; sleep 1; $send 40 second; sleep 1; kill -9 \$p" 2>/dev/null || true
cp "$work/log/$machineA.t/system.journal" "$out/journald-unclean-online.journal"
as_machine $machineA $bootB worker-1 "$journald t & p=\$!; sleep 1.5; $send 30 third; sleep 1; kill -USR2 \$p; sleep 1; $send 25 fourth; sleep 1; kill \$p; wait \$p || true" 2>/dev/null || true
as_machine $machineA $bootC worker-1 "$journald t & p=\$!; sleep 1.5; $send 10 later; sleep 1; kill \$p; wait \$p || true" 2>/dev/null || true
as_machine $machineB $bootB worker-2 "$journald t & p=\$!; sleep 1.5; $send 30 fifth; sleep 1; kill \$p; wait \$p || true" 2>/dev/null || true
n=0
for file in "$work/log/$machineA.t/"system@*; do
  n=$((n + 1))
  case $file in *~) kind=unclean-renamed ;; *) kind=rotated ;; esac
  cp "$file" "$out/journald-sealed-$kind-$n.journal"
done
cp "$work/log/$machineA.t/system.journal" "$out/journald-sealed-two-boots-last.journal"
cp "$work/log/$machineB.t/system.journal" "$out/journald-other-machine.journal"
journalctl --directory "$work/log/$machineA.t" --vacuum-files=2 >/dev/null 2>&1
mkdir -p "$out/vacuumed" && cp "$work/log/$machineA.t/"* "$out/vacuumed/"

for file in "$out"/*.journal "$out"/vacuumed/*; do journalctl --file "$file" -o json --all --no-pager > "${file%.journal}.json"; done

# Cut: journalctl refuses most of them; what ours reads is compared with the whole one's begin.
whole=$out/remote-compact-keyed-zstd
tail=$(od -An -t u8 -j 136 -N 8 "$whole.journal" | tr -d ' ')
for before in 9001 2000; do
  head -c $((tail - before)) "$whole.journal" > "$out/cut-$before-before-the-last.journal" && cp "$whole.json" "$out/cut-$before-before-the-last.json"
done

# What Debian's journald cannot write: its packed fields rewritten. Marked by their names.
for packing in lz4 xz; do for layout in regular compact; do
  node "$here/repack.mjs" $packing "$out/remote-$layout-keyed-unpacked.journal" "$out/rewritten-$packing-$layout.journal"
  cp "$out/remote-$layout-keyed-unpacked.json" "$out/rewritten-$packing-$layout.json"
done; done
ls "$out" | wc -l

# Those that the tests keep: one of each kind.
if [ "${2:-}" = --keep ]; then
  kept=$here/../../test/input/journal/real
  mkdir -p "$kept"
  for name in journald-other-machine journald-sealed-rotated-2 journald-sealed-two-boots-last journald-sealed-unclean-renamed-1 remote-regular-keyed-zstd remote-compact-plain-unpacked \
    remote-two-machines remote-sealed cut-2000-before-the-last rewritten-lz4-compact rewritten-xz-regular; do
    gzip -9nc "$out/$name.journal" > "$kept/$name.journal.gz"
    gzip -9nc "$out/$name.json" > "$kept/$name.json.gz"
  done
fi
