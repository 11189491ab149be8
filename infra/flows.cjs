// The flows as CloudFormation wants them: each file of flows/ as one string, its prompts in the language of the
// settings, and its other ${Names} filled in by Fn::Sub.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const read = (name) => readFileSync(join(__dirname, '..', 'flows', `${name}.json`), 'utf8');

// Every text of the flow with ${Prompts.ask} replaced by what that prompt says.
const speaking = (flow, prompts) =>
  JSON.parse(flow, (_, value) =>
    typeof value === 'string' ? value.replace(/\$\{Prompts\.(\w+)\}/g, (whole, name) => prompts[name] ?? whole) : value,
  );

module.exports = async ({ resolveVariable }) => {
  const [range, fallbackQueueArn, language, voice] = await Promise.all(
    ['extensionRange', 'fallbackQueueArn', 'language', 'voice'].map((name) => resolveVariable(`param:${name}`)),
  );
  const prompts = JSON.parse(read('prompts'))[language];
  if (!prompts) throw new Error(`language: flows/prompts.json has no '${language}'`);

  const flow = (name, names = {}) => ({
    'Fn::Sub': [
      JSON.stringify(speaking(read(name), prompts)),
      { FallbackQueueArn: fallbackQueueArn, Voice: voice || prompts.voice, ...names },
    ],
  });
  const asking = {
    CallFunctionArn: { 'Fn::GetAtt': ['CallLambdaFunction', 'Arn'] },
    RingingFlowArn: { 'Fn::GetAtt': ['RingingFlow', 'ContactFlowArn'] },
    ExtensionDigits: String(range.split('-')[0].trim().length),
  };

  return { inbound: flow('inbound', asking), transfer: flow('transfer', asking), ringing: flow('ringing') };
};
