import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { graphql } from '../../gql';
import type { PredictMutation } from '../../gql/graphql';
import { describeFailure, describeUserErrors } from '../../lib/failure';
import { formatNumber, formatPercent } from '../../lib/format';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { BarList } from '../../ui/charts/BarList';
import { Loading } from '../../ui/Loading';
import type { Row } from './predictRow';

const Predict = graphql(`
  mutation Predict($input: PredictInput!) {
    predict(input: $input) {
      predictions {
        label
        value
        probability
        probabilities {
          label
          probability
        }
        warnings {
          kind
          column
          message
        }
      }
      inferenceMicroseconds
      userErrors {
        message
      }
    }
  }
`);

type Prediction = NonNullable<NonNullable<PredictMutation['predict']>['predictions']>[number];
type Outcome = { prediction: Prediction | null; microseconds: number | null; failure: string | null };

/** Typing pauses of this length send the question. */
const PAUSE_MS = 250;

/** Asks the model whenever the row changes and shows what it says; the last answer stays until the next one is there. */
export function Answer({ modelId, target, row }: { modelId: string; target: string; row: Row | null }) {
  const { outcome, stale } = useAnswer(modelId, row);
  const { prediction, failure, microseconds } = outcome;
  return (
    <Card title={target}>
      <div aria-live="polite" aria-busy={stale} className={`min-h-40 space-y-4 transition-opacity ${stale ? 'opacity-60' : ''}`}>
        {row === null ? <Callout tone="warn">A field holds no number. The answer follows once it is mended.</Callout> : null}
        {failure !== null ? (
          <Callout tone="bad" title="No answer">
            <p>{failure}</p>
          </Callout>
        ) : null}
        {prediction ? <Said prediction={prediction} /> : failure === null && row !== null ? <Loading label="Asking the model" lines={3} /> : null}
        {microseconds !== null && failure === null ? <p className="tabular text-xs text-muted">Computed in {formatMicroseconds(microseconds)}.</p> : null}
      </div>
    </Card>
  );
}

function Said({ prediction }: { prediction: Prediction }) {
  const probabilities = [...(prediction.probabilities ?? [])].sort((left, right) => right.probability - left.probability);
  return (
    <>
      <p className="text-4xl font-semibold tracking-tight break-words" data-testid="answer">
        {prediction.label ?? (prediction.value !== null ? formatNumber(prediction.value) : 'no answer')}
        {prediction.probability !== null ? <span className="ml-3 text-lg font-normal text-muted">{formatPercent(prediction.probability)} sure</span> : null}
      </p>
      {probabilities.length > 0 ? (
        <BarList
          label="Probability of each class"
          full={1}
          bars={probabilities.slice(0, 12).map((one) => ({ key: one.label, name: one.label, value: one.probability, text: formatPercent(one.probability) }))}
        />
      ) : null}
      {prediction.warnings.length > 0 ? (
        <Callout tone="warn" title="Take this answer with care">
          <ul className="list-disc pl-5">
            {prediction.warnings.map((warning) => (
              <li key={`${warning.kind} ${warning.column}`}>{warning.message}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </>
  );
}

function formatMicroseconds(microseconds: number): string {
  return microseconds < 1000 ? `${microseconds} µs` : `${(microseconds / 1000).toFixed(1)} ms`;
}

function useAnswer(modelId: string, row: Row | null): { outcome: Outcome; stale: boolean } {
  const client = useApolloClient();
  const question = row === null ? null : JSON.stringify(row);
  const [answered, setAnswered] = useState<{ question: string | null; outcome: Outcome }>({
    question: null,
    outcome: { prediction: null, microseconds: null, failure: null },
  });

  useEffect(() => {
    if (question === null) return;
    let wanted = true;
    const answer = (outcome: Outcome) => {
      // An answer that was overtaken by a newer question is dropped.
      if (wanted) setAnswered({ question, outcome });
    };
    const ask = async () => {
      try {
        const input = { modelId, rows: [JSON.parse(question) as Row] };
        const { data } = await client.mutate({ mutation: Predict, variables: { input }, fetchPolicy: 'no-cache' });
        const payload = data?.predict;
        const prediction = payload?.predictions?.[0] ?? null;
        const refused = describeUserErrors(payload?.userErrors);
        answer({ prediction, microseconds: payload?.inferenceMicroseconds ?? null, failure: refused ?? (prediction ? null : 'The model gave no answer.') });
      } catch (error) {
        answer({ prediction: null, microseconds: null, failure: describeFailure(error) });
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, modelId, question]);

  return { outcome: answered.outcome, stale: answered.question !== question };
}
