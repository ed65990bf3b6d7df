import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { formatAgo } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { useDeployment } from '../models/useDeployment';
import { rollBackWords } from './names';

const AliasListRegistered = graphql(`
  fragment AliasList_registered on RegisteredModel {
    id
    name
    aliases {
      alias
      version
      previousVersion
      changedAt
    }
  }
`);

const RollBackModel = graphql(`
  mutation RollBackModel($input: RollBackModelInput!) {
    rollBackModel(input: $input) {
      registeredModel {
        id
        ...AliasList_registered
      }
      userErrors {
        message
      }
    }
  }
`);

type Version = { number: number; model: { id: string; deployed: boolean; deployable: boolean } | null };
type AliasListProps = { registered: FragmentType<typeof AliasListRegistered>; versions: readonly Version[] };

/** What each alias points to, whether anybody answers there, and the way back. */
export function AliasList({ registered: masked, versions }: AliasListProps) {
  const { name, aliases } = readFragment(AliasListRegistered, masked);
  const now = useNow(60_000);
  const [rollBack, rollingBack] = useMutation(RollBackModel);
  const { deploy, busy } = useDeployment();
  const [failure, setFailure] = useState<string | null>(null);
  const attempt = async (action: () => Promise<string | null>) => {
    setFailure(null);
    setFailure(await action());
  };
  if (aliases.length === 0) {
    return <p className="text-muted">None yet. Promote a version: an alias, such as “production”, then points to it, and programs ask by the alias.</p>;
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {aliases.map((alias) => {
          const model = versions.find((one) => one.number === alias.version)?.model ?? null;
          const back = rollBackWords(alias, versions.map((one) => one.number));
          return (
            <li key={alias.alias} className="space-y-2 py-3 first:pt-0 last:pb-0">
              <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
                <div className="min-w-0 flex-1 basis-48">
                  <p className="font-medium break-all">
                    {alias.alias} → version {alias.version}
                  </p>
                  <p className="text-xs text-muted">
                    moved {formatAgo(Date.parse(alias.changedAt), now)}
                    {alias.previousVersion === null ? '' : `, before that version ${alias.previousVersion}`}
                  </p>
                </div>
                <Badge tone={model?.deployed ? 'good' : 'warn'}>{model?.deployed ? 'Answering' : 'Not deployed'}</Badge>
                <ConfirmButton
                  size="small"
                  busy={rollingBack.loading}
                  disabled={back === null}
                  ariaLabel={`Roll back ${alias.alias}`}
                  question={`Roll ${alias.alias} back to version ${alias.previousVersion ?? ''}?`}
                  consequence={back ?? ''}
                  verb="Roll back"
                  onConfirm={() =>
                    void attempt(() => refusalOf(async () => (await rollBack({ variables: { input: { name, alias: alias.alias } } })).data?.rollBackModel?.userErrors))
                  }
                >
                  Roll back
                </ConfirmButton>
              </div>
              {model && !model.deployed ? (
                <Callout
                  tone="warn"
                  action={
                    model.deployable ? (
                      <Button size="small" busy={busy} onClick={() => void attempt(() => deploy(model.id))}>
                        Deploy version {alias.version}
                      </Button>
                    ) : undefined
                  }
                >
                  Programs that ask “{alias.alias}” get no answer: version {alias.version} is not deployed.
                </Callout>
              ) : null}
            </li>
          );
        })}
      </ul>
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
    </>
  );
}
