import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outputs, renderReport } from '../../src/render/index.ts'
import { mask, maskSecrets, secretRules } from '../../src/text/secrets.ts'
import { reportOf } from '../report-of.ts'

/** The texts that hold `hunter2`, a JWT or a key; each must lose it and keep the rest. */
const secrets: readonly (readonly [string, string])[] = [
  ['sshd[1]: --password hunter2 --port 22', 'sshd[1]: --password ••• --port 22'],
  ['java -Xmx1g -Djavax.net.ssl.keyStorePassword=hunter2 -jar a.jar', 'java -Xmx1g -Djavax.net.ssl.keyStorePassword=••• -jar a.jar'],
  ['args=["--password","hunter2","--port","80"]', 'args=["--password","•••","--port","80"]'],
  ['{"db_password":"hunter2","user":"x"}', '{"db_password":"•••","user":"x"}'],
  ['err="exit {\\"apiKey\\":\\"hunter2\\"}"', 'err="exit {\\"apiKey\\":\\"•••\\"}"'],
  ["PGPASSWORD='hunter2 x' psql", "PGPASSWORD='•••' psql"],
  ['AWS_SECRET_ACCESS_KEY=hunter2/a+b env', 'AWS_SECRET_ACCESS_KEY=••• env'],
  ['STRIPE_KEY=hunter2', 'STRIPE_KEY=•••'],
  ['Server=db;User Id=sa;Password=hunter2;Encrypt=true', 'Server=db;User Id=sa;Password=•••;Encrypt=true'],
  ['postgres://app:hunter2@db:5432/shop?sslmode=off', 'postgres://•••@db:5432/shop?sslmode=off'],
  ['redis://:hunter2@cache:6379/0', 'redis://•••@cache:6379/0'],
  ['https://hunter2@git.example/x.git', 'https://•••@git.example/x.git'],
  ['amqp://u:p/hunter2@mq', 'amqp://•••@mq'],
  [
    'Liveness probe failed: Get "http://10.1.1.1:8080/health?key=hunter2": dial',
    'Liveness probe failed: Get "http://10.1.1.1:8080/health?•••": dial',
  ],
  ['Authorization: Basic aHVudGVyMg==', 'Authorization: •••'],
  ['-H "X: Bearer hunter2hunter2"', '-H "X: Bearer •••"'],
  ['mysqldump -h db -u root -phunter2 shop', 'mysqldump -h db -u root -p••• shop'],
  ['curl -s -u admin:hunter2 https://x', 'curl -s -u ••• https://x'],
  ['redis-server --requirepass hunter2', 'redis-server --requirepass •••'],
  ['docker login -u me -p hunter2 registry.example', 'docker login -u me -p ••• registry.example'],
  ['sqlcmd -S db -U sa -P hunter2 -Q x', 'sqlcmd -S db -U sa -P ••• -Q x'],
  ['zip -P hunter2 a.zip', 'zip -P ••• a.zip'],
  ['mosquitto_pub -u x -P hunter2 -t a', 'mosquitto_pub -u x -P ••• -t a'],
  ['openssl enc -aes-256-cbc -k hunter2 -in a', 'openssl enc -aes-256-cbc -k ••• -in a'],
  ['htpasswd -b file me hunter2', 'htpasswd -b file me •••'],
  ['rabbitmqctl add_user me hunter2', 'rabbitmqctl add_user me •••'],
  ['smbclient //h/s -U me%hunter2', 'smbclient //h/s -U me%•••'],
  ['sshpass -phunter2 ssh x', 'sshpass -p••• ssh x'],
  ['etcdctl --user root:hunter2 get a', 'etcdctl --user root:••• get a'],
  ['skopeo copy --src-creds=me:hunter2 a b', 'skopeo copy --src-creds=me:••• a b'],
  ['prometheus --basic-auth me:hunter2', 'prometheus --basic-auth me:•••'],
  ['app --license-key hunter2', 'app --license-key •••'],
  ['SLACK=https://hooks.slack.com/services/T0/B0/hunter2', 'SLACK=https://hooks.slack.com/services/•••'],
  ['curl https://api.telegram.org/bot123:hunter2/send', 'curl https://api.telegram.org/bot•••'],
  ['jdbc:oracle:thin:scott/hunter2@//db:1521/orcl', 'jdbc:oracle:thin:•••@//db:1521/orcl'],
  ['snmpget -v3 -u me -a SHA -A hunter2 -x AES -X hunter2 h', 'snmpget -v3 -u me -a SHA -A ••• -x AES -X ••• h'],
  ['snmpwalk -v 2c -c hunter2 10.0.0.1', 'snmpwalk -v 2c -c ••• 10.0.0.1'],
  ['createUser me SHA "hunter2" AES hunter2', 'createUser me SHA "•••" AES •••'],
  ['pwd hunter2 --port 1', 'pwd ••• --port 1'],
  ['python3 --token hunter2 app.py', 'python3 --token ••• app.py'],
  ['pwd=hunter', 'pwd=•••'],
  ["PGPASSWORD='hunter2 is c", 'PGPASSWORD=•••'],
  ["restic --password-command 'echo hunter2' backup", "restic --password-command '•••' backup"],
  ['restic --password-command echo hunter2 --json', 'restic --password-command ••• --json'],
  ['passwordeval "gpg -d hunter2"', 'passwordeval "•••"'],
  ['curl -uadmin:hunter2 https://x', 'curl -u••• https://x'],
  ['podman login -u me -phunter2 r', 'podman login -u me -p••• r'],
  ['["redis-cli","-a","hunter2","ping"]', '["redis-cli","-a","•••","ping"]'],
  ['redis-server --masterauth hunter2', 'redis-server --masterauth •••'],
  ['mongodump -u me -p hunter2 --host x', 'mongodump -u me -p ••• --host x'],
  ['aws configure set aws_secret_access_key hunter2', 'aws configure set aws_secret_access_key •••'],
  ['kubeadm init --certificate-key hunter2', 'kubeadm init --certificate-key •••'],
  ['    client-key-data: hunter2', '    client-key-data: •••'],
  ['  .dockerconfigjson: hunter2', '  .dockerconfigjson: •••'],
  ['{"name":"DB_PASSWORD","value":"hunter2"}', '{"name":"DB_PASSWORD","value":"•••"}'],
  ['- name: DB_PASSWORD\n  value: hunter2', '- name: DB_PASSWORD\n  value: •••'],
  ['vault login hunter2', 'vault login •••'],
  ['vault login -method=userpass username=u password=hunter2', 'vault login -method=userpass username=u password=•••'],
  ['vault operator unseal hunter2', 'vault operator unseal •••'],
  ['//r.example/:_auth=hunter2', '//r.example/:_auth=•••'],
  ['whsec_hunter2hunter2hunter2', '•••'],
  ['htpasswd -nbB me hunter2', 'htpasswd -nbB me •••'],
  ['me:$apr1$hunter2$abcdefghijklmnopqrstuv', 'me:•••'],
  ['root:$6$hunter2$abcdefghijklmnopqrstuvwxyz/0123', 'root:•••'],
  ['ldapsearch -x -whunter2', 'ldapsearch -x -w•••'],
  ['net user me hunter2 /add', 'net user me ••• /add'],
  ['lftp -u me,hunter2 h', 'lftp -u me,••• h'],
  ['7z x -phunter2 a.7z', '7z x -p••• a.7z'],
  ['sqlplus scott/hunter2@db', 'sqlplus scott/•••'],
  ['db2 connect to x user me using hunter2', 'db2 connect to x user me using •••'],
  ['ipmitool -H h -U me -P hunter2 power', 'ipmitool -H h -U me -P ••• power'],
  ['ocp-apim-subscription-key: hunter2', 'ocp-apim-subscription-key: •••'],
  ['psk="hunter2"', 'psk="•••"'],
  ['bindpw hunter2', 'bindpw •••'],
  ['"accessToken" : "hunter2"', '"accessToken" : "•••"'],
  ['{:password "hunter2"}', '{:password "•••"}'],
  ["'password' => 'hunter2'", "'password' => '•••'"],
  ['PASSWORD=$(echo hunter2) x', 'PASSWORD=••• x'],
  ["CREATE USER x IDENTIFIED BY 'hunter'", "CREATE USER x IDENTIFIED BY '•••'"],
  ["ALTER ROLE x ENCRYPTED PASSWORD 'hunter'", "ALTER ROLE x ENCRYPTED PASSWORD '•••'"],
  ['AUTH default hunter2', 'AUTH default •••'],
  ['java postgres://app:hunter2', 'java postgres://app:•••'],
  ['<password>hunter2</password>', '<password>•••</password>'],
  ['<property name="password" value="hunter2"/>', '<property name="password" value="•••"/>'],
  ['a0="app" a1="--password" a2="hunter2"', 'a0="app" a1="--password" a2="•••"'],
  ['args: [--db-password, hunter2]', 'args: [--db-password, •••]'],
  ['args: [mysqladmin, ping, -u, root, -phunter2]', 'args: [mysqladmin, ping, -u, root, -p•••]'],
]

/** What only looks so, or must stay for the evidence to be read. */
const plain: readonly string[] = [
  '--max-tokens 4096 --max_num_batched_tokens=8192',
  '--token-file=/var/run/token --tls-private-key-file /k.pem',
  'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,task_memcg=/system.slice/vault-token.service,task=tokenizer,pid=12,uid=0',
  'Memory cgroup out of memory: Killed process 12 (passwd) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0',
  'MountVolume.SetUp succeeded for volume "kube-api-access-x" secretName="db-credentials"',
  'basic authentication failed for user',
  'invalid bearer token',
  'http://host:8080/path/a@b',
  '--disable-auth --secret=true',
  'docker run --user 1000:1000 --auth http://idp.example/x',
  'tar -P -xf a.tar; gzip -k a; unzip -p a.zip',
  'image registry.example/a@sha256:0123',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 of cart-7c9d4f6b5-x2k8p',
  'podUID="0f8e7d6c-0000-4000-8000-000000000001" containerID="containerd://7bed964c242db9d4c0f091fd6a4278d4b7674e986df8d06b07a300fa15c0782a"',
  'kubeadm join --discovery-token-ca-cert-hash sha256:7bed964c242db9d4c0f091fd6a4278d4b7674e986df8d06b07a300fa15c0782a',
  'passwd invoked oom-killer: gfp_mask=0x24201ca, order=0, oom_score_adj=0',
  'password authentication failed for user "x"',
  'memory pressure: pass 2 of 3 of 17 pages',
  'Get http://host:8080',
  'sudo: me : TTY=pts/1 ; PWD=/srv/app ; OLDPWD=~ ; USER=root ; COMMAND=/bin/x',
  'sos/etc/passwd: no zone, year or clock anchor',
  'image docker://sha256:7bed964c242db9d4c0f091fd6a4278d4b7674e986df8d06b07a300fa15c0782a',
  'vault server -config=/etc/vault.hcl; net use; mysql -P 3306 -h db',
  'curl -s https://x/ -o out; snmpd -c /etc/snmp.conf -Lf /dev/null',
]

describe('secrets', () => {
  it.each(secrets)('%s', (text, expected) => {
    expect(maskSecrets(text)).toBe(expected)
    expect(maskSecrets(expected)).toBe(expected)
  })

  it.each(plain)('leaves %s', (text) => {
    expect(maskSecrets(text)).toBe(text)
  })

  it.each(secretRules.map((rule) => [rule.id, rule] as const))('each rule masks its example: %s', (_, { example, hints, pattern }) => {
    expect(maskSecrets(example)).toContain(mask)
    expect(hints.some((hint) => example.toLowerCase().includes(hint))).toBe(true)
    expect(example.search(new RegExp(pattern.source, pattern.flags.replace('g', '')))).not.toBe(-1)
  })

  it('lose a private key over several lines, and one that is cut off', () => {
    expect(maskSecrets('a -----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY----- b')).toBe(
      'a -----BEGIN EC PRIVATE KEY-----••• b',
    )
    expect(maskSecrets('-----BEGIN PRIVATE KEY-----\nMHcC\nabc')).toBe('-----BEGIN PRIVATE KEY-----•••')
  })

  it('are found in any text, once', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(maskSecrets(maskSecrets(text))).toBe(maskSecrets(text))
      }),
    )
  })

  it('take no time in long lines', () => {
    for (const unit of [
      'password',
      '--token ',
      'a=',
      '://',
      'Bearer ',
      'eyJ',
      '-----BEGIN PRIVATE KEY-----',
      'curl ',
      'x_KEY=',
      '"auth":',
      '?',
      'AKIA',
      'mysql -p',
      'snmp -A ',
      'net user ',
      'sqlplus a/',
      'vault login ',
      'password 1',
      'pass-command a ',
      'x://a:',
      '$6$',
      'name=password value',
    ]) {
      const start = performance.now()
      maskSecrets(unit.repeat(100_000 / unit.length))
      expect(performance.now() - start, unit).toBeLessThan(700)
    }
  })
})

describe('a report', () => {
  const at = 'Nov 24 07:04:1'
  const files = {
    messages: `${at}0 n earlyoom[7]: sending SIGTERM to process 4711 uid 1000 "java": oom_score 1067, VmRSS 4352 MiB, cmdline "java -Ddb.password=hunter2 -jar x --token hunter2"\n`,
    'kubelet.log': `I1124 07:04:11.000000    1248 prober.go:111] "Probe failed" probeType="Liveness" pod="shop/cart-0" podUID="x" containerName="app" probeResult="failure" output="Get \\"http://10.0.0.1/health?key=hunter2\\": dial"\n`,
  }

  it('masks what others printed, wherever it stands', async () => {
    const report = await reportOf(files)
    expect(report.incidents).toHaveLength(1)
    expect(JSON.stringify(report)).not.toContain('hunter2')
    expect(JSON.stringify(report)).toContain(mask)
  })

  it('masks each form in each output', async () => {
    const lines = secrets
      .filter(([text]) => !text.includes('\n'))
      .map(
        ([text], n) =>
          `Nov 24 07:04:1${n % 10} n earlyoom[7]: sending SIGTERM to process ${4700 + n} uid 1000 "java": oom_score 1067, VmRSS 4352 MiB, cmdline "${text}"\n`,
      )
    const report = await reportOf({ messages: lines.join('') })
    expect(report.incidents.flatMap(({ kills }) => kills)).toHaveLength(lines.length)
    for (const { id } of outputs) {
      const printed = await renderReport(report, id)
      expect(
        printed.split('\n').filter((line) => line.includes('hunter2')),
        id,
      ).toEqual([])
    }
  })
})
