import { useQuery } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { graphql } from '../../gql';
import { buttonClass } from '../../ui/buttonStyle';
import { Card } from '../../ui/Card';
import { FailureCallout } from '../../ui/FailureCallout';
import { SelectInput } from '../../ui/Field';
import { Loading } from '../../ui/Loading';
import { CopyQuestion } from '../models/CopyAs';
import type { Row } from '../models/predictRow';
import type { Alias } from './names';

const AskByAliasQuery = graphql(`
  query AskByAlias($model: ID!) {
    node(id: $model) {
      __typename
      ... on Model {
        id
        exampleRow
      }
    }
  }
`);

type AskByAliasProps = { name: string; aliases: readonly Alias[]; modelOf: (version: number) => { id: string; deployed: boolean } | null };

/** A question by an alias as text for other programs: they stay as they are when the alias moves on. */
export function AskByAlias({ name, aliases, modelOf }: AskByAliasProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const alias = aliases.find((one) => one.alias === chosen) ?? aliases[0];
  const model = alias ? modelOf(alias.version) : null;
  const { data, error, refetch } = useQuery(AskByAliasQuery, { variables: { model: model?.id ?? '' }, skip: model === null });
  if (!alias || !model) return null;
  const row = data?.node?.__typename === 'Model' ? (data.node.exampleRow as Row) : null;
  return (
    <Card title="Ask by an alias" note="A question as a command or a program, with a typical row. Put your token into AUTOML_TOKEN first. It stays as it is when the alias moves on.">
      <div className="space-y-4">
        <div className="max-w-60">
          <SelectInput label="Alias" value={alias.alias} onChange={(event) => setChosen(event.target.value)}>
            {aliases.map((one) => (
              <option key={one.alias} value={one.alias}>
                {one.alias}
              </option>
            ))}
          </SelectInput>
        </div>
        {error ? (
          <FailureCallout title="A typical row could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : row ? (
          <CopyQuestion asked={{ alias: { name, alias: alias.alias } }} row={row} />
        ) : (
          <Loading label="Loading a typical row" lines={1} />
        )}
        {model.deployed ? (
          <Link to="/models/$modelId/predict" params={{ modelId: model.id }} className={buttonClass()}>
            Ask version {alias.version} here
          </Link>
        ) : null}
      </div>
    </Card>
  );
}
