import type { AccountCheck } from './check.js';

const NAME = 'Lake Formation';

/** Whether new databases and tables can be read by whom IAM allows: the stacks grant by IAM. */
export const checkLakeFormation: AccountCheck = async ({ account, signal }) => {
  const { databasesByIam, tablesByIam } = await account.lakeFormation({ ...(signal && { signal }) });
  const closed = [...(databasesByIam ? [] : ['databases']), ...(tablesByIam ? [] : ['tables'])];
  if (closed.length === 0) {
    return [{ name: NAME, status: 'ok', detail: 'new databases and tables are governed by IAM' }];
  }
  const detail = `new ${closed.join(' and ')} are closed but to whom Lake Formation allows them: Glue, Firehose and Athena would be denied. Under Lake Formation, Data Catalog settings, choose "Use only IAM access control", or grant the roles of the stacks there after each is deployed.`;
  return [{ name: NAME, status: 'missing', detail }];
};
