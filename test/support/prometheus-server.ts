import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../hack/controlplane/ports.ts';
import { startProgram } from '../../hack/controlplane/program.ts';
import type { Program } from '../../hack/controlplane/program.ts';
import { eventually } from './eventually.ts';
import { discard, findProgram, scratch } from './server-folder.ts';

/** A real Prometheus of a test's own, which scrapes every second what the test exposes. */
export class PrometheusServer {
  readonly url: URL;
  /** What is exposed, in Prometheus' text format. */
  metrics = '';
  readonly #folder: string;
  readonly #exporter: Server;
  #program: Program | null = null;
  #scrapes = 0;

  private constructor(port: number, folder: string) {
    this.url = new URL(`http://127.0.0.1:${port}`);
    this.#folder = folder;
    this.#exporter = createServer((_request, response) => {
      this.#scrapes += 1;
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(this.metrics);
    });
  }

  /** Null where Prometheus is not installed. */
  static async start(): Promise<PrometheusServer | null> {
    const prometheus = await findProgram('prometheus');
    if (prometheus === null) return null;
    const server = new PrometheusServer(await freePort(), await scratch('prometheus', null));
    await server.#up(prometheus);
    return server;
  }

  /** Exposes this from now on, and waits until it was scraped and can be asked for. */
  async expose(metrics: string): Promise<void> {
    this.metrics = metrics;
    const already = this.#scrapes;
    // The third scrape begins after the second is stored.
    await eventually(() => this.#scrapes >= already + 3, { within: 20_000 });
  }

  async stop(): Promise<void> {
    await this.#program?.kill();
    this.#exporter.closeAllConnections();
    this.#exporter.close();
    await discard(this.#folder);
  }

  async #up(command: string): Promise<void> {
    await new Promise<void>((resolve) => this.#exporter.listen(0, '127.0.0.1', resolve));
    const target = `127.0.0.1:${(this.#exporter.address() as AddressInfo).port}`;
    const config = join(this.#folder, 'prometheus.yml');
    const global = { scrape_interval: '1s', scrape_timeout: '1s' };
    const scrape = { job_name: 'grid', honor_labels: true, static_configs: [{ targets: [target] }] };
    // JSON is YAML.
    await writeFile(config, JSON.stringify({ global, scrape_configs: [scrape] }));
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(this.#folder, 'data')}`,
      `--web.listen-address=${this.url.host}`,
    ];
    this.#program = startProgram({ name: 'prometheus', command, args, logFile: join(this.#folder, 'log') });
    await eventually(async () => (await fetch(new URL('/-/ready', this.url))).ok, { within: 20_000 });
  }
}
