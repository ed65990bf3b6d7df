import { useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { Pencil, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { formatBytes } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { PageHeading } from '../../ui/PageHeading';
import { RenameForm } from '../../ui/RenameForm';
import { deletionConsequence } from './deletion';
import { ReportButton } from './ReportButton';

const DatasetHeadingDataset = graphql(`
  fragment DatasetHeading_dataset on Dataset {
    id
    name
    fileName
    sizeBytes
    state
    version
    jobs(first: 1) {
      totalCount
    }
  }
`);

const RenameDataset = graphql(`
  mutation RenameDataset($input: RenameDatasetInput!) {
    renameDataset(input: $input) {
      dataset {
        id
        name
        version
      }
      userErrors {
        message
      }
    }
  }
`);

const RemoveDataset = graphql(`
  mutation RemoveDataset($input: DeleteDatasetInput!) {
    deleteDataset(input: $input) {
      deletedId
      userErrors {
        message
      }
    }
  }
`);

/** The name of a dataset, which can be changed where it stands, and the way to be rid of it. */
export function DatasetHeading({ dataset: masked }: { dataset: FragmentType<typeof DatasetHeadingDataset> }) {
  const dataset = readFragment(DatasetHeadingDataset, masked);
  // Asked again: an answer that was under way when the name changed would put the old one back.
  const [rename] = useMutation(RenameDataset, { refetchQueries: ['Dataset'] });
  const [remove, removing] = useMutation(RemoveDataset, { refetchQueries: ['Home'] });
  const [isRenaming, setRenaming] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [noReport, setNoReport] = useState<string | null>(null);
  const navigate = useNavigate();
  const opener = useRef<HTMLButtonElement>(null);
  const done = () => {
    setRenaming(false);
    // Where the keyboard came from; it can be reached again once it is drawn.
    requestAnimationFrame(() => opener.current?.focus());
  };

  const save = (name: string) => refusalOf(async () => (await rename({ variables: { input: { id: dataset.id, name } } })).data?.renameDataset?.userErrors);
  const onDelete = async () => {
    const refused = await refusalOf(async () => (await remove({ variables: { input: { id: dataset.id } } })).data?.deleteDataset?.userErrors);
    setFailure(refused);
    if (refused === null) await navigate({ to: '/' });
  };
  return (
    <>
      <PageHeading
        title={dataset.name}
        instead={isRenaming ? <RenameForm label="Name of the dataset" name={dataset.name} onSave={save} onDone={done} /> : undefined}
        beside={
          <>
            {dataset.state === 'READY' ? <ReportButton datasetId={dataset.id} onFailure={setNoReport} /> : null}
            <Button ref={opener} disabled={isRenaming} onClick={() => setRenaming(true)}>
              <Pencil aria-hidden className="size-4" />
              Rename
            </Button>
            <ConfirmButton
              look="remove"
              busy={removing.loading}
              question={`Delete “${dataset.name}”?`}
              consequence={deletionConsequence(dataset.jobs?.totalCount ?? null)}
              verb="Delete"
              onConfirm={() => void onDelete()}
            >
              <Trash2 aria-hidden className="size-4" />
              Delete
            </ConfirmButton>
          </>
        }
      >
        {dataset.fileName} · {formatBytes(dataset.sizeBytes)}
      </PageHeading>
      {noReport !== null ? (
        <Callout tone="bad" title="There is no report to fetch">
          <p>{noReport}</p>
        </Callout>
      ) : null}
      {failure !== null ? (
        <Callout tone="bad" title="The dataset was not deleted">
          <p>{failure}</p>
        </Callout>
      ) : null}
    </>
  );
}
