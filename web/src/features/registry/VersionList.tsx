import { useMutation } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { formatAgo, formatScore } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { useNow } from '../../lib/useNow';
import { Badge } from '../../ui/Badge';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { deregisterWords, type Alias } from './names';
import { PromoteVersion } from './PromoteVersion';

const VersionListRegistered = graphql(`
  fragment VersionList_registered on RegisteredModel {
    id
    name
    versions {
      number
      registeredAt
      model {
        id
        target
        deployed
        deployable
        job {
          id
          name
          metric
          score
        }
      }
    }
  }
`);

const DeregisterModel = graphql(`
  mutation DeregisterModel($input: DeregisterModelInput!) {
    deregisterModel(input: $input) {
      deregisteredVersion
      userErrors {
        message
      }
    }
  }
`);

type VersionListProps = {
  registered: FragmentType<typeof VersionListRegistered>;
  aliases: readonly Alias[];
  /** Called when a version is gone; with true when the name went with it. */
  onGone: (withName: boolean) => void;
};

/** The versions of a name, the newest first, and what can be done with each. */
export function VersionList({ registered: masked, aliases, onGone }: VersionListProps) {
  const { name, versions } = readFragment(VersionListRegistered, masked);
  const now = useNow(60_000);
  const [deregister, deregistering] = useMutation(DeregisterModel);
  const [failure, setFailure] = useState<string | null>(null);
  const takeAway = async (version: number) => {
    const refused = await refusalOf(async () => (await deregister({ variables: { input: { name, version } } })).data?.deregisterModel?.userErrors);
    setFailure(refused);
    if (refused === null) onGone(versions.length === 1);
  };
  return (
    <>
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      <ol className="divide-y divide-line">
        {versions.map(({ number, registeredAt, model }) => {
          const job = model?.job ?? null;
          const { consequence, refused } = deregisterWords(name, number, versions.length, aliases);
          return (
            <li key={number} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
              <div className="min-w-0 flex-1 basis-64">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span className="font-medium">Version {number}</span>
                  {aliases.map((one) =>
                    one.version === number ? (
                      <Badge key={one.alias} tone="accent">
                        {one.alias}
                      </Badge>
                    ) : null,
                  )}
                  {model?.deployed ? <Badge tone="good">Answering</Badge> : null}
                </p>
                <p className="text-xs break-words text-muted">
                  {job ? (
                    <>
                      <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="text-accent underline">
                        {job.name}
                      </Link>
                      {' · '}
                    </>
                  ) : null}
                  {model ? `predicts ${model.target} · ` : ''}registered {formatAgo(Date.parse(registeredAt), now)}
                </p>
              </div>
              {job?.metric && job.score !== null ? (
                <p className="tabular text-xs">
                  <span className="text-muted">{metricName(job.metric)} </span>
                  <span className="font-medium">{formatScore(job.score)}</span>
                </p>
              ) : null}
              <span className="-mr-2.5 flex flex-wrap gap-2">
                <PromoteVersion name={name} version={number} model={model} aliases={aliases} />
                <ConfirmButton
                  look="remove"
                  size="small"
                  busy={deregistering.loading}
                  disabled={refused !== null}
                  ariaLabel={`Take away version ${number}`}
                  question={`Take away version ${number} of ${name}?`}
                  consequence={consequence}
                  verb="Take it away"
                  onConfirm={() => void takeAway(number)}
                >
                  Take away
                </ConfirmButton>
              </span>
              {refused !== null ? <p className="basis-full text-right text-xs text-muted">{refused}</p> : null}
            </li>
          );
        })}
      </ol>
    </>
  );
}
