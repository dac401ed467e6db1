import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '@pulselake/aws-clients/objects';
import type { PipelineRun } from '@pulselake/data-model';
import { LAKE_VERSION, Lake, MARKER } from '@pulselake/lake';
import { localLake } from '../remote/local-lake.js';
import { LakeMirror, type MirrorOptions } from '../remote/mirror-lake.js';
import { planPush } from '../remote/plan-push.js';
import { carryOut } from '../remote/push-lake.js';

export interface RemoteLakeOptions extends MirrorOptions {
  readonly clock: () => number;
  /** Shown to others who work on the same folder. */
  readonly command: string;
}

/** A lake in a bucket, worked on in a folder that has the same files. */
export class RemoteLake {
  private constructor(
    readonly mirror: LakeMirror,
    readonly lake: Lake,
    private readonly store: ObjectStore,
    private readonly options: RemoteLakeOptions,
  ) {}

  /** @param root an empty folder */
  static async open(store: ObjectStore, root: string, options: RemoteLakeOptions): Promise<RemoteLake> {
    await mkdir(root, { recursive: true });
    // Jobs may have written before anything marked the place as a lake.
    await writeFile(join(root, MARKER), `${JSON.stringify({ format: 'pulselake', version: LAKE_VERSION })}\n`);
    const mirror = new LakeMirror(store, root);
    await mirror.update(options);
    const { command, clock, signal } = options;
    const lake = await Lake.open(root, { command, clock, ...(signal && { signal }) });
    return new RemoteLake(mirror, lake, store, options);
  }

  /** Looks at the bucket once more. @returns whether anything was changed there */
  async refresh(): Promise<boolean> {
    return this.mirror.update(this.options);
  }

  /**
   * Brings what runs did in the folder into the bucket: data, then ledger, then removals. Nothing else is touched: what is
   * damaged or lost in the bucket stays so, since a proof knows no better bytes.
   *
   * @param runs whose files were written or taken out in the folder
   * @returns how many files were sent
   */
  async publish(runs: readonly PipelineRun[] = []): Promise<number> {
    const written = new Set(runs.flatMap(({ outputs }) => outputs.map(({ uri }) => uri)));
    const takenOut = new Set(runs.flatMap(({ replaced = [] }) => replaced));
    const plan = planPush(await localLake(this.lake), this.mirror.remote);
    const data = plan.data.filter(({ key }) => written.has(key) || key === MARKER);
    const remove = plan.remove.filter((key) => takenOut.has(key));
    await carryOut({ ...plan, data, remove }, this.store, this.options);
    return data.length + plan.ledger.length;
  }
}
