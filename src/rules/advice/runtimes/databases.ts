import { code, say } from '../../../text/say.ts'
import { defineRuntimes } from './define-runtime.ts'

/** Servers that size themselves by their configuration: a heap profile tells nothing that their own views do not. */
export const databases = defineRuntimes([
  {
    id: 'postgresql',
    title: 'PostgreSQL',
    names: ['postgres*', 'postmaster*', 'postgresql*'],
    bound: say`Fewer connections (a pooler such as PgBouncer, ${code('max_connections')}), a smaller ${code('work_mem')} (it counts for each sort and hash of each query), ${code('shared_buffers')} at a quarter of the memory, and ${code('huge_pages = on')}.`,
    look: say`See which backend holds memory and in which context: ${code('pg_log_backend_memory_contexts(pid)')} (14 and later) writes it to the server's log; ${code('log_temp_files')} and ${code('auto_explain')} name the query.`,
    command: `psql -c "SELECT pid, state, now() - query_start AS since, left(query, 60) AS query FROM pg_stat_activity WHERE backend_type = 'client backend' ORDER BY query_start"`,
    number: say`${code('max_connections')}, or a pooler (PgBouncer)`,
    start: {
      loads: say`its write-ahead log since the last checkpoint`,
      less: say`Once it runs, let checkpoints come more often (${code('max_wal_size')}), with smaller ${code('shared_buffers')}. Never delete ${code('pg_wal')}: the data would be lost.`,
    },
  },
  {
    id: 'mysql',
    title: 'MySQL',
    names: ['mysqld*', 'mariadbd*', 'mysqld_safe*'],
    bound: say`Size ${code('innodb_buffer_pool_size')} (50–70 % of what it may use) together with what each connection may take (${code('sort_buffer_size')}, ${code('join_buffer_size')}, ${code('tmp_table_size')}) × ${code('max_connections')}.`,
    look: say`See which part of the server holds memory.`,
    command: 'mysql -e "SELECT * FROM sys.memory_global_by_current_bytes LIMIT 15"',
  },
  {
    id: 'mongodb',
    title: 'MongoDB',
    names: ['mongod', 'mongos'],
    bound: say`Set ${code('storage.wiredTiger.engineConfig.cacheSizeGB')} below what it may use: the default is half of (memory − 1 GB), and connections (1 MB each), sorts and indexes come on top.`,
    look: say`Compare the cache with what the allocator holds.`,
    // Images before 5.0 have the old shell only.
    command: `$(command -v mongosh || echo mongo) --quiet --eval 'const s = db.serverStatus(); printjson({ cache: s.wiredTiger.cache["bytes currently in the cache"], allocator: s.tcmalloc, connections: s.connections })'`,
  },
  {
    id: 'redis',
    title: 'Redis',
    names: ['redis*', 'valkey*', 'keydb*', 'dragonfly*'],
    bound: say`Set ${code('maxmemory')} with an eviction policy at 60–70 % of what it may use: a save or a new replica forks, and pages written meanwhile are held twice.`,
    look: say`See what the data takes, how fragmented it is, and which keys are large.`,
    command: 'redis-cli info memory; redis-cli memory doctor',
  },
  {
    id: 'memcached',
    title: 'memcached',
    names: ['memcached'],
    bound: say`Set ${code('-m')} to 80 % of what it may use at most: connections and the hash table come on top.`,
    look: say`Compare ${code('limit_maxbytes')} with what it may use.`,
    port: 11211,
    command: "printf 'stats\\nquit\\n' | nc localhost 11211 | grep -E 'limit_maxbytes|bytes |curr_conn'",
  },
  {
    id: 'clickhouse',
    title: 'ClickHouse',
    names: ['clickhouse*'],
    bound: say`Set ${code('max_server_memory_usage_to_ram_ratio')} to 0.8 and ${code('max_memory_usage')} for a query, and let large sorts and joins go to disk (${code('max_bytes_before_external_group_by')}).`,
    look: say`See which queries took the most.`,
    command:
      'clickhouse-client -q "SELECT query_start_time, formatReadableSize(memory_usage), left(query, 80) FROM system.query_log ORDER BY memory_usage DESC LIMIT 10"',
  },
  {
    id: 'rabbitmq',
    title: 'RabbitMQ',
    names: ['beam.smp', 'rabbitmq*'],
    bound: say`Set ${code('vm_memory_high_watermark.absolute')} to 60 % of what it may use, and use quorum or lazy queues with a length limit.`,
    look: say`See what holds the memory: queues, connections, binaries.`,
    command: 'rabbitmq-diagnostics memory_breakdown',
  },
  {
    id: 'oracle',
    title: 'Oracle',
    names: ['oracle*', 'ora_*'],
    bound: say`Bound the sessions' memory by ${code('pga_aggregate_limit')}, and match ${code('vm.nr_hugepages')} to the SGA (${code('use_large_pages = only')}).`,
    look: say`See which sessions hold PGA memory.`,
    command: null,
    number: say`${code('processes')} and ${code('sessions')}, or shared servers`,
  },
  {
    id: 'influxdb',
    title: 'InfluxDB',
    names: ['influxd'],
    bound: say`Lower the number of series, use the disk index (${code('index-version = "tsi1"')}), and set ${code('cache-max-memory-size')} (${code('storage-cache-max-memory-size')} in 2.x).`,
    look: say`See the number of series and take a heap profile by its own pprof.`,
    port: 8086,
    command: "curl -s 'http://localhost:8086/debug/pprof/heap' -o heap.pb.gz",
  },
])
