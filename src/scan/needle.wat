;; Finds many literals at once in bytes, and counts line feeds. Assembled by scripts/build-needle.mjs into needle.wasm.ts.
;;
;; Each literal is told by a fragment of 6 bytes in it (fewer, for a shorter literal). Fragments are spread over 8 buckets, a bit each. For each
;; of the 6 places in a fragment two tables of 16 bytes say which buckets allow a low and a high half of a byte there; a place in the text is
;; looked at closer only where some bucket allows all 12 halves ("Teddy", Hyperscan and ripgrep use it too). A hash of the fragment's
;; first 3 bytes then leads to the literals to compare.
;;
;; Memory, in bytes:    0  12 tables of 16: low and high halves of place 0, low and high of place 1 …
;;                   1024  4096 × u16: first entry for a hash, 0 for none
;;                   16384  entries of 32: fragment's first 4 bytes u32, their mask u32, next entry u16, place of the fragment in the literal u16,
;;                         length of the literal u16, index of the literal u16, 4 rare bytes of the literal elsewhere u32, their place from
;;                         the fragment i32; address of the literal's bytes u32
;;                 131072  hits of 12: place u32, literal u32, line feeds u32
;;                 262144  text (as many bytes before it and behind as a literal has are looked at, at least 32)
(module
  (memory (export "memory") 8)
  (global $count (export "count") (mut i32) (i32.const 0))
  (global $resume (export "resume") (mut i32) (i32.const 0))

  (func $verify (param $at i32) (param $lowest i32) (param $to i32) (param $feeds i32)
    (local $fragment i32) (local $entry i32) (local $start i32) (local $length i32) (local $bytes i32) (local $k i32) (local $hit i32) (local $own i32)
    (local.set $fragment (i32.load (local.get $at)))
    (local.set $entry (i32.load16_u offset=1024 (i32.shl
      (i32.shr_u (i32.mul (i32.and (local.get $fragment) (i32.const 0xffffff)) (i32.const 0x9e3779b1)) (i32.const 20)) (i32.const 1))))
    (block $end (loop $entries
      (br_if $end (i32.eqz (local.get $entry)))
      (local.set $entry (i32.add (i32.const 16384) (i32.shl (local.get $entry) (i32.const 5))))
      (block $no
        (br_if $no (i32.ne (i32.and (local.get $fragment) (i32.load offset=4 (local.get $entry))) (i32.load (local.get $entry))))
        (br_if $no (i32.ne
          (i32.and (i32.load (i32.add (local.get $at) (i32.load offset=20 (local.get $entry)))) (i32.load offset=4 (local.get $entry)))
          (i32.load offset=16 (local.get $entry))))
        (local.set $start (i32.sub (local.get $at) (i32.load16_u offset=10 (local.get $entry))))
        (br_if $no (i32.lt_s (local.get $start) (local.get $lowest)))
        (local.set $length (i32.load16_u offset=12 (local.get $entry)))
        (br_if $no (i32.gt_s (i32.add (local.get $start) (local.get $length)) (local.get $to)))
        (local.set $bytes (i32.load offset=24 (local.get $entry)))
        (local.set $k (i32.const 0))
        (loop $compare
          (br_if $no (i32.ne (i32.load8_u (i32.add (local.get $start) (local.get $k))) (i32.load8_u (i32.add (local.get $bytes) (local.get $k)))))
          (local.set $k (i32.add (local.get $k) (i32.const 1)))
          (br_if $compare (i32.lt_u (local.get $k) (local.get $length))))
        ;; `feeds` counts up to the end of the 6 places, which lie behind a shorter literal.
        (local.set $k (i32.add (local.get $start) (local.get $length)))
        (local.set $bytes (i32.add (local.get $at) (i32.const 6)))
        (local.set $bytes (select (local.get $bytes) (local.get $to) (i32.lt_s (local.get $bytes) (local.get $to))))
        (local.set $own (local.get $feeds))
        (block $counted (loop $behind
          (br_if $counted (i32.ge_s (local.get $k) (local.get $bytes)))
          (local.set $own (i32.sub (local.get $own) (i32.eq (i32.load8_u (local.get $k)) (i32.const 10))))
          (local.set $k (i32.add (local.get $k) (i32.const 1)))
          (br $behind)))
        (local.set $hit (i32.mul (global.get $count) (i32.const 12)))
        (i32.store offset=131072 (local.get $hit) (local.get $start))
        (i32.store offset=131076 (local.get $hit) (i32.load16_u offset=14 (local.get $entry)))
        (i32.store offset=131080 (local.get $hit) (local.get $own))
        (global.set $count (i32.add (global.get $count) (i32.const 1))))
      (local.set $entry (i32.load16_u offset=8 (local.get $entry)))
      (br $entries))))

  ;; Counts the line feeds from `from` to `to`.
  (func (export "countLineFeeds") (param $from i32) (param $to i32) (result i32)
    (local $feeds i32) (local $lf v128)
    (local.set $lf (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))
    (block $end (loop $blocks
      (br_if $end (i32.gt_s (i32.add (local.get $from) (i32.const 16)) (local.get $to)))
      (local.set $feeds (i32.add (local.get $feeds) (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load (local.get $from)) (local.get $lf))))))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (br $blocks)))
    (block $last (loop $bytes
      (br_if $last (i32.ge_s (local.get $from) (local.get $to)))
      (local.set $feeds (i32.add (local.get $feeds) (i32.eq (i32.load8_u (local.get $from)) (i32.const 10))))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (br $bytes)))
    (local.get $feeds))

  ;; Searches from `from` to `to` for literals that begin at `lowest` or behind. `feeds`: line feeds counted before. Returns line feeds so far.
  ;; `resume` is 0 then, unless there were too many hits for the memory: then the caller takes them and goes on from `resume`.
  ;; The fragment of a short literal may reach past `to`: places are looked at up to 3 bytes behind it.
  (func (export "search") (param $from i32) (param $to i32) (param $lowest i32) (param $feeds i32) (result i32)
    (local $i i32) (local $v v128) (local $lo v128) (local $hi v128) (local $any v128) (local $nl i32) (local $left i32) (local $mask i32) (local $k i32)
    (local $l0 v128) (local $h0 v128) (local $l1 v128) (local $h1 v128) (local $l2 v128) (local $h2 v128) (local $l3 v128) (local $h3 v128) (local $l4 v128) (local $h4 v128) (local $l5 v128) (local $h5 v128)
    (local $r0 v128) (local $p0 v128) (local $r1 v128) (local $p1 v128) (local $r2 v128) (local $p2 v128) (local $r3 v128) (local $p3 v128) (local $r4 v128) (local $p4 v128)
    (local $low4 v128) (local $lf v128)
    (local.set $low4 (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15))
    (local.set $lf (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))
    (local.set $l0 (v128.load offset=0 (i32.const 0)))
    (local.set $h0 (v128.load offset=16 (i32.const 0)))
    (local.set $l1 (v128.load offset=32 (i32.const 0)))
    (local.set $h1 (v128.load offset=48 (i32.const 0)))
    (local.set $l2 (v128.load offset=64 (i32.const 0)))
    (local.set $h2 (v128.load offset=80 (i32.const 0)))
    (local.set $l3 (v128.load offset=96 (i32.const 0)))
    (local.set $h3 (v128.load offset=112 (i32.const 0)))
    (local.set $l4 (v128.load offset=128 (i32.const 0)))
    (local.set $h4 (v128.load offset=144 (i32.const 0)))
    (local.set $l5 (v128.load offset=160 (i32.const 0)))
    (local.set $h5 (v128.load offset=176 (i32.const 0)))
    (global.set $count (i32.const 0))
    (local.set $v (v128.load (i32.sub (local.get $from) (i32.const 16))))
    (local.set $lo (v128.and (local.get $v) (local.get $low4)))
    (local.set $hi (v128.and (i16x8.shr_u (local.get $v) (i32.const 4)) (local.get $low4)))
    (local.set $p0 (v128.and (i8x16.swizzle (local.get $l0) (local.get $lo)) (i8x16.swizzle (local.get $h0) (local.get $hi))))
    (local.set $p1 (v128.and (i8x16.swizzle (local.get $l1) (local.get $lo)) (i8x16.swizzle (local.get $h1) (local.get $hi))))
    (local.set $p2 (v128.and (i8x16.swizzle (local.get $l2) (local.get $lo)) (i8x16.swizzle (local.get $h2) (local.get $hi))))
    (local.set $p3 (v128.and (i8x16.swizzle (local.get $l3) (local.get $lo)) (i8x16.swizzle (local.get $h3) (local.get $hi))))
    (local.set $p4 (v128.and (i8x16.swizzle (local.get $l4) (local.get $lo)) (i8x16.swizzle (local.get $h4) (local.get $hi))))
    (local.set $i (local.get $from))
    (block $end (loop $blocks
      (br_if $end (i32.ge_s (local.get $i) (i32.add (local.get $to) (i32.const 3))))
      (local.set $v (v128.load (local.get $i)))
      (local.set $nl (i8x16.bitmask (i8x16.eq (local.get $v) (local.get $lf))))
      (local.set $left (i32.sub (local.get $to) (local.get $i)))
      (if (i32.lt_s (local.get $left) (i32.const 16))
        (then (local.set $nl (select
          (i32.and (local.get $nl) (i32.sub (i32.shl (i32.const 1) (local.get $left)) (i32.const 1)))
          (i32.const 0)
          (i32.gt_s (local.get $left) (i32.const 0))))))
      (local.set $lo (v128.and (local.get $v) (local.get $low4)))
      (local.set $hi (v128.and (i16x8.shr_u (local.get $v) (i32.const 4)) (local.get $low4)))
      (local.set $r0 (v128.and (i8x16.swizzle (local.get $l0) (local.get $lo)) (i8x16.swizzle (local.get $h0) (local.get $hi))))
      (local.set $r1 (v128.and (i8x16.swizzle (local.get $l1) (local.get $lo)) (i8x16.swizzle (local.get $h1) (local.get $hi))))
      (local.set $r2 (v128.and (i8x16.swizzle (local.get $l2) (local.get $lo)) (i8x16.swizzle (local.get $h2) (local.get $hi))))
      (local.set $r3 (v128.and (i8x16.swizzle (local.get $l3) (local.get $lo)) (i8x16.swizzle (local.get $h3) (local.get $hi))))
      (local.set $r4 (v128.and (i8x16.swizzle (local.get $l4) (local.get $lo)) (i8x16.swizzle (local.get $h4) (local.get $hi))))
      (local.set $any (v128.and (i8x16.swizzle (local.get $l5) (local.get $lo)) (i8x16.swizzle (local.get $h5) (local.get $hi))))
      (local.set $any (v128.and (local.get $any) (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 (local.get $p4) (local.get $r4))))
      (local.set $any (v128.and (local.get $any) (i8x16.shuffle 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 (local.get $p3) (local.get $r3))))
      (local.set $any (v128.and (local.get $any) (i8x16.shuffle 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 (local.get $p2) (local.get $r2))))
      (local.set $any (v128.and (local.get $any) (i8x16.shuffle 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 (local.get $p1) (local.get $r1))))
      (local.set $any (v128.and (local.get $any) (i8x16.shuffle 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 (local.get $p0) (local.get $r0))))
      (if (v128.any_true (local.get $any))
        (then
          (local.set $mask (i8x16.bitmask (i8x16.ne (local.get $any) (v128.const i64x2 0 0))))
          (loop $places
            (local.set $k (i32.ctz (local.get $mask)))
            (call $verify
              (i32.sub (i32.add (local.get $i) (local.get $k)) (i32.const 5))
              (local.get $lowest)
              (local.get $to)
              (i32.add (local.get $feeds) (i32.popcnt (i32.and (local.get $nl) (i32.sub (i32.shl (i32.const 2) (local.get $k)) (i32.const 1))))))
            (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
            (br_if $places (local.get $mask)))))
      (local.set $feeds (i32.add (local.get $feeds) (i32.popcnt (local.get $nl))))
      (local.set $p0 (local.get $r0))
      (local.set $p1 (local.get $r1))
      (local.set $p2 (local.get $r2))
      (local.set $p3 (local.get $r3))
      (local.set $p4 (local.get $r4))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $blocks (i32.lt_u (global.get $count) (i32.const 8192)))))
    (global.set $resume (select (i32.const 0) (local.get $i) (i32.ge_s (local.get $i) (i32.add (local.get $to) (i32.const 3)))))
    (local.get $feeds))
)
