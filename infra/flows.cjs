// The flows as CloudFormation wants them: each file of flows/ as one string, its ${Names} filled in by
// Fn::Sub, and a place on the console's canvas for every block, which no reader of the file needs to see.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const place = (index) => ({ position: { x: 200 + (index % 6) * 260, y: 40 + Math.floor(index / 6) * 220 } });

const withPlaces = (flow) => ({
  ...flow,
  Metadata: {
    entryPointPosition: { x: 20, y: 40 },
    ActionMetadata: Object.fromEntries(flow.Actions.map(({ Identifier }, index) => [Identifier, place(index)])),
  },
});

module.exports = async ({ resolveVariable }) => {
  const range = await resolveVariable('param:extensionRange');
  const fallbackQueueArn = await resolveVariable('param:fallbackQueueArn');

  const flow = (name, names = {}) => ({
    'Fn::Sub': [
      JSON.stringify(withPlaces(JSON.parse(readFileSync(join(__dirname, '..', 'flows', `${name}.json`), 'utf8')))),
      { FallbackQueueArn: fallbackQueueArn, ...names },
    ],
  });
  const asking = {
    CallFunctionArn: { 'Fn::GetAtt': ['CallLambdaFunction', 'Arn'] },
    RingingFlowArn: { 'Fn::GetAtt': ['RingingFlow', 'ContactFlowArn'] },
    ExtensionDigits: String(range.split('-')[0].trim().length),
  };

  return { inbound: flow('inbound', asking), transfer: flow('transfer', asking), ringing: flow('ringing') };
};
