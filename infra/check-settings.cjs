// Stops a deploy whose settings can't be right, before anything is made in AWS; and puts the table last.
// Packaging with the samples of serverless.yml is fine: that is how the template is tested.

const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const SAMPLE_INSTANCE = '00000000-0000-0000-0000-000000000000';
const SAMPLE_NUMBER = '+12065550100';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const regionOf = (arn) => arn.split(':')[3];

const instanceFault = ({ connectInstanceId }) => {
  if (connectInstanceId === SAMPLE_INSTANCE) return 'connectInstanceId: the id of your Amazon Connect instance';
  if (connectInstanceId.startsWith('arn:')) return 'connectInstanceId: the id alone, which is the last part of the ARN';
  return !UUID.test(connectInstanceId) && 'connectInstanceId: an id such as 1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f';
};

const queueFault = ({ region, connectInstanceId, flows, fallbackQueueArn }) => {
  if (flows !== 'managed') return false;
  if (!fallbackQueueArn.includes(`:instance/${connectInstanceId}/queue/`) || fallbackQueueArn.endsWith(SAMPLE_INSTANCE))
    return 'fallbackQueueArn: a queue of that instance, by ARN (or flows: none)';
  return (
    region &&
    regionOf(fallbackQueueArn) !== region &&
    `fallbackQueueArn: it is of ${regionOf(fallbackQueueArn)}, and this deploys to ${region}`
  );
};

const rangeFault = ({ flows, extensionRange }) => {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(String(extensionRange).replace(/\s/g, '')) ?? [];
  if (!first || first.length !== last.length || first > last) return 'extensionRange: two numbers, as in 0000-9999';
  return (
    flows === 'managed' &&
    first.length < 2 &&
    'extensionRange: two digits or more, since callers key 0 alone for help (or flows: none)'
  );
};

const namesFault = ({ flows, dialByName, extensionRange }) =>
  flows === 'managed' &&
  dialByName === 'on' &&
  String(extensionRange).split('-')[0].trim().length < 3 &&
  'dialByName: off, since names take extensions of three digits or more';

const languagesFault = ({ flows, language, languages }) => {
  if (flows !== 'managed') return false;
  const known = Object.keys(JSON.parse(readFileSync(join(__dirname, '..', 'flows', 'prompts.json'), 'utf8')));
  const numbers = Object.entries(languages ?? {});
  if (!known.includes(language)) return `language: one of ${known.join(', ')}`;
  return (
    !numbers.every(([number, each]) => /^\+[1-9]\d{6,14}$/.test(number) && known.includes(each)) &&
    `languages: phone numbers with one of ${known.join(', ')} each, as in { "+4930123456": de }`
  );
};

const numberFault = ({ flows, extensionsNumber }) =>
  flows === 'managed' &&
  (extensionsNumber === SAMPLE_NUMBER || !/^\+[1-9]\d{6,14}$/.test(extensionsNumber)) &&
  'extensionsNumber: a phone number of the instance, as in +442071838750 (or flows: none)';

const adminsFault = ({ adminUsers, adminUsergroup }) => {
  if (!adminUsers && !adminUsergroup) return 'adminUsers or adminUsergroup: without one nobody could start a sync';
  const users = adminUsers ? adminUsers.split(',').map((each) => each.trim()) : [];
  if (!users.every((each) => /^[UW][A-Z0-9]+$/.test(each))) return 'adminUsers: Slack ids with commas, as in U0123456789';
  return adminUsergroup && !/^S[A-Z0-9]+$/.test(adminUsergroup) && 'adminUsergroup: a Slack id, as in S0123456789';
};

const keyFault = ({ region, tableKeyArn }) => {
  if (!tableKeyArn) return false;
  if (!/^arn:[^:]+:kms:[^:]+:\d{12}:key\//.test(tableKeyArn)) return "tableKeyArn: the key's ARN, and no alias";
  return (
    region &&
    regionOf(tableKeyArn) !== region &&
    `tableKeyArn: it is of ${regionOf(tableKeyArn)}, and this deploys to ${region}`
  );
};

// By the code that will read them: Node takes names of zones that Python does not know.
const scheduleFaults = ({ timezone, summaryAt }) => {
  const python = existsSync(join(__dirname, '../.venv/bin/python')) ? '.venv/bin/python' : 'python3';
  const asked = ['-m', 'infra.schedule_settings', String(timezone), String(summaryAt)];
  return JSON.parse(execFileSync(python, asked, { cwd: join(__dirname, '..'), encoding: 'utf8' }));
};

const faults = (settings) =>
  [
    !settings.region && 'Region: export AWS_DEFAULT_REGION, or add --region',
    instanceFault(settings),
    queueFault(settings),
    rangeFault(settings),
    namesFault(settings),
    languagesFault(settings),
    numberFault(settings),
    adminsFault(settings),
    keyFault(settings),
    settings.summaryChannel &&
      !/^[CG][A-Z0-9]+$/.test(settings.summaryChannel) &&
      'summaryChannel: a channel id, as in C0123456789',
    ...['summaryOnQuietDays', 'guestsSeeDirectory'].map(
      (name) => !['yes', 'no'].includes(settings[name]) && `${name}: "yes" or "no", in quotes`,
    ),
    ...['dialByName', 'keysAhead', 'ringBusy', 'callBack'].map(
      (name) => !['on', 'off'].includes(settings[name]) && `${name}: "on" or "off", in quotes`,
    ),
    !['full', 'last4', 'none'].includes(settings.callerNumbers) && 'callerNumbers: full, last4 or none',
    ...scheduleFaults(settings),
    !(settings.linkMinutes >= 1 && settings.linkMinutes <= 720) && 'linkMinutes: 1 to 720',
  ].filter(Boolean);

// A table with deletion protection is not taken back when a first deploy fails, and the next deploy would find its
// name taken. So it is made when everything else has been.
const putTableLast = ({ Resources }) => {
  const table = Resources.ExtensionsTable;
  if (table) table.DependsOn = Object.keys(Resources).filter((name) => name !== 'ExtensionsTable');
};

module.exports = class CheckSettings {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = {
      'before:deploy:deploy': () => this.check(),
      'after:aws:package:finalize:mergeCustomProviderResources': () =>
        putTableLast(serverless.service.provider.compiledCloudFormationTemplate),
    };
  }

  check() {
    const found = faults(this.serverless.service.custom.checked);
    if (found.length > 0) {
      throw new this.serverless.classes.Error(`Set these in serverless.yml first:\n  ${found.join('\n  ')}`);
    }
  }
};
module.exports.faults = faults;
