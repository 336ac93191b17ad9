import { listSites } from '../features/sites/index.ts';
import { loadConfig } from '../load-config.ts';
import { createLog } from '../log.ts';
import { createStorage } from '../storage/create-storage.ts';
import { lookAtInstallation, type Installation } from './installation.ts';
import { print } from './output.ts';

interface Finding {
  readonly check: string;
  readonly status: 'pass' | 'warn' | 'fail';
  readonly says: string;
}

/** Looks whether everything that the server needs is there, without starting it; a fault makes the command fail. */
export const runDoctor = async (): Promise<void> => {
  const findings = await examine();
  print(findings, () => findings.map(({ check, status, says }) => `${marks[status]} ${check}: ${says}`).join('\n'));
  if (findings.some(({ status }) => status === 'fail')) process.exitCode = 1;
};

const marks = { pass: '✓', warn: '!', fail: '✗' } as const;

const examine = async (): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const look = async (check: string, work: () => Promise<Finding | string>): Promise<boolean> => {
    try {
      const found = await work();
      findings.push(typeof found === 'string' ? { check, status: 'pass', says: found } : found);
      return true;
    } catch (error) {
      findings.push({ check, status: 'fail', says: error instanceof Error ? error.message : String(error) });
      return false;
    }
  };
  const sound = await look('settings', async () => {
    const { production, databaseUrl } = loadConfig(process.env);
    return `${production ? 'production' : 'not production'}, ${databaseUrl === undefined ? 'embedded Postgres' : 'DATABASE_URL'}`;
  });
  if (!sound) return findings;
  const reached = await look('database', async () => {
    const pending = await lookAtInstallation(async (installation) => {
      await look('storage', () => lookAtStorage(installation));
      await look('sites', () => lookAtSites(installation));
      await look('wall', () => lookAtWall(installation));
      await look('calls', async () => lookAtCalls(installation));
    });
    if (pending.length === 0) return 'reached, and its schema is up to date';
    const says = `reached, but its schema lacks ${pending.join(', ')}: teatime migrate, or start the server`;
    return { check: 'database', status: 'warn', says };
  });
  if (!reached) return findings;
  // What the others needed comes first.
  return [...findings.slice(0, 1), ...findings.slice(-1), ...findings.slice(1, -1)];
};

const lookAtStorage = async ({ config }: Installation): Promise<Finding | string> => {
  if (!config.files.enabled) return 'files are switched off';
  const storage = await createStorage(config, createLog({ ...config, logLevel: 'silent' }));
  try {
    await storage.check();
    return config.files.storage.kind === 'disk'
      ? `the folder ${config.files.storage.dir}`
      : `the bucket ${config.files.storage.bucket}`;
  } finally {
    await storage.close();
  }
};

const lookAtSites = async ({ db }: Installation): Promise<Finding | string> => {
  const sites = await listSites(db);
  const bare = sites.filter(
    ({ key, enabled, allowedOrigins }) => key !== 'default' && enabled && allowedOrigins.length === 0,
  );
  if (bare.length > 0) {
    const keys = bare.map(({ key }) => key).join(', ');
    return { check: 'sites', status: 'warn', says: `no page may embed ${keys}: teatime origin add <site> <origin>` };
  }
  return `${sites.length}, of which ${sites.filter(({ enabled }) => !enabled).length} switched off`;
};

const lookAtWall = async ({ db }: Installation): Promise<Finding | string> => {
  const lacks = await db.checkWall();
  if (lacks === undefined) return 'the database keeps sites apart by itself too';
  return {
    check: 'wall',
    status: 'warn',
    says: `the database does not keep sites apart by itself; ${lacks} (docs/operations.md)`,
  };
};

const lookAtCalls = ({ config: { calls } }: Installation): Finding | string => {
  if (!calls.enabled) return 'calls are switched off';
  if (calls.turn) return `relayed where they have to be, by ${calls.turn.urls.join(', ')}`;
  return {
    check: 'calls',
    status: 'warn',
    says: 'there is no TURN server: people behind strict firewalls cannot call (docs/calls.md)',
  };
};
