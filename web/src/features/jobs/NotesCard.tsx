import { useMutation } from '@apollo/client/react';
import { useId, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { Card } from '../../ui/Card';
import { TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { TagLinks } from './TagLinks';
import { changeOf, readTags } from './tags';

const NotesCardJob = graphql(`
  fragment NotesCard_job on Job {
    id
    version
    tags
    annotation
  }
`);

const TagJob = graphql(`
  mutation TagJob($input: TagJobsInput!) {
    tagJobs(input: $input) {
      outcomes {
        jobId
        job {
          ...NotesCard_job
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

const AnnotateJob = graphql(`
  mutation AnnotateJob($input: AnnotateJobInput!) {
    annotateJob(input: $input) {
      job {
        ...NotesCard_job
      }
      userErrors {
        message
      }
    }
  }
`);

const LONGEST_NOTE = 1000;

/** Words by which its owner finds a job again, and what they say of it. */
export function NotesCard({ job: masked }: { job: FragmentType<typeof NotesCardJob> }) {
  const job = readFragment(NotesCardJob, masked);
  const id = useId();
  const [tag] = useMutation(TagJob);
  const [annotate] = useMutation(AnnotateJob);
  const [tags, setTags] = useState('');
  const [note, setNote] = useState('');
  const open = () => {
    setTags(job.tags.join(', '));
    setNote(job.annotation ?? '');
  };
  const save = async () => {
    const change = changeOf(job.tags, readTags(tags));
    if (change.add.length > 0 || change.remove.length > 0) {
      const refused = await refusalOf(async () => {
        const answer = (await tag({ variables: { input: { ids: [job.id], ...change } } })).data?.tagJobs;
        return answer ? [...answer.userErrors, ...(answer.outcomes?.[0]?.userErrors ?? [])] : undefined;
      });
      if (refused !== null) return refused;
    }
    if (note.trim() === (job.annotation ?? '')) return null;
    const input = { id: job.id, annotation: note.trim() || null };
    return refusalOf(async () => (await annotate({ variables: { input } })).data?.annotateJob?.userErrors);
  };
  return (
    <Card
      title="Notes"
      actions={
        <FormDialog size="small" button="Edit" title="Tags and notes" verb="Keep" onOpen={open} onSubmit={save}>
          <TextInput label="Tags" hint="Several with commas between them; 10 at most." value={tags} onChange={(event) => setTags(event.target.value)} />
          <div>
            <label htmlFor={id} className="mb-1 block font-medium">
              Notes
            </label>
            <textarea
              id={id}
              rows={5}
              maxLength={LONGEST_NOTE}
              value={note}
              onChange={(event) => setNote(event.target.value)}
              className="w-full rounded-lg border border-edge bg-panel px-3 py-2 text-ink"
            />
          </div>
        </FormDialog>
      }
    >
      {job.tags.length > 0 ? (
        <div className="mb-3">
          <TagLinks tags={job.tags} />
        </div>
      ) : null}
      {job.annotation ? <p className="max-w-prose break-words whitespace-pre-line">{job.annotation}</p> : job.tags.length === 0 ? <p className="text-muted">None yet.</p> : null}
    </Card>
  );
}
