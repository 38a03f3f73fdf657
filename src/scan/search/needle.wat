;; Finds many literals at once in bytes, and counts line feeds. Assembled by scripts/build-needle.mjs into needle.wasm.ts.
;;
;; Only every fourth place of the text is looked at: wherever a literal of 7 bytes or more stands, one such place has 4 bytes of it behind it, and
;; of any 7 bytes of the literal in a row just one. So each literal has four "grams" of 4 bytes, one for each way it may lie. A table says by a
;; hash whether a place's 4 bytes may be a gram; the few that may are looked up, and the whole literal is compared. Of a literal of 5 or 6 bytes
;; some grams reach one byte out of it: they have a mask, and are tried wherever the table lets a place pass.
;;
;; Memory, in bytes:    0  table of 2^18 bits: bit (hash >>> 14) mod 32 of the 4 bytes from hash >>> 17 on is 1 where a gram may stand
;;                   32776  4096 × u16, by the hash's upper 12 bits: first entry, 0 for none
;;                   40968  entries of 32, from 1 on: gram u32, its mask u32, 4 rare bytes of the literal u32, their place from the gram i32,
;;                         address of the literal's bytes u32, next entry u16, place of the gram in the literal i16, length of the literal u16,
;;                         index of the literal u16
;;                 204800  the literals' bytes
;;                 262144  hits of 12: place u32, literal u32, line feeds u32
;;                 393216  text (as many bytes before it and behind as a literal has may be looked at, at least 64)
(module
  (memory (export "memory") 16)
  (global $count (export "count") (mut i32) (i32.const 0))
  (global $resume (export "resume") (mut i32) (i32.const 0))
  ;; The first entry with a mask: they are tried at each place that passes.
  (global $masked (export "masked") (mut i32) (i32.const 0))

  ;; Notes the literals that have a gram at `at`. `counted`: `feeds` line feeds are counted up to there.
  (func $verify (param $at i32) (param $lowest i32) (param $to i32) (param $counted i32) (param $feeds i32)
    (local $gram i32) (local $entry i32) (local $start i32) (local $length i32) (local $bytes i32) (local $k i32) (local $hit i32) (local $rest i32)
    (local.set $gram (i32.load (local.get $at)))
    (local.set $entry (i32.load16_u offset=32776 (i32.shl
      (i32.shr_u (i32.mul (local.get $gram) (i32.const 0x9e3779b1)) (i32.const 20)) (i32.const 1))))
    (local.set $rest (global.get $masked))
    (block $end (loop $entries
      (if (i32.eqz (local.get $entry))
        (then
          (br_if $end (i32.eqz (local.get $rest)))
          (local.set $entry (local.get $rest))
          (local.set $rest (i32.const 0))))
      (local.set $entry (i32.add (i32.const 40968) (i32.shl (local.get $entry) (i32.const 5))))
      (block $no
        (br_if $no (i32.ne (i32.and (local.get $gram) (i32.load offset=4 (local.get $entry))) (i32.load (local.get $entry))))
        (br_if $no (i32.ne (i32.load (i32.add (local.get $at) (i32.load offset=12 (local.get $entry)))) (i32.load offset=8 (local.get $entry))))
        (local.set $start (i32.sub (local.get $at) (i32.load16_s offset=22 (local.get $entry))))
        (br_if $no (i32.lt_s (local.get $start) (local.get $lowest)))
        (local.set $length (i32.load16_u offset=24 (local.get $entry)))
        (br_if $no (i32.gt_s (i32.add (local.get $start) (local.get $length)) (local.get $to)))
        (local.set $bytes (i32.load offset=16 (local.get $entry)))
        (local.set $k (i32.const 0))
        (loop $compare
          (br_if $no (i32.ne (i32.load8_u (i32.add (local.get $start) (local.get $k))) (i32.load8_u (i32.add (local.get $bytes) (local.get $k)))))
          (local.set $k (i32.add (local.get $k) (i32.const 1)))
          (br_if $compare (i32.lt_u (local.get $k) (local.get $length))))
        (local.set $hit (i32.mul (global.get $count) (i32.const 12)))
        (i32.store offset=262144 (local.get $hit) (local.get $start))
        (i32.store offset=262148 (local.get $hit) (i32.load16_u offset=26 (local.get $entry)))
        ;; No line feed stands in a literal: those up to the gram are those up to the literal.
        (i32.store offset=262152 (local.get $hit) (i32.add (local.get $feeds) (call $lineFeeds (local.get $counted)
          (select (local.get $at) (local.get $start) (i32.gt_s (local.get $at) (local.get $start))))))
        (global.set $count (i32.add (global.get $count) (i32.const 1))))
      (local.set $entry (i32.load16_u offset=20 (local.get $entry)))
      (br $entries))))

  ;; Counts the line feeds from `from` to `to`.
  (func $lineFeeds (export "countLineFeeds") (param $from i32) (param $to i32) (result i32)
    (local $feeds i32) (local $lf v128) (local $sum v128) (local $stop i32)
    (local.set $lf (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))
    (block $end (loop $blocks
      (br_if $end (i32.gt_s (i32.add (local.get $from) (i32.const 64)) (local.get $to)))
      ;; Each of 16 counters of 8 bits takes up to 63 × 4.
      (local.set $stop (i32.add (local.get $from) (i32.const 4032)))
      (local.set $stop (select (local.get $stop) (i32.sub (local.get $to) (i32.const 63)) (i32.lt_s (local.get $stop) (i32.sub (local.get $to) (i32.const 63)))))
      (local.set $sum (v128.const i64x2 0 0))
      (loop $lines
        (local.set $sum (i8x16.sub (local.get $sum) (i8x16.add
          (i8x16.add
            (i8x16.eq (v128.load (local.get $from)) (local.get $lf))
            (i8x16.eq (v128.load offset=16 (local.get $from)) (local.get $lf)))
          (i8x16.add
            (i8x16.eq (v128.load offset=32 (local.get $from)) (local.get $lf))
            (i8x16.eq (v128.load offset=48 (local.get $from)) (local.get $lf))))))
        (local.set $from (i32.add (local.get $from) (i32.const 64)))
        (br_if $lines (i32.lt_s (local.get $from) (local.get $stop))))
      (local.set $sum (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $sum))))
      (local.set $feeds (i32.add (local.get $feeds) (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
        (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum))))))
      (br $blocks)))
    (block $last (loop $bytes
      (br_if $last (i32.ge_s (local.get $from) (local.get $to)))
      (local.set $feeds (i32.add (local.get $feeds) (i32.eq (i32.load8_u (local.get $from)) (i32.const 10))))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (br $bytes)))
    (local.get $feeds))

  ;; Searches from `from` to `to` for literals that begin at `lowest` or behind. `feeds`: line feeds counted before. Returns line feeds so far.
  ;; `resume` is 0 then, unless there were too many hits for the memory: then the caller takes them and goes on from `resume`.
  (func (export "search") (param $from i32) (param $to i32) (param $lowest i32) (param $feeds i32) (result i32)
    (local $i i32) (local $stop i32) (local $h i32)
    (local $b0 i32) (local $b1 i32) (local $b2 i32) (local $b3 i32) (local $b4 i32) (local $b5 i32) (local $b6 i32) (local $b7 i32)
    (global.set $count (i32.const 0))
    ;; A gram may begin one byte before its literal. Going on, all is looked at up to `from`.
    (local.set $i (select
      (i32.and (i32.sub (local.get $from) (i32.const 1)) (i32.const -32))
      (local.get $from)
      (i32.eq (local.get $from) (local.get $lowest))))
    (block $end (loop $chunks
      (br_if $end (i32.ge_s (local.get $i) (local.get $to)))
      (br_if $end (i32.ge_u (global.get $count) (i32.const 4096)))
      (local.set $stop (i32.add (local.get $i) (i32.const 4096)))
      (local.set $stop (select (local.get $stop) (local.get $to) (i32.lt_s (local.get $stop) (local.get $to))))
      (loop $blocks
        ;; 8 places at once: the lowest bit of $b0 … $b7 is 1 where a gram may stand. Written out: the engine inlines no functions.
        (local.set $b0 (i32.shr_u
          (i32.load (i32.shr_u (local.tee $h (i32.mul (i32.load (local.get $i)) (i32.const 0x9e3779b1))) (i32.const 17)))
          (i32.shr_u (local.get $h) (i32.const 14))))
        (local.set $b1 (i32.shr_u
          (i32.load (i32.shr_u (local.tee $h (i32.mul (i32.load offset=4 (local.get $i)) (i32.const 0x9e3779b1))) (i32.const 17)))
          (i32.shr_u (local.get $h) (i32.const 14))))
        (local.set $b2 (i32.shr_u
          (i32.load (i32.shr_u (local.tee $h (i32.mul (i32.load offset=8 (local.get $i)) (i32.const 0x9e3779b1))) (i32.const 17)))
          (i32.shr_u (local.get $h) (i32.const 14))))
        (local.set $b3 (i32.shr_u
          (i32.load (i32.shr_u (local.tee $h (i32.mul (i32.load offset=12 (local.get $i)) (i32.const 0x9e3779b1))) (i32.const 17)))
          (i32.shr_u (local.get $h) (i32.const 14))))
        (local.set $b4 (i32.shr_u
          (i32.load (i32.shr_u (local.tee $h (i32.mul (i32.load offset=16 (local.get $i)) (i32.const 0x9e3779b1))) (i32.const 17)))
          (i32.shr_u (local.get $h) (i32.const 14))))
        (local.set $b5 (i32.shr_u
          (i32.load (i32.shr_u (local.tee $h (i32.mul (i32.load offset=20 (local.get $i)) (i32.const 0x9e3779b1))) (i32.const 17)))
          (i32.shr_u (local.get $h) (i32.const 14))))
        (local.set $b6 (i32.shr_u
          (i32.load (i32.shr_u (local.tee $h (i32.mul (i32.load offset=24 (local.get $i)) (i32.const 0x9e3779b1))) (i32.const 17)))
          (i32.shr_u (local.get $h) (i32.const 14))))
        (local.set $b7 (i32.shr_u
          (i32.load (i32.shr_u (local.tee $h (i32.mul (i32.load offset=28 (local.get $i)) (i32.const 0x9e3779b1))) (i32.const 17)))
          (i32.shr_u (local.get $h) (i32.const 14))))
        (if (i32.and (i32.const 1) (i32.or
            (i32.or (i32.or (local.get $b0) (local.get $b1)) (i32.or (local.get $b2) (local.get $b3)))
            (i32.or (i32.or (local.get $b4) (local.get $b5)) (i32.or (local.get $b6) (local.get $b7)))))
          (then
            (if (i32.and (local.get $b0) (i32.const 1))
              (then (call $verify (local.get $i) (local.get $lowest) (local.get $to) (local.get $from) (local.get $feeds))))
            (if (i32.and (local.get $b1) (i32.const 1))
              (then (call $verify (i32.add (local.get $i) (i32.const 4)) (local.get $lowest) (local.get $to) (local.get $from) (local.get $feeds))))
            (if (i32.and (local.get $b2) (i32.const 1))
              (then (call $verify (i32.add (local.get $i) (i32.const 8)) (local.get $lowest) (local.get $to) (local.get $from) (local.get $feeds))))
            (if (i32.and (local.get $b3) (i32.const 1))
              (then (call $verify (i32.add (local.get $i) (i32.const 12)) (local.get $lowest) (local.get $to) (local.get $from) (local.get $feeds))))
            (if (i32.and (local.get $b4) (i32.const 1))
              (then (call $verify (i32.add (local.get $i) (i32.const 16)) (local.get $lowest) (local.get $to) (local.get $from) (local.get $feeds))))
            (if (i32.and (local.get $b5) (i32.const 1))
              (then (call $verify (i32.add (local.get $i) (i32.const 20)) (local.get $lowest) (local.get $to) (local.get $from) (local.get $feeds))))
            (if (i32.and (local.get $b6) (i32.const 1))
              (then (call $verify (i32.add (local.get $i) (i32.const 24)) (local.get $lowest) (local.get $to) (local.get $from) (local.get $feeds))))
            (if (i32.and (local.get $b7) (i32.const 1))
              (then (call $verify (i32.add (local.get $i) (i32.const 28)) (local.get $lowest) (local.get $to) (local.get $from) (local.get $feeds))))))
        (local.set $i (i32.add (local.get $i) (i32.const 32)))
        (br_if $blocks (i32.lt_s (local.get $i) (local.get $stop))))
      (local.set $feeds (i32.add (local.get $feeds) (call $lineFeeds (local.get $from) (local.get $stop))))
      (local.set $from (local.get $stop))
      (br $chunks)))
    (global.set $resume (select (i32.const 0) (local.get $i) (i32.ge_s (local.get $i) (local.get $to))))
    (local.get $feeds))
)
