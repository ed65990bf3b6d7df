import { useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { describeFailure, describeUserErrors } from '../../lib/failure';
import { formatCounted } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';

const SampleListInfo = graphql(`
  fragment SampleList_info on ServerInfo {
    samples {
      key
      title
      description
      target
      rows
    }
  }
`);

const CreateSample = graphql(`
  mutation CreateSample($input: CreateSampleDatasetInput!) {
    createSampleDataset(input: $input) {
      dataset {
        id
        name
        state
        version
      }
      userErrors {
        message
      }
    }
  }
`);

/** Sample tables that the server brings along; one press makes a dataset. */
export function SampleList({ info }: { info: FragmentType<typeof SampleListInfo> }) {
  const { samples } = readFragment(SampleListInfo, info);
  const [create] = useMutation(CreateSample);
  const navigate = useNavigate();
  const [busyKey, setBusyKey] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const choose = async (key: string, target: string) => {
    setBusyKey(key);
    setFailure(null);
    try {
      const { data } = await create({ variables: { input: { key } } });
      const payload = data?.createSampleDataset;
      const refused = describeUserErrors(payload?.userErrors);
      if (refused !== null || !payload?.dataset) setFailure(refused ?? 'The sample could not be added.');
      else await navigate({ to: '/datasets/$datasetId', params: { datasetId: payload.dataset.id }, search: { target } });
    } catch (error) {
      setFailure(describeFailure(error));
    }
    setBusyKey(null);
  };

  if (samples.length === 0) return <p className="text-muted">This server brings no samples.</p>;
  return (
    <div className="space-y-3">
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      <ul className="divide-y divide-line">
        {samples.map((sample) => (
          <li key={sample.key} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1 basis-52">
              <p className="font-medium">{sample.title}</p>
              <p className="text-muted">{sample.description}</p>
              <p className="mt-0.5 text-xs text-muted">
                {formatCounted(sample.rows, 'row')} · predicts {sample.target}
              </p>
            </div>
            <Button
              busy={busyKey === sample.key}
              disabled={busyKey !== null}
              aria-label={`Use the sample ${sample.title}`}
              onClick={() => void choose(sample.key, sample.target)}
            >
              Use
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
