import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts, freePort, startNginx } from '#local-stack';
import { describeWith } from './describe-with.ts';

const dir = mkdtempSync(join(tmpdir(), 'nginx-'));
const options = { env: process.env, say: () => undefined, dir };

afterAll(() => rmSync(dir, { recursive: true }));

const configuration = (port: number, more = '') => `
events {}
http {
  access_log off;
  client_body_temp_path tmp/body;
  proxy_temp_path tmp/proxy;
  proxy_cache_path tmp/cache keys_zone=pages:1m;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 "served\\n"; }
    ${more}
  }
}`;

describeWith(['nginx'], 'startNginx', () => {
  it('serves, can be restarted, and ends with all its workers', async () => {
    const port = await freePort();
    const nginx = await startNginx(configuration(port), { ...options, port });
    const get = async () => (await fetch(`http://127.0.0.1:${port}`)).text();
    expect(await get()).toBe('served\n');
    await nginx.kill();
    expect(await accepts(port)).toBe(false);
    await nginx.restart();
    expect(await get()).toBe('served\n');
    await nginx.stop();
    expect(await accepts(port)).toBe(false);
  });

  it('tells what nginx says about a wrong configuration', async () => {
    const port = await freePort();
    const broken = startNginx(configuration(port, 'no_such_directive on;'), { ...options, port });
    await expect(broken).rejects.toThrow(/unknown directive "no_such_directive" in .*nginx\.conf:\d+/);
  });
});
