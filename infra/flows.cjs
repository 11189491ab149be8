// The flows as CloudFormation wants them: each file of flows/ as one string, and its other ${Names} filled in by
// Fn::Sub. infra/flows.py makes the same flows for the sandbox and the tests.
//
// A block or a condition with "When" is there where that setting is on. What led to a block that is not there leads to
// the next one. A prompt "ask dialByName" stands for "ask" where that setting is on. Callers of the numbers in
// `languages` hear another language: the blocks of each stand in the same flow, after one that asks for the number.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const SWITCHES = ['keysAhead', 'dialByName', 'ringBusy', 'callBack'];

const read = (name) => JSON.parse(readFileSync(join(__dirname, '..', 'flows', `${name}.json`), 'utf8'));

const texts = (prompts, on) => {
  const spoken = { ...prompts };
  for (const [key, text] of Object.entries(prompts)) {
    const [name, setting] = key.split(' ');
    if (setting) delete spoken[key];
    if (on.has(setting)) spoken[name] = text;
  }
  return spoken;
};

// A value with every ${Name} and ${Prompts.name} replaced that is known here.
const filled = (value, known) =>
  JSON.parse(JSON.stringify(value), (_, text) =>
    typeof text === 'string' ? text.replace(/\$\{([\w.]+)\}/g, (whole, name) => known[name] ?? whole) : text,
  );

const waysOut = ({ NextAction, Conditions = [], Errors = [] }) =>
  [NextAction, ...[...Conditions, ...Errors].map((way) => way.NextAction)].filter(Boolean);

// The blocks that there are where these settings are on, each way leading on to one of them.
const present = ({ Actions, StartAction }, on, rename) => {
  const missing = Object.fromEntries(
    Actions.filter(({ When }) => When && !on.has(When)).map((action) => [action.Identifier, action.Transitions.NextAction]),
  );
  const follow = (name) => (missing[name] ? follow(missing[name]) : rename(name));
  const actions = Actions.filter(({ Identifier }) => !missing[Identifier]).map(({ When, ...action }) => {
    const { NextAction, Conditions, Errors } = action.Transitions;
    const lead = ({ When: when, ...way }) => ({ ...way, NextAction: follow(way.NextAction) });
    const ways = {
      ...(NextAction && { NextAction: follow(NextAction) }),
      ...(Conditions && { Conditions: Conditions.filter((way) => !way.When || on.has(way.When)).map(lead) }),
      ...(Errors && { Errors: Errors.map(lead) }),
    };
    return { ...action, Identifier: rename(action.Identifier), Transitions: ways };
  });
  return { start: follow(StartAction), actions };
};

// The flow in a language, its blocks named for it where it is not the `first`.
const spokenIn = (flow, { language, voice, first, place, on }) => {
  const prompts = texts(read('prompts')[language], on);
  const known = Object.fromEntries(Object.entries(prompts).map(([name, text]) => [`Prompts.${name}`, text]));
  const rename = (name) => (first ? name : `${name}-${language}`);
  const { start, actions } = present(flow, on, rename);
  const below = Math.max(...Object.values(flow.Metadata.ActionMetadata).map(({ position }) => position.y)) + 240;
  const places = Object.entries(flow.Metadata.ActionMetadata).map(([name, { position }]) => [
    rename(name),
    { position: { x: position.x, y: position.y + place * below } },
  ]);
  const values = {
    ...known,
    Voice: voice || prompts.voice,
    StarIsAKey: on.has('dialByName') ? 'True' : 'False',
    RingSeconds: on.has('ringBusy') ? '35' : '25',
  };
  return { start, actions: filled(actions, values), places: Object.fromEntries(places) };
};

const flowOf = (name, { language, voice, languages, on }) => {
  const file = read(name);
  const spoken = [language, ...new Set(Object.values(languages))].filter((each, at, all) => all.indexOf(each) === at);
  const parts = spoken.map((each, place) =>
    spokenIn(file, { language: each, voice: place ? '' : voice, first: !place, place, on }),
  );
  const starts = Object.fromEntries(spoken.map((each, at) => [each, parts[at].start]));
  const asks = {
    Identifier: 'which-language',
    Type: 'Compare',
    Parameters: { ComparisonValue: '$.SystemEndpoint.Address' },
    Transitions: {
      NextAction: parts[0].start,
      Conditions: Object.entries(languages).map(([number, each]) => ({
        NextAction: starts[each],
        Condition: { Operator: 'Equals', Operands: [number] },
      })),
      Errors: [{ NextAction: parts[0].start, ErrorType: 'NoMatchingCondition' }],
    },
  };
  const front = spoken.length > 1 ? [asks] : [];
  const actions = [...front, ...parts.flatMap((part) => part.actions)];
  const StartAction = front.length ? asks.Identifier : parts[0].start;
  const byName = Object.fromEntries(actions.map((action) => [action.Identifier, action]));
  const reached = new Set([StartAction]);
  for (const each of reached) waysOut(byName[each].Transitions).forEach((way) => reached.add(way));
  const places = Object.assign({ 'which-language': { position: { x: -100, y: 280 } } }, ...parts.map((part) => part.places));
  return {
    Version: file.Version,
    StartAction,
    Actions: actions.filter(({ Identifier }) => reached.has(Identifier)),
    Metadata: {
      ...file.Metadata,
      ActionMetadata: Object.fromEntries(Object.entries(places).filter(([each]) => reached.has(each))),
    },
  };
};

module.exports = async ({ resolveVariable }) => {
  const names = ['extensionRange', 'fallbackQueueArn', 'language', 'voice', 'languages', ...SWITCHES];
  const [range, fallbackQueueArn, language, voice, languages, ...switches] = await Promise.all(
    names.map((name) => resolveVariable(`param:${name}`)),
  );
  const on = new Set(SWITCHES.filter((_, at) => switches[at] === 'on'));
  const known = Object.keys(read('prompts'));
  const missing = [language, ...Object.values(languages)].find((each) => !known.includes(each));
  if (missing) throw new Error(`language: flows/prompts.json has no '${missing}'`);

  const flow = (name, values = {}) => ({
    'Fn::Sub': [
      JSON.stringify(flowOf(name, { language, voice, languages, on })),
      { FallbackQueueArn: fallbackQueueArn, ...values },
    ],
  });
  const digits = range.split('-')[0].trim().length;
  const asking = {
    CallFunctionArn: { 'Fn::GetAtt': ['CallLambdaFunction', 'Arn'] },
    RingingFlowArn: { 'Fn::GetAtt': ['RingingFlow', 'ContactFlowArn'] },
    ExtensionDigits: String(digits),
    NameLetters: String(digits - 1),
  };
  const offering = on.has('ringBusy') ? { CallFunctionArn: asking.CallFunctionArn } : {};

  return { inbound: flow('inbound', asking), transfer: flow('transfer', asking), ringing: flow('ringing', offering) };
};
module.exports.flowOf = flowOf;
