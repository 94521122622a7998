// What a container runs:
//   post-service | timeline-service | fanout-worker | standalone     an app, until SIGTERM
//   cli COMMAND ...                                                  a command, such as `cli seed --users 1000`
// AUTH_SECRET, where it is not given, is one kept in DATA_DIR: a volume that all containers share, so that they agree.
import { openSecret } from '../dist/libs/config/src/index.js';
import { runService } from '../dist/libs/service/src/index.js';

const [name = '', command = '', ...args] = process.argv.slice(2);
process.env.AUTH_SECRET ||= await openSecret(process.env.DATA_DIR || '.data');

if (name === 'cli') {
  try {
    const { main } = await import(`../dist/apps/cli/src/${command}.js`);
    process.exitCode = await main(args);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
} else {
  const { start } = await import(`../dist/apps/${name}/src/main.js`);
  await runService(start, process.env);
}
