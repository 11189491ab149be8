// A table with a KMS key of its own can be read only by roles that may decrypt with that key, through DynamoDB.

module.exports = async ({ resolveVariable }) => {
  const [key, roles] = await Promise.all(['param:tableKeyArn', 'self:custom.roles'].map(resolveVariable));
  if (!key) return { Resources: {} };
  return {
    Resources: {
      TableKeyPolicy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'decrypt-the-table',
          Roles: roles,
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: 'DecryptTheTable',
                Effect: 'Allow',
                Action: 'kms:Decrypt',
                Resource: key,
                Condition: {
                  StringEquals: { 'kms:ViaService': { 'Fn::Sub': 'dynamodb.${AWS::Region}.${AWS::URLSuffix}' } },
                },
              },
            ],
          },
        },
      },
    },
  };
};
