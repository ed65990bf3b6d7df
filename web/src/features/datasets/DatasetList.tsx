import { useMutation } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { formatAgo, formatBytes, formatCounted } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { Badge } from '../../ui/Badge';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';

const DatasetListDatasets = graphql(`
  fragment DatasetList_datasets on DatasetConnection {
    edges {
      node {
        id
        name
        state
        sizeBytes
        createdAt
        profile {
          rows
        }
      }
    }
  }
`);

const DeleteDataset = graphql(`
  mutation DeleteDataset($input: DeleteDatasetInput!) {
    deleteDataset(input: $input) {
      deletedId
      userErrors {
        message
      }
    }
  }
`);

const STATES = { UPLOADING: 'Uploading', PROFILING: 'Being read', READY: 'Ready', FAILED: 'Unreadable' };

/** Datasets, each with the way to delete it. Nothing is shown where there is none. */
export function DatasetList({ datasets }: { datasets: FragmentType<typeof DatasetListDatasets> }) {
  const nodes = readFragment(DatasetListDatasets, datasets).edges.map((edge) => edge.node);
  const [remove, { loading }] = useMutation(DeleteDataset, { refetchQueries: ['Home', 'Datasets'] });
  const [failure, setFailure] = useState<string | null>(null);
  const now = useNow(60_000);
  if (nodes.length === 0) return null;

  const onDelete = async (id: string) => {
    setFailure(null);
    setFailure(await refusalOf(async () => (await remove({ variables: { input: { id } } })).data?.deleteDataset?.userErrors));
  };

  return (
    <>
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      <ul className="divide-y divide-line">
        {nodes.map((dataset) => (
          <li key={dataset.id} className="flex items-center gap-3 py-2.5 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1">
              <Link to="/datasets/$datasetId" params={{ datasetId: dataset.id }} className="font-medium break-words hover:text-accent hover:underline">
                {dataset.name}
              </Link>
              <p className="text-xs text-muted">
                {dataset.profile ? `${formatCounted(dataset.profile.rows, 'row')} · ` : ''}
                {formatBytes(dataset.sizeBytes)} · added {formatAgo(Date.parse(dataset.createdAt), now)}
              </p>
            </div>
            {dataset.state === 'READY' ? null : <Badge tone={dataset.state === 'FAILED' ? 'bad' : 'accent'}>{STATES[dataset.state]}</Badge>}
            <span className="-mr-2.5">
              <ConfirmButton
                look="remove"
                size="small"
                busy={loading}
                ariaLabel={`Delete the dataset ${dataset.name}`}
                question={`Delete “${dataset.name}”?`}
                consequence="The table is removed for good, and with it its jobs, their models and every download."
                verb="Delete"
                onConfirm={() => void onDelete(dataset.id)}
              >
                <Trash2 aria-hidden className="size-4" />
              </ConfirmButton>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
