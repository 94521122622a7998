import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../find-program.ts';
import { runProgram } from '../run-program.ts';
import { StackError } from '../stack-error.ts';
import type { StackOptions } from '../stack-options.ts';
import { cachedDir } from '../user-cache.ts';

const VERSION = '5.0.8';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>groundswell</groupId>
  <artifactId>cassandra-jars</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.cassandra</groupId>
      <artifactId>cassandra-all</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** The directory with Cassandra's jars, in the user's cache; Maven fetches them the first time (67 MB). */
export function cassandraJars(options: StackOptions): Promise<string> {
  const { env, say, signal } = options;
  return cachedDir(`cassandra-${VERSION}`, env, async (dir) => {
    const mvn = findProgram(['mvn'], env);
    if (!mvn)
      throw new StackError(
        'Cassandra is fetched with Maven (mvn) the first time, and there is none on PATH. ' +
          'On Debian and Ubuntu: sudo apt-get install maven.',
      );
    say(`Fetching Cassandra ${VERSION} with Maven; this happens once ...`);
    const pom = join(dir, 'pom.xml');
    writeFileSync(pom, POM);
    const args = ['--batch-mode', '--quiet', '--file', pom, COPY, '-DincludeScope=runtime', `-DoutputDirectory=${dir}`];
    await runProgram(mvn, args, { env, signal, timeoutMs: 600_000 });
    rmSync(pom);
  });
}
