import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { graphql } from '../../gql';
import type { TrialDialogQuery } from '../../gql/graphql';
import { formatCount, formatDuration, formatNumber, formatScore, formatSentence } from '../../lib/format';
import { TRIAL_STATES, wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Plot } from '../../ui/charts/Plot';
import { extentOf } from '../../ui/charts/scale';
import { Fact } from '../../ui/Fact';
import { FailureCallout } from '../../ui/FailureCallout';
import { Loading } from '../../ui/Loading';
import { parameterLines, STOP_REASONS } from './trialWords';

const TrialQuery = graphql(`
  query TrialDialog($id: ID!) {
    node(id: $id) {
      __typename
      ... on Trial {
        id
        number
        name
        learner
        state
        error
        device
        notes
        parameters
        score
        scoreSd
        foldScores
        fitSeconds
        predictMicrosecondsPerRow
        rounds
        stopReason
        curve {
          round
          loss
        }
      }
    }
  }
`);

type Trial = Extract<NonNullable<TrialDialogQuery['node']>, { __typename: 'Trial' }>;

/** One trial with everything that is known of it, over the page of its job. */
export function TrialDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { data, error, loading, refetch } = useQuery(TrialQuery, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const trial = data?.node?.__typename === 'Trial' ? data.node : null;
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-label={trial ? `The trial ${trial.name}` : 'A trial'}
      onClose={onClose}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(44rem,calc(100vw-2rem))] overflow-y-auto rounded-2xl border border-line bg-panel p-4 text-ink shadow-xl backdrop:bg-[#0009] sm:p-6"
    >
      {trial ? <Shown trial={trial} /> : null}
      {!trial && error ? <FailureCallout title="The trial could not be loaded" error={error} onRetry={() => void refetch()} /> : null}
      {!trial && !error ? loading ? <Loading label="Loading the trial" /> : <p className="text-muted">There is no such trial. It may have been deleted with its job.</p> : null}
      <div className="mt-6 flex justify-end">
        <Button onClick={() => dialog.current?.close()}>Close</Button>
      </div>
    </dialog>
  );
}

function Shown({ trial }: { trial: Trial }) {
  const state = wordsOf(TRIAL_STATES, trial.state);
  const parameters = parameterLines(trial.parameters);
  const curve = trial.curve ?? [];
  return (
    <div className="space-y-6">
      <div>
        <h2 className="text-lg font-semibold break-words">{trial.name}</h2>
        <p className="mt-1 flex flex-wrap items-center gap-2 text-muted">
          <Badge tone={state.tone}>{state.name}</Badge>
          <span>
            {trial.learner.replaceAll('_', ' ')}, trial {formatCount(trial.number)}
          </span>
        </p>
        {trial.error !== null ? <p className="mt-2 break-words text-bad">{formatSentence(trial.error)}</p> : null}
        {trial.notes.map((note) => (
          <p key={note} className="mt-2 break-words text-muted">
            {note}
          </p>
        ))}
      </div>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        <Fact name="Validation score">
          {formatScore(trial.score)}
          {trial.scoreSd !== null ? ` ± ${formatScore(trial.scoreSd)}` : ''}
        </Fact>
        <Fact name="Fit time">{trial.fitSeconds === null ? '–' : formatDuration(trial.fitSeconds)}</Fact>
        <Fact name="Time for a row">{trial.predictMicrosecondsPerRow === null ? '–' : `${formatNumber(trial.predictMicrosecondsPerRow)} µs`}</Fact>
        <Fact name="Rounds">{trial.rounds === null ? '–' : formatCount(trial.rounds)}</Fact>
        <Fact name="Computed on">{trial.device ?? '–'}</Fact>
        {trial.stopReason ? <Fact name="Ended because">{STOP_REASONS[trial.stopReason]}</Fact> : null}
        {trial.foldScores && trial.foldScores.length > 1 ? (
          <Fact name="Fold by fold" wide>
            {trial.foldScores.map((score) => formatScore(score)).join(' · ')}
          </Fact>
        ) : null}
      </dl>
      {curve.length > 1 ? (
        <div>
          <h3 className="mb-2 font-medium">Learning curve</h3>
          <Plot
            data={{ name: `Learning curve of ${trial.name}`, columns: ['round', 'validation loss'], rows: curve.map((point) => [point.round, point.loss]) }}
            summary={`Validation loss over ${formatCount(curve.length)} points, at the end ${formatScore(curve.at(-1)?.loss)}.`}
            xLabel="round"
            yLabel="validation loss"
            xDomain={extentOf(curve.map((point) => point.round))}
            yDomain={extentOf(
              curve.map((point) => point.loss),
              0.05,
            )}
            height={200}
          >
            {(x, y) => <polyline fill="none" className="stroke-chart stroke-2" points={curve.map((point) => `${x(point.round)},${y(point.loss)}`).join(' ')} />}
          </Plot>
        </div>
      ) : null}
      {parameters.length > 0 ? (
        <div>
          <h3 className="mb-2 font-medium">Hyperparameters</h3>
          <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
            {parameters.map(([name, value]) => (
              <div key={name} className="flex justify-between gap-3 border-b border-line py-1">
                <dt className="min-w-0 break-words text-muted">{name}</dt>
                <dd className="tabular text-right break-all">{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      ) : null}
    </div>
  );
}
