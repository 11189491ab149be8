// Stops a deploy that still has the samples of serverless.yml in it, before anything is made in AWS.
// Packaging with the samples is fine: that is how the template is tested.

const SAMPLE_INSTANCE = '00000000-0000-0000-0000-000000000000';

const faults = ({ connectInstanceId, flows, fallbackQueueArn }) =>
  [
    connectInstanceId === SAMPLE_INSTANCE && 'connectInstanceId: the id of your Amazon Connect instance',
    flows === 'managed' &&
      !fallbackQueueArn.includes(`:instance/${connectInstanceId}/queue/`) &&
      'fallbackQueueArn: a queue of that instance, by ARN (or flows: none)',
  ].filter(Boolean);

module.exports = class CheckSettings {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = { 'before:deploy:deploy': () => this.check() };
  }

  check() {
    const found = faults(this.serverless.service.custom.checked);
    if (found.length > 0) {
      throw new this.serverless.classes.Error(`Set these in serverless.yml first:\n  ${found.join('\n  ')}`);
    }
  }
};
