// A process whose memory follows a known plan: `node grow.mjs leak|flat|spike SECONDS`. Prints nothing; what it holds is touched, so that it is resident.
const [plan, seconds] = [process.argv[2], Number(process.argv[3] ?? 60)]
const mib = 1024 * 1024
const held = []
const take = (bytes) => held.push(Buffer.alloc(bytes, 1))
const begun = Date.now()
const tick = setInterval(() => {
  const t = (Date.now() - begun) / 1000
  if (plan === 'leak') take(2 * mib)
  if (plan === 'spike' && t > seconds * 0.92 && held.length < 20) take(15 * mib)
  if (t >= seconds) {
    clearInterval(tick)
    process.exit(0)
  }
}, 500)
