import type { Extractor } from '../define-extractor.ts'
import { ci, compiler, shell } from './builds.ts'
import { clickhouse, elasticsearch, mongodb, mysql, postgresql, redis } from './databases.ts'
import { jvm } from './jvm.ts'
import { dotnet, go, native, php, python, ruby, rust } from './languages.ts'
import { node } from './node.ts'
import { apache, celery, gunicorn, nginx, other, spark, uwsgi } from './servers.ts'

/** Programs that give up by themselves, are refused memory, or see a child die (kubernetes-oom §6.4). */
export const runtimes: readonly Extractor[] = [
  jvm,
  node,
  go,
  dotnet,
  python,
  php,
  ruby,
  rust,
  native,
  postgresql,
  mysql,
  redis,
  elasticsearch,
  clickhouse,
  mongodb,
  nginx,
  apache,
  gunicorn,
  celery,
  uwsgi,
  spark,
  other,
  shell,
  compiler,
  ci,
]
