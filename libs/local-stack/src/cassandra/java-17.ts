import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, isProgram } from '../find-program.ts';
import { runProgram } from '../run-program.ts';
import { StackError } from '../stack-error.ts';
import type { Environment, StackOptions } from '../stack-options.ts';

/** The directories under which systems keep their Javas, and where a `java` lies in each of them. */
const SHELVES = [
  { dir: '/usr/lib/jvm', java: 'bin/java' },
  { dir: '/Library/Java/JavaVirtualMachines', java: 'Contents/Home/bin/java' },
  { dir: '/opt/homebrew/opt', java: 'bin/java' },
];

/** The `java` of a Java 17, from JAVA_HOME, PATH or where systems keep them; throws a StackError when there is none. */
export async function findJava17({ env, signal }: StackOptions, shelves = SHELVES): Promise<string> {
  for (const java of candidates(env, shelves)) {
    const version = await runProgram(java, ['-version'], { env, signal, timeoutMs: 20_000 }).catch(ignoreFailure);
    if (/version "17[."]/.test(version)) return java;
  }
  throw new StackError(
    'Cassandra needs Java 17, and none was found by JAVA_HOME, on PATH or among the installed ones. ' +
      'On Debian and Ubuntu: sudo apt-get install openjdk-17-jdk-headless. ' +
      'Or use a Cassandra that runs elsewhere: CASSANDRA_CONTACT_POINTS.',
  );
}

function candidates(env: Environment, shelves: typeof SHELVES): string[] {
  const home = env.JAVA_HOME ? [join(env.JAVA_HOME, 'bin/java')] : [];
  const onPath = findProgram(['java'], env);
  const shelved = shelves.flatMap(({ dir, java }) => entries(dir).map((name) => join(dir, name, java)));
  return [...home, ...(onPath ? [onPath] : []), ...shelved.filter((java) => java.includes('17'))].filter(isProgram);
}

function entries(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function ignoreFailure(error: unknown): string {
  if (error instanceof StackError) return '';
  throw error;
}
