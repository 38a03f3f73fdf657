import { code, say } from '../../../text/say.ts'
import { defineRuntimes } from './define-runtime.ts'

/** Products on the JVM whose memory has settings of its own. Their process is named `java`: the command line tells them. */
export const jvmProducts = defineRuntimes([
  {
    id: 'elasticsearch',
    title: 'Elasticsearch',
    names: ['java*'],
    words: ['elasticsearch', 'opensearch'],
    heapShare: 0.5,
    bound: say`Give the heap half of what it may use (${code('-Xms')} = ${code('-Xmx')} in ${code('ES_JAVA_OPTS')}): Lucene's buffers and the page cache need the other half.`,
    look: say`See what holds the heap: breakers, field data, segments and queues by node.`,
    port: 9200,
    // Before 8.0 without TLS and password, as a rule.
    command:
      'for s in http https; do curl -sfk -u "elastic:$ELASTIC_PASSWORD" "$s://localhost:9200/_nodes/stats/breaker,jvm,indices" && break; done',
    cost: say`Changes nothing. From 8.0 on it asks for a password: put it into ${code('ELASTIC_PASSWORD')} before.`,
  },
  {
    id: 'spark',
    title: 'Spark',
    names: ['java*', 'python*'],
    words: ['org.apache.spark', 'spark.executor', 'spark.driver', 'spark-kubernetes', 'pyspark'],
    bound: say`Bound what lies outside of the executor's heap: ${code('spark.executor.pyspark.memory')} for Python, fewer ${code('spark.executor.cores')} (tasks at once), smaller partitions.`,
    limitBy: say`Raise ${code('spark.executor.memoryOverhead')} for the next run (a tenth of the heap by default, 384 MiB at least; Python and native memory come out of it), or lower ${code('spark.executor.memory')}: the pod's limit is their sum.`,
    look: say`Compare the executor's peak in the Spark UI (${code('peakMemoryMetrics')}: heap, off-heap, Python) with its container's limit.`,
    command: null,
    number: say`${code('spark.executor.cores')}`,
  },
  {
    id: 'flink',
    title: 'Flink',
    names: ['java*'],
    words: ['org.apache.flink', 'taskmanager.memory'],
    bound: say`Set ${code('taskmanager.memory.process.size')} to what it may use and give RocksDB and the network more of it: ${code('taskmanager.memory.managed.fraction')}, ${code('taskmanager.memory.jvm-overhead.fraction')}.`,
    look: say`Compare the TaskManager's memory page (heap, managed, network, metaspace) with what its process holds; what is in none of them is native.`,
    command: 'jcmd PID VM.native_memory summary',
    all: '0',
  },
  {
    id: 'cassandra',
    title: 'Cassandra',
    names: ['java*'],
    words: ['cassandra'],
    heapShare: 0.5,
    bound: say`Set ${code('MAX_HEAP_SIZE')} and what lies outside of the heap: ${code('file_cache_size')}, ${code('memtable_offheap_space')}, index summaries.`,
    look: say`See the off-heap memory by table.`,
    command: 'nodetool info; nodetool tablestats | grep -iE "off heap|table:"',
  },
  {
    id: 'neo4j',
    title: 'Neo4j',
    names: ['java*'],
    words: ['neo4j'],
    heapShare: 0.5,
    bound: say`Set heap and page cache together below what it may use (${code('server.memory.heap.max_size')}, ${code('server.memory.pagecache.size')}, which is native memory), and bound transactions by ${code('dbms.memory.transaction.total.max')}.`,
    beside: say`Bound what lies outside of the heap: its page cache is native memory of the same process (${code('server.memory.pagecache.size')}), and so is a part of each transaction (${code('dbms.memory.transaction.total.max')}).`,
    look: say`See which pools and transactions hold memory: ${code('CALL dbms.listPools()')}, ${code('SHOW TRANSACTIONS')}; a size for each by its own rule of thumb.`,
    command: 'neo4j-admin server memory-recommendation',
  },
  {
    id: 'kafka',
    title: 'Kafka',
    names: ['java*'],
    words: ['kafka.kafka', 'kafka_heap_opts'],
    heapShare: 0.5,
    bound: say`Keep ${code('KAFKA_HEAP_OPTS')} small (a few GiB) and leave the rest of what it may use to the page cache and to memory maps of the index files.`,
    look: say`See what the JVM holds outside of its heap (direct buffers of the network threads).`,
    command: 'jcmd PID VM.native_memory summary',
    all: '0',
  },
])
