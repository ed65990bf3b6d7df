// The schema and the documents of the web app against published rules. Run from the root of the repository:
//
//   tests/schema/node_modules/.bin/eslint --config tests/schema/eslint.config.js schema.graphql 'web/src/**/*.{ts,tsx}'
import graphqlPlugin from '@graphql-eslint/eslint-plugin';

/** The plugin loads it once for all files. */
const graphQLConfig = { schema: 'schema.graphql', documents: ['web/src/**/*.{ts,tsx}', '!web/src/gql/**', '!web/src/**/*.test.*'] };
const plugins = { '@graphql-eslint': graphqlPlugin };

/**
 * Output types that are values: they live in another object, have no identity and are not fetched by themselves. A type that is
 * neither here nor has an id is a mistake.
 */
const VALUES = [
  'CalibrationBin', 'ClassReport', 'ErrorBand', 'ThresholdCut',
  'CalibrationDecision', 'ColumnAttribution', 'ColumnContribution', 'Dependence', 'DependencePoint', 'IntervalCoverage',
  'LeftOutTrial', 'ModelLatency', 'PredictionContributions', 'PredictionInterval', 'ThresholdDecision', 'ThresholdSetting',
  'Admin', 'AuditHead', 'JobCost', 'QueueOfKind', 'QueuePause', 'Quota', 'Quotas', 'RateLimit', 'ServerLimits', 'TaskQueue',
  'Association', 'BatchEvaluation', 'BatchMetric', 'BatchPredictionProgress', 'BatchPredictionSettings', 'BatchReport',
  'BatchRowError', 'ClassProbability', 'ColumnDrift', 'ColumnProfile', 'ColumnRoleSetting', 'ConfusionMatrix', 'CurvePoint',
  'DatasetProfile', 'Download', 'Drift', 'Evaluation', 'FeatureImportance', 'FileFormat', 'FormField', 'HistogramBin',
  'IdentityProvider', 'ImportanceComparison', 'JobComparison', 'JobEstimate', 'JobForecast', 'JobNotification', 'JobOutcome',
  'JobProgress', 'JobSettings', 'JobStep', 'LeaderboardRow', 'LearnerForecast', 'MetricComparison', 'MetricValue', 'ModelAlias',
  'ModelInput', 'ModelMember', 'ModelVersion', 'MonotoneColumn', 'NotificationPreferences', 'NumberSpan', 'OnnxCertificate', 'PageInfo', 'Point',
  'Prediction', 'PredictionFile', 'PredictionWarning', 'SampleDataset', 'ServerInfo', 'SessionTokens', 'SettingComparison',
  'TargetAdvice', 'UploadPart', 'UploadPartLink', 'UserError', 'ValidationSettings', 'ValueCount', 'WebhookDelivery', 'WholeSpan',
];

export default [
  { ignores: ['web/src/gql/**', 'web/src/**/*.test.*'] },
  {
    files: ['**/*.graphql'],
    plugins,
    languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig } },
    rules: {
      ...graphqlPlugin.configs['flat/schema-all'].rules,
      ...graphqlPlugin.configs['flat/schema-relay'].rules,
      // The order of the schema is the order of importance, and the program prints it.
      '@graphql-eslint/alphabetize': 'off',
      // There are mutations and subscriptions; this rule forbids having any.
      '@graphql-eslint/no-root-type': 'off',
      // The rule wants an argument that `@deprecated` of the specification does not have. Ours is at the end of the reason, and
      // deprecations.mjs checks it.
      '@graphql-eslint/require-deprecation-date': 'off',
      // Stricter than the preset: everything that a client can name has a description.
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          rootField: true,
          DirectiveDefinition: true,
          EnumValueDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          // Of `@include`, `@skip` and others of the specification, the printer describes the directive but not its argument.
          ignoredSelectors: ['[type=InputValueDefinition][parent.kind=DirectiveDefinition]'],
        },
      ],
      // Short lists with a bound are plain lists: a page of a page costs two round trips and shows nothing more.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ],
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          acceptedIdNames: ['id'],
          acceptedIdTypes: ['ID'],
          exceptions: { suffixes: ['Payload', 'Edge', 'Connection'], types: VALUES },
        },
      ],
    },
  },
  {
    files: ['web/src/**/*.{ts,tsx}'],
    processor: graphqlPlugin.processor,
    // Rules for the code around the documents are the web app's own.
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    languageOptions: { parser: { parse: () => ({ type: 'Program', body: [], sourceType: 'module', tokens: [], comments: [], loc: { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } }, range: [0, 0] }) } },
    plugins,
  },
  {
    files: ['web/src/**/*.graphql'],
    plugins,
    languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig } },
    rules: {
      ...graphqlPlugin.configs['flat/operations-recommended'].rules,
      // Fragments are named after the component that they feed and its property.
      '@graphql-eslint/naming-convention': [
        'error',
        {
          VariableDefinition: 'camelCase',
          OperationDefinition: {
            style: 'PascalCase',
            forbiddenPrefixes: ['Query', 'Mutation', 'Subscription', 'Get'],
            forbiddenSuffixes: ['Query', 'Mutation', 'Subscription'],
          },
          FragmentDefinition: { requiredPattern: /^[A-Z][A-Za-z]*_[a-z][A-Za-z]*$/ },
        },
      ],
    },
  },
];
