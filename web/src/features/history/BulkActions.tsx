import { useMutation } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { Square, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { graphql } from '../../gql';
import { describeFailure, describeUserErrors } from '../../lib/failure';
import { formatCounted } from '../../lib/format';
import { Button } from '../../ui/Button';
import { buttonClass } from '../../ui/buttonStyle';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { readTags } from '../jobs/tags';
import { FEWEST, MOST } from '../compare/search';
import { inBatches, toldOf, type Outcome } from './outcomes';

const CancelJobs = graphql(`
  mutation CancelJobs($input: CancelJobsInput!) {
    cancelJobs(input: $input) {
      outcomes {
        jobId
        job {
          id
          state
          version
        }
        userErrors {
          message
        }
      }
      userErrors {
        message
      }
    }
  }
`);

const DeleteJobs = graphql(`
  mutation DeleteJobs($input: DeleteJobsInput!) {
    deleteJobs(input: $input) {
      outcomes {
        jobId
        userErrors {
          message
        }
      }
      userErrors {
        message
      }
    }
  }
`);

const TagJobs = graphql(`
  mutation TagJobs($input: TagJobsInput!) {
    tagJobs(input: $input) {
      outcomes {
        jobId
        job {
          id
          version
          tags
        }
        userErrors {
          message
        }
      }
      userErrors {
        message
      }
    }
  }
`);

type Answer = { outcomes: readonly Outcome[] | null; userErrors: readonly { message: string }[] } | null | undefined;

type BulkActionsProps = { selected: ReadonlySet<string>; onDone: (left: ReadonlySet<string>) => void };

/** What can be done to several jobs at once. Those that refuse stay chosen, and it is told why. */
export function BulkActions({ selected, onDone }: BulkActionsProps) {
  const [cancel, cancelling] = useMutation(CancelJobs);
  const [remove, removing] = useMutation(DeleteJobs);
  const [tag] = useMutation(TagJobs);
  const [told, setTold] = useState<string | null>(null);
  const [added, setAdded] = useState('');
  const [removed, setRemoved] = useState('');
  const jobs = formatCounted(selected.size, 'job');

  /** Asks for all that are chosen; what was refused, in words. */
  const ask = async (one: (ids: string[]) => Promise<Answer>): Promise<string | null> => {
    setTold(null);
    const outcomes: Outcome[] = [];
    let refused: string | null = null;
    try {
      for (const ids of inBatches([...selected])) {
        const answer = await one(ids);
        outcomes.push(...(answer?.outcomes ?? []));
        refused ??= describeUserErrors(answer?.userErrors);
      }
    } catch (error) {
      refused = describeFailure(error);
    }
    if (outcomes.length > 0) {
      const done = new Set(outcomes.filter((outcome) => outcome.userErrors.length === 0).map((outcome) => outcome.jobId));
      onDone(new Set([...selected].filter((id) => !done.has(id))));
    }
    return refused ?? toldOf(outcomes);
  };

  return (
    <div className="space-y-3">
      <div role="toolbar" aria-label="Chosen jobs" className="flex flex-wrap items-center gap-2 rounded-xl bg-sunken p-2 pl-3">
        <p aria-live="polite" className="mr-auto font-medium">
          {jobs} chosen
        </p>
        {selected.size >= FEWEST && selected.size <= MOST ? (
          <Link to="/compare" search={{ jobs: [...selected] }} className={buttonClass('primary')}>
            Compare
          </Link>
        ) : null}
        <FormDialog
          button="Tags…"
          title={`Tags of ${jobs}`}
          verb="Change"
          ready={readTags(added).length > 0 || readTags(removed).length > 0}
          onSubmit={() => ask(async (ids) => (await tag({ variables: { input: { ids, add: readTags(added), remove: readTags(removed) } } })).data?.tagJobs)}
        >
          <TextInput label="Give" hint="Several with commas between them; a job has 10 at most." value={added} onChange={(event) => setAdded(event.target.value)} />
          <TextInput label="Take away" value={removed} onChange={(event) => setRemoved(event.target.value)} />
        </FormDialog>
        <ConfirmButton
          busy={cancelling.loading}
          question={`Cancel ${jobs}?`}
          consequence="Nothing is kept of those that have no model yet. Those that have ended stay as they are."
          verb="Cancel them"
          onConfirm={() => void ask(async (ids) => (await cancel({ variables: { input: { ids } } })).data?.cancelJobs).then(setTold)}
        >
          <Square aria-hidden className="size-3.5" />
          Cancel
        </ConfirmButton>
        <ConfirmButton
          look="danger"
          busy={removing.loading}
          question={`Delete ${jobs}?`}
          consequence="Their trials, models and downloads are removed for good. The datasets stay, and so do jobs that have not ended."
          verb="Delete them"
          onConfirm={() => void ask(async (ids) => (await remove({ variables: { input: { ids } } })).data?.deleteJobs).then(setTold)}
        >
          <Trash2 aria-hidden className="size-4" />
          Delete
        </ConfirmButton>
        <Button look="quiet" onClick={() => onDone(new Set())}>
          Choose none
        </Button>
      </div>
      {told !== null ? <Callout tone="bad">{told}</Callout> : null}
    </div>
  );
}
